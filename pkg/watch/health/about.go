package health

// About is which program this is, and on what it works.
type About struct {
	Version, Revision, Go string
	Sandbox               string // the directory of the stand-in for a cluster; empty: the cluster is real
}
