package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/sandbox/mountd"
	"glusterd-shares/pkg/state"
)

const marker = ".glusterd-shares-sandbox"

// Sandbox is a directory with clusters in it. Several processes, and several
// goroutines, may use one directory.
type Sandbox struct {
	dir string

	// Steps, where it is set, is called before every step of every command
	// that changes something and of every operation on a tree that does, with
	// what the step is: "store gv0", "mkdir gv0 /alpha". An error stops there:
	// glusterd dies before that step of a command, or the operation on the
	// tree returns the error and does nothing. Steps may call Served. It must
	// be set before the sandbox is used.
	Steps func(step string) error
}

// Open takes the directory as a sandbox. One that is missing or empty becomes
// one; a directory with anything else in it is refused.
func Open(dir string) (*Sandbox, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(abs); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is not a directory: name a new or empty one", abs)
	}
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return nil, fmt.Errorf("the sandbox can't be made: %w", err)
	}
	if err := mark(abs); err != nil {
		return nil, err
	}
	return &Sandbox{dir: abs}, nil
}

// mark makes a directory a sandbox that is empty or is one already.
func mark(dir string) error {
	path := filepath.Join(dir, marker)
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		if _, err := os.Lstat(path); err == nil {
			return nil // another process has just made it one
		}
		return fmt.Errorf("%s is not a sandbox and not empty (%s is in it): name a new or empty directory", dir, entries[0].Name())
	}
	err = os.WriteFile(path, []byte("This directory is a sandbox of glusterd-shares.\n"), 0o644)
	if err != nil {
		return err
	}
	return nil
}

// Ensure makes the target's volume where it is not there yet: as Gluster makes
// it, and started.
func (s *Sandbox) Ensure(t state.Target) error {
	return s.locked(t.Host, func(c *cluster) error {
		if c.volumes[t.Volume] != nil {
			return nil
		}
		return c.create(t.Volume)
	})
}

// Host gives one host of the sandbox. It has only the volumes that were made
// by Ensure, now or earlier.
func (s *Sandbox) Host(host string) gluster.Host { return &sandboxHost{s, host} }

// Restart starts glusterd of a host anew, as after a crash or a reboot: what
// was only in memory is gone, and the NFS server is started with what was
// stored.
func (s *Sandbox) Restart(host string) error {
	return s.locked(host, func(c *cluster) error { return c.restart() })
}

// Served gives the NFS server of a host as it is now, to ask it who may mount
// what. It is a copy, and doesn't change with the sandbox.
func (s *Sandbox) Served(host string) (*mountd.Server, error) {
	c, err := s.load(host)
	if err != nil {
		return nil, err
	}
	return &c.server, nil
}

// Restarted gives the NFS server as Restart would leave it, and changes nothing.
func (s *Sandbox) Restarted(host string) (*mountd.Server, error) { return s.startedWith(host, stored) }

// Reloaded gives the NFS server as it would be with all that glusterd holds in
// memory, such as after the next change of any option, and changes nothing.
func (s *Sandbox) Reloaded(host string) (*mountd.Server, error) { return s.startedWith(host, inMemory) }

func (s *Sandbox) startedWith(host string, options func(*volume) table) (*mountd.Server, error) {
	c, err := s.load(host)
	if err != nil {
		return nil, err
	}
	c.server.Start(c.config(options))
	return &c.server, nil
}

// step is called before each step.
func (s *Sandbox) step(format string, args ...any) error {
	if s.Steps == nil {
		return nil
	}
	return s.Steps(fmt.Sprintf(format, args...))
}

// locked runs a function on one cluster with the whole sandbox locked.
func (s *Sandbox) locked(host string, do func(*cluster) error) (err error) {
	release, err := flock(filepath.Join(s.dir, marker))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	c, err := s.load(host)
	if err != nil {
		return err
	}
	return do(c)
}
