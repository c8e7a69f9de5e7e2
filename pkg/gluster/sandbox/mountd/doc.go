// Package mountd simulates the mount decision of Gluster-NFS 10.3: which
// client may mount which path, given the options of all volumes.
//
// It follows the C source step by step, oddities included (xlators/nfs/server,
// rpc/rpc-lib), and shares no code with what writes or reads these options
// elsewhere: it is their judge. testdata/mounts.txt says what a real server
// answers; the simulator is held to it, and so is the real server.
//
// What it leaves out: Gluster-NFS checks a client when it mounts and never
// again, and its races beside a reload.
package mountd
