package sandbox

import "glusterd-shares/pkg/gluster"

// getspec is system:: getspec VOLFILE, of which the sandbox has one: what the
// NFS server was told. It prints no XML, whatever was asked for.
func (c *cluster) getspec(args []string) (gluster.Answer, error) {
	written := c.server.State().Written
	if args[0] != "gluster/nfs" || len(written.Served()) == 0 {
		return gluster.Answer{Code: 1}, nil
	}
	return gluster.Answer{Stdout: written.Text() + "\n"}, nil
}
