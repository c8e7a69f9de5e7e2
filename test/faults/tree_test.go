package faults

import (
	"context"
	"strings"
	"sync"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

// tree is a volume's directories on a machine.
type tree struct {
	gluster.Tree
	m      *machine
	volume string
}

// operate makes an operation a step.
func operate[T any](t tree, kind, path string, writes bool, do func() (T, error)) (T, error) {
	var mu sync.Mutex // of v: what is done late is done when nobody waits for it any more
	var v T
	s, breaks, err := t.m.next(kind, t.volume, path, writes)
	if err != nil {
		return v, err
	}
	if writes {
		t.m.goOn()
	}
	run := func() error {
		done, err := do()
		mu.Lock()
		v = done
		mu.Unlock()
		if writes {
			t.m.watch(whenOf(s))
		}
		return err
	}
	if breaks {
		err = t.m.fault.tree(operation{t.m, t.volume, s, run})
	} else {
		err = run()
	}
	mu.Lock()
	defer mu.Unlock()
	return v, err
}

// whenOf is when a step was made: one in the program's own directory is no slow work.
func whenOf(s step) string {
	if strings.HasPrefix(s.path, "/.glusterd-shares") {
		return "after " + s.name + " of its own"
	}
	return "after " + s.name
}

func (t tree) change(kind, path string, do func() error) error {
	_, err := operate(t, kind, path, true, func() (struct{}, error) { return struct{}{}, do() })
	return err
}

// one of the paths that are looked at in one step: another each time.
func (t tree) one(kind string, paths []string) string {
	if len(paths) == 0 {
		return "/"
	}
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	return paths[t.m.met[kind]%len(paths)]
}

func (t tree) Stat(paths ...string) ([]state.Dir, error) {
	return operate(t, "stat", t.one("stat", paths), false, func() ([]state.Dir, error) { return t.Tree.Stat(paths...) })
}

func (t tree) Identity(paths ...string) ([]state.FileID, error) {
	return operate(t, "identity", t.one("identity", paths), false, func() ([]state.FileID, error) { return t.Tree.Identity(paths...) })
}

func (t tree) Names(p string, most int) ([]string, error) {
	return operate(t, "names", p, false, func() ([]string, error) { return t.Tree.Names(p, most) })
}

func (t tree) ReadFile(p string, most int) ([]byte, error) {
	return operate(t, "read", p, false, func() ([]byte, error) { return t.Tree.ReadFile(p, most) })
}

func (t tree) Space() (uint64, error) {
	return operate(t, "space", "/", false, t.Tree.Space)
}

func (t tree) Mkdir(p string, mode uint32) error {
	return t.change("mkdir", p, func() error { return t.Tree.Mkdir(p, mode) })
}

func (t tree) Chown(p string, uid, gid *uint32) error {
	return t.change("chown", p, func() error { return t.Tree.Chown(p, uid, gid) })
}

func (t tree) Chmod(p string, mode uint32) error {
	return t.change("chmod", p, func() error { return t.Tree.Chmod(p, mode) })
}

func (t tree) Rename(from, to string, id state.FileID) error {
	return t.change("rename", from, func() error { return t.Tree.Rename(from, to, id) })
}

func (t tree) WriteFile(p string, text []byte) error {
	return t.change("write", p, func() error { return t.Tree.WriteFile(p, text) })
}

func (t tree) Remove(p string) error {
	return t.change("remove", p, func() error { return t.Tree.Remove(p) })
}

func (t tree) RemoveSome(p string, most int) (removed int, all bool, err error) {
	err = t.change("removesome", p, func() (err error) {
		removed, all, err = t.Tree.RemoveSome(p, most)
		return err
	})
	return removed, all, err
}

// Lock is had as long as the program lives.
func (t tree) Lock(ctx context.Context, waiting func(string)) (gluster.Lock, error) {
	return operate(t, "lock", "/", true, func() (gluster.Lock, error) {
		l, err := t.Tree.Lock(ctx, waiting)
		if err == nil {
			t.m.mu.Lock()
			t.m.locks = append(t.m.locks, l)
			t.m.mu.Unlock()
		}
		return l, err
	})
}

// Close leaves it to the machine: an operation that was given up goes on.
func (t tree) Close() error {
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	t.m.trees = append(t.m.trees, t.Tree)
	return nil
}
