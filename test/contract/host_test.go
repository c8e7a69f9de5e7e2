package contract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

// cluster is where the cases are run.
type cluster struct {
	host    gluster.Host
	restart func() error // of glusterd; nil where that can't be done
	root    string       // of the volume gvtc, as this machine sees it
	tree    gluster.Tree // of the volume gvtc
	spare   gluster.Tree // of the same volume, for a second holder of the lock
	locks   map[string]io.Closer
}

// open opens the trees, for as long as the test lasts.
func (c *cluster) open(t *testing.T, open func() (gluster.Tree, error)) {
	t.Helper()
	for _, tree := range []*gluster.Tree{&c.tree, &c.spare} {
		opened, err := open()
		if err != nil {
			t.Fatal(err)
		}
		*tree = opened
		t.Cleanup(func() { opened.Close() })
	}
	t.Cleanup(func() {
		for _, l := range c.locks {
			l.Close()
		}
	})
}

// outcome is what came of a step: the answer of gluster, or a line about
// something else.
type outcome struct {
	answer *gluster.Answer
	brief  bool // its options are enough in testdata
	line   string
}

func (o outcome) lines() []string {
	switch {
	case o.answer == nil:
		return []string{o.line}
	case o.brief:
		return onlyOptions(summary(*o.answer))
	}
	return summary(*o.answer)
}

// do runs one step.
func (c *cluster) do(t *testing.T, words []string) outcome {
	t.Helper()
	brief := words[0] == "options"
	if brief {
		words = []string{"gluster", "volume", "info", words[1]}
	}
	if words[0] == "gluster" || words[0] == "lines" {
		args, stdin := append([]string{"--mode=script", "--xml"}, words[1:]...), ""
		if words[0] == "lines" {
			args, stdin = args[:2], strings.Join(words[1:], "\n")+"\n"
		}
		ans, err := c.host.Gluster(t.Context(), stdin, args...)
		if err != nil {
			t.Fatalf("%q: %v", words, err)
		}
		ans = stable(ans)
		return outcome{answer: &ans, brief: brief}
	}
	op, ok := treeOps[words[0]]
	if !ok {
		t.Fatalf("unknown step %q", words)
	}
	line, err := op(t.Context(), c, words[1:])
	if err != nil {
		line = class(err)
	}
	return outcome{line: line}
}

// treeOps are the steps that are no commands.
var treeOps = map[string]func(ctx context.Context, c *cluster, args []string) (string, error){
	"stat": func(_ context.Context, c *cluster, args []string) (string, error) {
		dirs, err := c.tree.Stat(args[0])
		if err != nil {
			return "", err
		}
		return describe(dirs[0]), nil
	},
	"list": func(_ context.Context, c *cluster, args []string) (string, error) {
		names, more, err := c.tree.List(args[0], number(args[1]))
		return fmt.Sprintf("%q, more: %v", names, more), err
	},
	"mkdir": func(_ context.Context, c *cluster, args []string) (string, error) {
		return "done", c.tree.Mkdir(args[0], octal(args[1]))
	},
	"chmod": func(_ context.Context, c *cluster, args []string) (string, error) {
		return "done", c.tree.Chmod(args[0], octal(args[1]))
	},
	"chown": func(_ context.Context, c *cluster, args []string) (string, error) {
		return "done", c.tree.Chown(args[0], id(args[1]), id(args[2]))
	},
	"symlink": func(_ context.Context, c *cluster, args []string) (string, error) {
		return "done", os.Symlink(args[0], filepath.Join(c.root, args[1]))
	},
	"rmdir": func(_ context.Context, c *cluster, args []string) (string, error) {
		return "done", os.Remove(filepath.Join(c.root, args[0]))
	},
	"file": func(_ context.Context, c *cluster, args []string) (string, error) {
		return "done", os.WriteFile(filepath.Join(c.root, args[0]), nil, 0o644)
	},
	"rename": func(_ context.Context, c *cluster, args []string) (string, error) {
		return "done", rename(c, args[0], args[0], args[1])
	},
	"renameother": func(_ context.Context, c *cluster, args []string) (string, error) {
		return "done", rename(c, args[1], args[0], args[2])
	},
	"write": func(_ context.Context, c *cluster, args []string) (string, error) {
		return "done", c.tree.WriteFile(args[0], []byte(args[1]))
	},
	"read": func(_ context.Context, c *cluster, args []string) (string, error) {
		text, err := c.tree.ReadFile(args[0], 100)
		return string(text), err
	},
	"names": func(_ context.Context, c *cluster, args []string) (string, error) {
		names, err := c.tree.Names(args[0], 100)
		slices.Sort(names)
		return fmt.Sprint(names), err
	},
	"remove": func(_ context.Context, c *cluster, args []string) (string, error) {
		return "done", c.tree.Remove(args[0])
	},
	"removeall": func(_ context.Context, c *cluster, args []string) (string, error) {
		removed, all, err := c.tree.RemoveSome(args[0], 100)
		return fmt.Sprintf("%d removed, all %t", removed, all), err
	},
	"restart": func(_ context.Context, c *cluster, _ []string) (string, error) {
		return "done", c.restart()
	},
	"await":  await,
	"lock":   lock,
	"unlock": unlock,
}

// rename moves a directory, taken for the one at meant. What has no identity is
// named by that of nothing.
func rename(c *cluster, meant, from, to string) error {
	id := state.FileID{}
	if ids, err := c.tree.Identity(meant); err == nil {
		id = ids[0]
	}
	return c.tree.Rename(from, to, id)
}

// await waits until the NFS server of a volume is online, or offline: a real one
// takes its time to start or to die.
func await(ctx context.Context, c *cluster, args []string) (string, error) {
	const patience = 20 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for ctx.Err() == nil {
		status, err := (&gluster.Client{Host: c.host}).Status(ctx, args[0])
		if err != nil {
			return "", err
		}
		if status.Nodes[0].Online == (args[1] == "online") {
			return args[1], nil
		}
	}
	return "not " + args[1], nil
}

// lock takes the lock for one of two holders, a and b, or gives up as soon as
// it has to wait.
func lock(ctx context.Context, c *cluster, args []string) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tree := map[string]gluster.Tree{"a": c.tree, "b": c.spare}[args[0]]
	busy := false
	held, err := tree.Lock(ctx, func(string) {
		busy = true
		cancel()
	})
	if busy {
		return "held by another", nil
	}
	if err == nil {
		c.locks[args[0]] = held
	}
	return "done", err
}

func unlock(_ context.Context, c *cluster, args []string) (string, error) {
	held := c.locks[args[0]]
	delete(c.locks, args[0])
	return "done", held.Close()
}

func octal(s string) uint32 {
	n, err := strconv.ParseUint(s, 8, 32)
	if err != nil {
		panic(err)
	}
	return uint32(n)
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

// id reads a number; a dash is nil.
func id(s string) *uint32 {
	if s == "-" {
		return nil
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		panic(err)
	}
	v := uint32(n)
	return &v
}

func describe(d state.Dir) string {
	switch d.Kind {
	case state.Directory:
		return fmt.Sprintf("directory %04o %d %d", d.Mode, d.UID, d.GID)
	case state.NotADirectory:
		return "not a directory: " + d.What
	}
	return "missing"
}

// class is what a caller can tell of an error.
func class(err error) string {
	for _, known := range []error{gluster.ErrUnsafe, fs.ErrExist, fs.ErrNotExist} {
		if errors.Is(err, known) {
			return "error: " + known.Error()
		}
	}
	return "error: " + strings.ToLower(err.Error())
}
