package state

// Examination is what was found of a volume, one thing after the other. What was not
// asked, since something before it went wrong, has its zero value.
type Examination struct {
	Arrival *Arrival // at a host that is another machine; nil: it is this one

	Version    string // of the gluster program: 10.3
	TooOldFor  string // the oldest version that will do; empty where this one does
	VersionErr error

	Here    bool // the target's host is the one that is asked
	HereErr error

	Volume     VolumeInfo
	Peers      []Peer
	Serving    Serving   // of the volume
	Others     []Serving // of every other volume
	ClusterErr error     // glusterd gives no answer, or one that is not understood

	Server    ServerStatus
	ServerErr error

	Space   uint64 // bytes that the volume holds, used or not
	TreeErr error  // its directories can't be reached

	QuotaOn     bool
	LimitsErr   error // the list of limits can't be had
	LimitsBlank bool  // since it has gone blank
}
