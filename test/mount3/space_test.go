package mount3

import (
	"net"
	"testing"
)

func TestFSStat(t *testing.T) {
	attributesThere := make([]uint32, attributes/4)
	tests := []struct {
		name string
		rest []uint32
		want uint64
		fail bool
	}{
		{"with attributes", append(append([]uint32{OK, 1}, attributesThere...), 1, 5), 1<<32 + 5, false},
		{"without", []uint32{OK, 0, 0, 10485760}, 10485760, false},
		{"refused", []uint32{70, 0, 0, 0}, 0, true},
		{"cut off", []uint32{OK, 0, 0}, 0, true},
	}
	for _, tt := range tests {
		address := serve(t, func(xid uint32, _ []byte) []byte { return record(reply(xid, tt.rest...)) })
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		got, err := fsStat(t.Context(), &rpcConn{Conn: conn}, []byte("handle"))
		if got != tt.want || (err != nil) != tt.fail {
			t.Errorf("%s: %d, %v", tt.name, got, err)
		}
		conn.Close()
	}
}
