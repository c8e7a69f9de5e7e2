package sandbox

import "glusterd-shares/pkg/gluster"

const statusUsage = "volume status [all | <VOLNAME> [nfs|shd|<BRICK>|quotad]]" +
	" [detail|clients|mem|inode|fd|callpool|tasks|client-list]"

// volumeStatus knows one form: volume status VOLUME nfs.
func (c *cluster) volumeStatus(args []string) (gluster.Answer, error) {
	if args[1] != "nfs" {
		return usage(statusUsage), nil
	}
	if r := c.nfsRefusal(args[0]); r != nil {
		return answer(r, func(d *document) {
			d.leaf("cliOp", "volStatus")
			d.leaf("output", r.text)
		}), nil
	}
	return answer(nil, func(d *document) {
		d.in("volStatus", func() {
			d.in("volumes", func() {
				d.in("volume", func() {
					d.leaf("volName", args[0])
					d.leaf("nodeCount", 1)
					d.in("node", func() { c.nfsNode(d) })
				})
			})
		})
	}), nil
}

// nfsRefusal says why there is no status of the NFS server for a volume.
func (c *cluster) nfsRefusal(name string) *refusal {
	v := c.volumes[name]
	switch {
	case v == nil:
		return noVolume(name)
	case !v.started:
		return refusalOf("Volume " + name + " is not started")
	case !c.isServed(name):
		return refusalOf("NFS server is disabled for volume " + name)
	}
	return nil
}

func noVolume(name string) *refusal {
	return refusalOf("Volume " + name + " does not exist")
}

// firstPID is the process of the NFS server until it is started for the first
// time; each start gives the next.
const firstPID = 1000

func (c *cluster) nfsNode(d *document) {
	status, port, pid := 0, any("N/A"), -1
	if c.server.Running() {
		status, port, pid = 1, 2049, firstPID+c.daemon.starts
	}
	d.leaf("hostname", "NFS Server")
	d.leaf("path", "localhost")
	d.leaf("peerid", c.id())
	d.leaf("status", status)
	d.leaf("port", port)
	d.in("ports", func() {
		d.leaf("tcp", port)
		d.leaf("rdma", "N/A")
	})
	d.leaf("pid", pid)
}
