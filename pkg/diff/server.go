package diff

import "glusterd-shares/pkg/state"

// Server is how shares are served: the pure half that decides which settings
// grant what. Gluster-NFS is the first.
type Server interface {
	// Check returns what in the desired volume this server can't do,
	// whatever the cluster is like.
	Check(state.Volume) []state.Problem

	// Want returns how the volume is to be served, given what stands there.
	// Where the server already understands what is set as what is wanted,
	// the settings stay as they are, to the byte.
	Want(state.Volume, state.Actual) state.Wanted

	// Noticeable returns next in a spelling of which whoever tells the server
	// sees that it is another than old, and a note to the reader where that is
	// not next's own.
	Noticeable(old, next state.Serving) (state.Serving, string)
}
