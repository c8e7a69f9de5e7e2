// Package sandbox is a stand-in for Gluster clusters, kept in a directory: to
// learn, to rehearse, to test. Each host of a target is a cluster of one node.
//
// It answers as gluster 10.3 with Gluster-NFS does, with its errors, limits and
// weaknesses; the contract suite holds both to the same answers. Who may mount
// what is decided by package mountd.
//
//	DIR/.glusterd-shares-sandbox    marks the directory; its lock is the sandbox's
//	DIR/HOST/.glusterd              the daemon and the NFS server
//	DIR/HOST/VOLUME/brick           the volume's directories
//	DIR/HOST/VOLUME/options         the options in memory, as volume info shows them
//	DIR/HOST/VOLUME/stored          what a restart of glusterd would find
//	DIR/HOST/VOLUME/served          what the NFS server was told last
//	DIR/HOST/VOLUME/gates           the options that its gates are made of
//	DIR/HOST/VOLUME/info            the volume's id and whether it is started
//	DIR/HOST/VOLUME/limits          the quota limits of directories, in bytes
//	DIR/HOST/VOLUME/owners          the owner and group of directories, by number
//
// All files are lines of "key: value". stored is there only while it differs
// from options, served while it differs from options, gates while they differ
// from served; so an edit of options is, most of the time, as if somebody else
// had set them. Lines that begin with # are not kept.
package sandbox
