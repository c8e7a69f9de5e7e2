// Package gluster is the hand on a cluster. A Client asks gluster's
// command-line tool and reads its XML; a Host says where the tool runs and
// where a volume's directories lie; a Tree is the proven root of a volume, and
// Local is this machine.
//
//	Client -> Host.Gluster -> gluster --xml -> Volume, state.ServerStatus, state.Peer
//	          Host.Open    -> Tree -> state.Dir, directories made and changed, the lock
//
// The package knows what Gluster answers and what its answers are worth: the
// exit status means nothing beside --xml, an empty answer is never an empty
// list, and after some failures nobody knows whether a write took effect
// (ErrUnknownOutcome). It decides nothing about shares and knows no option of
// any NFS server.
package gluster
