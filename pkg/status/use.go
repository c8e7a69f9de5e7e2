package status

import "glusterd-shares/pkg/state"

// Use is how much a directory holds, and may hold, with all that is in it.
type Use struct {
	Measure Measure
	Used    uint64 // bytes, where Counted, as far as Gluster has counted
	Limit   uint64 // bytes, where Counted; 0: there is none
}

// Measure says whether it is known what a directory holds.
type Measure string

// How much is known of a directory's use.
const (
	Counted    Measure = "counted"
	NotCounted Measure = "not-counted" // quota is off: Gluster doesn't count, and nothing has a limit
	Nothing    Measure = "nothing"     // there is no directory
	NotAsked   Measure = "not-asked"   // no share declares it
	Unmeasured Measure = "unknown"     // it could not be read
)

// useOf is what Gluster says of the directory of a share.
func useOf(path string, a state.Actual) Use {
	usage, counted := a.Quota.Usage[path]
	switch {
	case a.Dirs[path].Kind != state.Directory:
		return Use{Measure: Nothing}
	case !a.Quota.On:
		return Use{Measure: NotCounted}
	case !counted:
		return Use{Measure: Unmeasured}
	}
	return Use{Measure: Counted, Used: usage.Used, Limit: usage.Limit}
}
