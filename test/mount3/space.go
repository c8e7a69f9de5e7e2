package mount3

import (
	"context"
	"fmt"
	"net"
)

const (
	nfsProgram = 100003
	nfsVersion = 3
	nfsPort    = "2049"
	procFSStat = 18
	attributes = 84 // bytes of a file's attributes (fattr3)
)

// Space mounts the path and asks the NFS server how many bytes the file system
// holds that is seen there, used or not, as df does.
func (c *Client) Space(ctx context.Context, server, path string) (uint64, error) {
	var args encoder
	args.string(path)
	d, err := c.rpc.call(ctx, program, version, procMount, args)
	if err != nil {
		return 0, fmt.Errorf("mount %s: %w", path, err)
	}
	if status := d.uint32(); d.err == nil && status != OK {
		return 0, fmt.Errorf("mount %s: %s", path, StatusName(status))
	}
	handle := d.opaque()
	if d.err != nil {
		return 0, d.err
	}
	conn, err := dialRPC(ctx, net.JoinHostPort(server, nfsPort))
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	return fsStat(ctx, conn, handle)
}

func fsStat(ctx context.Context, conn *rpcConn, handle []byte) (uint64, error) {
	var args encoder
	args.string(string(handle))
	d, err := conn.call(ctx, nfsProgram, nfsVersion, procFSStat, args)
	if err != nil {
		return 0, err
	}
	status := d.uint32()
	if d.uint32() != 0 {
		d.take(attributes)
	}
	total := uint64(d.uint32())<<32 | uint64(d.uint32())
	if d.err == nil && status != OK {
		return 0, fmt.Errorf("FSSTAT: status %d", status)
	}
	return total, d.err
}
