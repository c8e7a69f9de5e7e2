package mountd

// Verdict is what comes of a mount request.
type Verdict string

// The verdicts. Those that the MOUNT protocol knows have its names (RFC 1813,
// 5.1.5, without MNT3ERR_).
const (
	OK           Verdict = "OK"
	Denied       Verdict = "ACCES"       // exported, but not to this client
	NotExported  Verdict = "NOENT"       // or it doesn't exist
	NotPermitted Verdict = "PERM"        // not exported, with nfs.export-dirs off; or below a file
	Invalid      Verdict = "INVAL"       // a path with an empty component
	Fault        Verdict = "SERVERFAULT" // a symlink to an absolute path, looked up before
	Refused      Verdict = "REFUSED"     // nobody answers: the server is not running
	Hang         Verdict = "HANG"        // a request that never gets its reply
)
