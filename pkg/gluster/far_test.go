package gluster

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"glusterd-shares/test/shell"
)

// thisShell is this machine, as if it could only be reached by running commands on
// it.
type thisShell struct{ shell.Shell }

func (*thisShell) Connect(context.Context) error { return nil }

func (s *thisShell) Run(ctx context.Context, stdin string, argv ...string) (Answer, error) {
	ans, err := s.Shell.Run(ctx, stdin, argv...)
	return Answer(ans), ranOrNot(err)
}

func (s *thisShell) Hold(_ context.Context, argv ...string) (Session, error) {
	p, err := s.Shell.Hold(argv...)
	return p, ranOrNot(err)
}

func ranOrNot(err error) error {
	if _, not := errors.AsType[shell.NotRun](err); not {
		return errors.Join(ErrNotRun, err)
	}
	return err
}

// kindOfTree is one of the implementations of Tree that one set of tests holds to
// the same contract.
type kindOfTree struct {
	name string
	open func(t *testing.T, dir string) Tree
}

// eachTree runs a test on each kind of tree.
func eachTree(t *testing.T, test func(t *testing.T, k kindOfTree)) {
	t.Helper()
	kinds := []kindOfTree{{"local", func(t *testing.T, dir string) Tree { return openTree(t, dir) }}}
	for _, sh := range shells() {
		kinds = append(kinds, kindOfTree{"far side with " + sh, func(t *testing.T, dir string) Tree {
			tree, _ := openFar(t, sh, dir)
			return tree
		}})
	}
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) { test(t, k) })
	}
}

// shells are the programs that are sh somewhere, as far as they are here.
func shells() []string {
	var out, programs []string
	for _, sh := range []string{"sh", "dash", "bash"} {
		path, err := exec.LookPath(sh)
		if err == nil {
			path, err = filepath.EvalSymlinks(path)
		}
		if err == nil && !slices.Contains(programs, path) {
			out, programs = append(out, sh), append(programs, path)
		}
	}
	return out
}

// tree opens a fresh directory as a tree.
func (k kindOfTree) tree(t *testing.T) (Tree, string) {
	t.Helper()
	dir := t.TempDir()
	return k.open(t, dir), dir
}

// openFar opens a directory of this machine as the root of a tree on another one.
// What a client would say of its volume stands beside it.
func openFar(t *testing.T, sh, dir string) (*farTree, *thisShell) {
	t.Helper()
	far := &thisShell{shell.Shell{Sh: sh}}
	r := &Far{Shell: far, Name: "far"}
	volfile := filepath.Join(t.TempDir(), "volfile")
	ok(t, os.WriteFile(volfile, []byte(sample(t, "client-replicate.vol")), 0o600))
	c, _, err := r.mounts(t.Context(), volfile)
	ok(t, err)
	k, err := c.known(t.Context(), dir)
	ok(t, err, c.Close())
	k.root.volfile = volfile
	tree := &farTree{host: r, root: k.root}
	t.Cleanup(func() { ok(t, tree.Close()) })
	return tree, far
}
