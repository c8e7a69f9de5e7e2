// Package apply carries a plan out against a Target, and tells truthfully what
// became of it.
//
// A run on one volume is a loop of reading and writing under the volume's
// lock. Before every write of access the volume is read and the plan computed
// again, and every write is followed by a read, which is also the one before
// the next write. What ends the loop is a read that shows nothing left to do:
// success is seen, not hoped.
//
// A lock that was lost, as with the connection to the host, is taken again, and the
// loop goes on where a read shows nothing that is not this run's own doing.
package apply
