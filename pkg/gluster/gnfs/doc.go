// Package gnfs is the codec of Gluster-NFS, the NFSv3 server that is part of
// Gluster: what a volume's nfs.* options grant (Decode), and which options
// grant what is wanted (Want). It is pure: no I/O, no clock.
//
// Whether a client may mount a directory is decided by four things together,
// which the package therefore treats as one:
//
//	nfs.disable         is the volume served at all
//	nfs.export-volumes  is every volume mountable whole; global to the cluster
//	nfs.rpc-auth-allow  the gate: who may mount anything of the volume
//	nfs.rpc-auth-reject and who may not in spite of it; never written here
//	nfs.export-dir      which directories, and for each of them by whom
//
// All of it follows Gluster 10.3 as it was seen to behave, where it differs
// from the documentation too: an entry without clients is open to everybody,
// /32 means nobody to the gate, /0 means one address to both.
package gnfs
