package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

// cluster is one host with its glusterd and its NFS server, as it stands in
// the sandbox's directory. What changes it writes it at once.
type cluster struct {
	sandbox *Sandbox
	host    string
	dir     string
	volumes map[string]*volume
	daemon  daemon
	server  mountd.Server
}

// daemon is what the file .glusterd says.
type daemon struct {
	down  bool // glusterd doesn't run
	stuck bool // its parser is (mountd.State.Stuck)
	dead  bool // the NFS server doesn't run, though volumes are served

	starts int // of the NFS server, ever
}

// load reads a cluster. A host that has no directory yet has no volumes.
func (s *Sandbox) load(host string) (*cluster, error) {
	c := &cluster{sandbox: s, host: host, dir: filepath.Join(s.dir, host), volumes: map[string]*volume{}}
	entries, err := os.ReadDir(c.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		v, err := loadVolume(filepath.Join(c.dir, e.Name()))
		if err != nil {
			return nil, err
		}
		if v != nil {
			c.volumes[e.Name()] = v
		}
	}
	if err := c.loadDaemon(); err != nil {
		return nil, err
	}
	c.restoreServer()
	return c, nil
}

// daemonFile has a name that no volume can have.
func (c *cluster) daemonFile() string { return filepath.Join(c.dir, ".glusterd") }

func (c *cluster) loadDaemon() error {
	t, err := readTableOr(c.daemonFile(), table{})
	if err != nil {
		return err
	}
	c.daemon = daemon{
		down:  t["daemon"] == "down",
		stuck: t["parser"] == "stuck",
		dead:  t["nfs-server"] == "dead",
	}
	if starts, ok := t["nfs-server-starts"]; ok {
		if c.daemon.starts, err = strconv.Atoi(starts); err != nil {
			return fmt.Errorf("%s: nfs-server-starts: %q is not a number", c.daemonFile(), starts)
		}
	}
	return nil
}

func (c *cluster) saveDaemon() error {
	word := func(is bool, yes, no string) string {
		if is {
			return yes
		}
		return no
	}
	return table{
		"daemon":            word(c.daemon.down, "down", "up"),
		"parser":            word(c.daemon.stuck, "stuck", "well"),
		"nfs-server":        word(c.daemon.dead, "dead", "well"),
		"nfs-server-starts": strconv.Itoa(c.daemon.starts),
	}.write(c.daemonFile())
}

// names are the volumes in glusterd's order.
func (c *cluster) names() []string { return slices.Sorted(maps.Keys(c.volumes)) }

// config is what the options of all volumes make, of one of their values.
func (c *cluster) config(options func(*volume) table) mountd.Config {
	out := mountd.Config{}
	for name, v := range c.volumes {
		out[name] = mountd.Volume{ID: v.id, Started: v.started, Options: options(v)}
	}
	return out
}

func inMemory(v *volume) table { return v.memory }
func stored(v *volume) table   { return v.stored }
func served(v *volume) table   { return v.served }
func gates(v *volume) table    { return v.gates }

// isServed reports whether the NFS server is to serve the volume.
func (c *cluster) isServed(name string) bool {
	return slices.Contains(c.config(inMemory).Served(), name)
}

func (c *cluster) restoreServer() {
	written := c.config(served)
	c.server.Lookup = c.lookup
	c.server.Restore(mountd.State{
		Running: !c.daemon.dead && len(written.Served()) > 0,
		Starts:  c.daemon.starts,
		Stuck:   c.daemon.stuck,
		Written: written,
		Applied: c.config(gates),
	})
}

// saveServer keeps what has become of the NFS server.
func (c *cluster) saveServer() error {
	st := c.server.State()
	c.daemon.dead = !st.Running && len(st.Written.Served()) > 0
	c.daemon.starts, c.daemon.stuck = st.Starts, st.Stuck
	for name, v := range c.volumes {
		v.served = st.Written[name].Options
		v.gates = st.Applied[name].Options
		if err := v.save(); err != nil {
			return err
		}
	}
	return c.saveDaemon()
}

// startServer kills the NFS server and starts it, where a volume is served.
func (c *cluster) startServer() error {
	c.server.Start(c.config(inMemory))
	return c.saveServer()
}

// die is glusterd's end: what was not stored is lost. The NFS server goes on.
func (c *cluster) die() error {
	c.daemon.down = true
	for _, v := range c.volumes {
		v.memory = v.stored
		if err := v.save(); err != nil {
			return err
		}
	}
	return c.saveDaemon()
}

// restart starts glusterd, dead or alive, and with it the NFS server.
func (c *cluster) restart() error {
	if err := c.die(); err != nil {
		return err
	}
	c.daemon = daemon{starts: c.daemon.starts}
	c.restoreServer()
	return c.startServer()
}
