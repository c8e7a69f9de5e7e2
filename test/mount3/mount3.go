// Package mount3 is a client of the MOUNT protocol, version 3, just large
// enough to ask a server whether it would let this machine mount a path
// (RFC 1813, appendix I). It mounts nothing.
package mount3

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"
)

// A status that a server gives in answer to a mount request.
const (
	OK    uint32 = 0
	Perm  uint32 = 1
	NoEnt uint32 = 2
	Acces uint32 = 13
)

const (
	program      = 100005
	version      = 3
	procMount    = 1
	pathLimit    = 1024 // MNTPATHLEN
	portmapper   = 100000
	portmapPort  = "111"
	procGetPort  = 3
	protocolTCP  = 6
	portmapperV2 = 2
)

// StatusName gives the name of a status as RFC 1813 has it, without its
// prefix: OK, ACCES, NOENT; a number for one that isn't named there.
func StatusName(status uint32) string {
	if s, ok := names[status]; ok {
		return s
	}
	return strconv.FormatUint(uint64(status), 10)
}

var names = map[uint32]string{
	OK: "OK", Perm: "PERM", NoEnt: "NOENT", 5: "IO", Acces: "ACCES", 20: "NOTDIR",
	22: "INVAL", 63: "NAMETOOLONG", 10004: "NOTSUPP", 10006: "SERVERFAULT",
}

// Mount asks the server whether it lets this machine mount the path, over a
// connection of its own. The server is an address, with the port of its mount
// service or without; then its portmapper is asked. err tells that there was
// no answer: net.Error's Timeout where the context ended first.
func Mount(ctx context.Context, server, path string) (status uint32, err error) {
	c, err := Dial(ctx, server)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	return c.Mount(ctx, path)
}

// Client is a connection to a server's mount service. It is for one caller at
// a time, and of no use any more once a call on it has failed.
type Client struct{ rpc *rpcConn }

// Dial connects to the mount service of a server, as Mount does.
func Dial(ctx context.Context, server string) (*Client, error) {
	address := server
	if _, _, err := net.SplitHostPort(server); err != nil {
		port, err := mountPort(ctx, server)
		if err != nil {
			return nil, fmt.Errorf("ask the portmapper of %s for its mount service: %w", server, err)
		}
		address = net.JoinHostPort(server, port)
	}
	conn, err := dialRPC(ctx, address)
	if err != nil {
		return nil, err
	}
	return &Client{conn}, nil
}

// Mount asks whether the path may be mounted.
func (c *Client) Mount(ctx context.Context, path string) (status uint32, err error) {
	if len(path) >= pathLimit {
		return 0, fmt.Errorf("path of %d bytes: the protocol takes less than %d", len(path), pathLimit)
	}
	var args encoder
	args.string(path)
	d, err := c.rpc.call(ctx, program, version, procMount, args)
	if err != nil {
		return 0, fmt.Errorf("mount %s: %w", path, err)
	}
	status = d.uint32()
	return status, d.err
}

// Close ends the connection.
func (c *Client) Close() error { return c.rpc.Close() }

// mountPort asks a portmapper where the mount service listens on TCP.
func mountPort(ctx context.Context, server string) (string, error) {
	conn, err := dialRPC(ctx, net.JoinHostPort(server, portmapPort))
	if err != nil {
		return "", err
	}
	defer conn.Close()
	var args encoder
	for _, v := range []uint32{program, version, protocolTCP, 0} {
		args.uint32(v)
	}
	d, err := conn.call(ctx, portmapper, portmapperV2, procGetPort, args)
	if err != nil {
		return "", err
	}
	port := d.uint32()
	if d.err != nil {
		return "", d.err
	}
	if port == 0 {
		return "", ErrNotRegistered
	}
	return strconv.FormatUint(uint64(port), 10), nil
}

// ErrNotRegistered tells that a server has a portmapper but no mount service.
var ErrNotRegistered = fmt.Errorf("the mount service is not registered")

func dialRPC(ctx context.Context, address string) (*rpcConn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &rpcConn{Conn: conn, xid: uint32(time.Now().UnixNano())}, nil
}
