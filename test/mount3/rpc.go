package mount3

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// rpcConn speaks ONC RPC (RFC 5531) over TCP, one call at a time.
type rpcConn struct {
	net.Conn
	xid uint32
}

const (
	msgCall       = 0
	rpcVersion    = 2
	authNone      = 0
	authUnix      = 1
	accepted      = 0
	success       = 0
	lastFragment  = 1 << 31
	messageLimit  = 1 << 16 // far more than any answer that is asked for here
	machineName   = "mount3"
	noOtherGroups = 0
)

// call sends one call and gives what the answer holds after its header.
func (c *rpcConn) call(ctx context.Context, prog, vers, proc uint32, args encoder) (*decoder, error) {
	stop := c.watch(ctx)
	defer stop()
	c.xid++
	if _, err := c.Write(record(callMessage(c.xid, prog, vers, proc, args))); err != nil {
		return nil, err
	}
	reply, err := readRecord(c)
	if err != nil {
		return nil, err
	}
	d := &decoder{rest: reply}
	return d, replyHeader(d, c.xid)
}

// watch breaks off what the connection waits for when the context ends.
func (c *rpcConn) watch(ctx context.Context) (stop func() bool) {
	_ = c.SetDeadline(time.Time{})
	return context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
}

func callMessage(xid, prog, vers, proc uint32, args encoder) encoder {
	var cred encoder
	cred.uint32(0) // stamp
	cred.string(machineName)
	for _, v := range []uint32{0, 0, noOtherGroups} { // uid, gid
		cred.uint32(v)
	}
	var e encoder
	for _, v := range []uint32{xid, msgCall, rpcVersion, prog, vers, proc, authUnix} {
		e.uint32(v)
	}
	e.string(string(cred))
	e.uint32(authNone) // verifier
	e.string("")
	return append(e, args...)
}

func replyHeader(d *decoder, xid uint32) error {
	gotXID, _, stat := d.uint32(), d.uint32(), d.uint32()
	if d.err == nil && gotXID != xid {
		return fmt.Errorf("the answer is to call %d, not to %d", gotXID, xid)
	}
	if d.err == nil && stat != accepted {
		return fmt.Errorf("the server denied the call")
	}
	d.uint32() // verifier
	d.opaque()
	if status := d.uint32(); d.err == nil && status != success {
		return fmt.Errorf("the server could not carry out the call: accept status %d", status)
	}
	return d.err
}

// record wraps a message as one fragment of a TCP stream.
func record(message encoder) []byte {
	var e encoder
	e.uint32(lastFragment | uint32(len(message)))
	return append(e, message...)
}

// readRecord reads fragments up to the last one of a message.
func readRecord(r io.Reader) ([]byte, error) {
	var message []byte
	for {
		var mark [4]byte
		if _, err := io.ReadFull(r, mark[:]); err != nil {
			return nil, err
		}
		m := binary.BigEndian.Uint32(mark[:])
		size := int(m &^ lastFragment)
		if len(message)+size > messageLimit {
			return nil, fmt.Errorf("an answer of %d bytes or more", size)
		}
		part := make([]byte, size)
		if _, err := io.ReadFull(r, part); err != nil {
			return nil, err
		}
		message = append(message, part...)
		if m&lastFragment != 0 {
			return message, nil
		}
	}
}
