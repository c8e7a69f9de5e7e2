// Package remote is another machine, reached by SSH: the connection to it, the
// proof that it is the one that is meant, the login, and the commands run there.
//
//	Hosts -> Host -> Exec   a command, its stdin and its answer
//	              -> Start  a command that goes on: a lock that is held, a mount
//
// A Host is a gluster.Shell.
//
// A Host connects when it is first needed, keeps the connection, and connects
// again when it is gone; a command that was cut off is never run again here.
// Whatever fails before the command could run wraps gluster.ErrNotRun. After every other
// error it may have run, in whole or in part.
//
// Nothing has to be there on the other side but sshd and a POSIX sh in /bin. The
// login shell may be any that runs `exec /bin/sh -c '...'`, and its profile may
// print what it likes: see script.
package remote
