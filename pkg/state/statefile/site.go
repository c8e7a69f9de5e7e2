package statefile

// Site is a file or a directory where a change can alter what Read gives.
type Site struct {
	Name     string // as it was reached: symlinks may lie on the way, and it may be missing
	Searched bool   // a directory: state files may come to lie in it
}

// Sites returns where Read looks, as things are now: each path, each directory
// that is searched for state files, and each symlink in one of these that stands
// for a state file. A path to a directory comes twice. No file is opened.
func Sites(paths []string) []Site {
	f := &finder{}
	f.find(paths)
	return f.sites
}
