package gnfs

import (
	"fmt"

	"glusterd-shares/pkg/state"
)

// Server is Gluster-NFS as a server of shares.
type Server struct{}

// Name is what a state file calls it.
const Name = "gluster-nfs"

// Check returns what Gluster-NFS can't do of what the volume asks for.
func (Server) Check(v state.Volume) []state.Problem {
	var out []state.Problem
	for _, s := range v.Shares {
		for _, r := range s.Access {
			if r.Level == state.ReadOnly {
				out = append(out, state.Problem{
					Pos: r.Pos, Path: r.Path,
					Text: "Gluster-NFS can't give a client of a directory read access only",
					Mend: "write level: rw or leave the client out; to make a whole volume read-only: " +
						"gluster volume set " + v.Target.Volume + " nfs.volume-access read-only",
				})
			}
			if six := v6(r.To); !six.Empty() {
				out = append(out, state.Problem{
					Pos: r.Pos, Path: r.Path,
					Text: fmt.Sprintf("Gluster-NFS knows no IPv6: %s", six),
					Mend: "write the client's IPv4 address",
				})
			}
		}
	}
	return out
}

func v6(s state.Set) state.Set { return s.Minus(state.Everybody) }
