// Package gluster is the hand on a cluster. A Client asks gluster's
// command-line tool and reads its XML; a Host says where the tool runs and
// where a volume's directories lie; a Tree is the proven root of a volume, Local
// is this machine, and Far one that can only be reached by running commands.
//
//	Client -> Host.Gluster -> gluster --xml -> Volume, state.ServerStatus, state.Peer
//	          Host.Open    -> Tree -> state.Dir, directories made and changed, the lock
//
// The package knows what Gluster answers and what its answers are worth: the
// exit status means nothing beside --xml, an empty answer is never an empty
// list, and after some failures nobody knows whether a write took effect
// (ErrUnknownOutcome). It decides nothing about shares and knows no option of
// any NFS server.
//
// # The far side
//
// On another machine everything is done by sh, over a Shell that runs programs
// there: with the texts in far, which are always the same, and with what they work
// on as arguments or input. They need GNU's coreutils and findutils, util-linux for
// flock, grep and sed, and any POSIX shell that can do "ulimit -S".
//
// SFTP, which would be at hand, can't keep the laws. It shows neither device nor
// inode; it can't hold a directory while it acts in it, so that a client of an outer
// share could put a symlink between the look and the act, and root would go out of
// the volume by it; under sudo it needs the path of a program that isn't there where
// sshd has its own; and it takes a round trip for each directory. A shell's working
// directory is a handle: once it is in a directory, it is in that one, whatever comes
// to stand at its name. So a script looks at a name without following it, goes
// there, makes sure that it is in what it has looked at and on the root's mount, and
// so on to the end (far/walk.sh). It then acts on the working directory, on one name in
// it with a program that doesn't follow that, or on a descriptor of it. Where a client
// swaps something in between, it has moved a directory, not the script.
//
// Each script first makes sure that the root is still what was proven, and begins
// and ends its answer with a mark of that call alone: what a login shell says is
// not taken for a part of it, and what was cut off is never taken for whole. What was
// to be changed by a script whose answer is cut off is of ErrUnknownOutcome. What
// changes nothing is asked again where its answer went with the connection.
//
// What a shell can't do as well as openat does:
//   - It can't open a file without following its name. The file of the lock is opened
//     for reading, compared with what was looked at, and refused before anything is done
//     to it; a client that swaps it at the right moment can have root open another file, or
//     keep that one program waiting at a named pipe. A note is read by dd, which follows no
//     symlink and waits for nobody.
//   - Nothing is removed from a directory of the trash while something is mounted in it.
//   - mv copies what it can't rename, and removes it then. It gets too few descriptors to
//     copy a file, so that it fails; what is moved is on one mount in any case.
package gluster
