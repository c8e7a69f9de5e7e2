package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func errnoName(e unix.Errno) string { return unix.ErrnoName(e) }

// refuses is an operation that does nothing and says why.
func refuses(e unix.Errno) fault {
	return fault{name: errnoName(e), tree: func(o operation) error { return pathError(o, e) }}
}

// saysAndDoes is an operation that fails when it is done.
func saysAndDoes(e unix.Errno) fault {
	return fault{name: errnoName(e) + "-and-done", done: true, tree: func(o operation) error {
		if err := o.do(); err != nil {
			return err
		}
		return pathError(o, e)
	}}
}

func pathError(o operation, e unix.Errno) error {
	return &os.PathError{Op: o.step.kind, Path: o.step.path, Err: e}
}

var hangsInTree = fault{name: "hangs", unclear: true, tree: func(operation) error {
	time.Sleep(forever)
	return unix.EIO
}}

var killedBeforeIt = fault{name: "killed-before", tree: func(o operation) error { o.m.kill(); return errKilled }}

// interruptedAtIt is control-C while the operation is at work.
var interruptedAtIt = fault{name: "interrupted", unclear: true, tree: func(o operation) error {
	o.m.stop()
	return o.do()
}}

// changeFaults are those of an operation that changes something.
func changeFaults(s step) []fault {
	out := []fault{
		killedBeforeIt, interruptedAtIt,
		{name: "killed-after", tree: func(o operation) error { _ = o.do(); o.m.kill(); return errKilled }},
		hangsInTree, onAndOn(hangsInTree),
		{name: "unanswered", unclear: true, done: true, tree: func(o operation) error {
			err := o.do()
			time.Sleep(forever)
			return err
		}},
		{name: "late", unclear: true, done: true, tree: func(o operation) error {
			o.m.later.put(func() { _ = o.do() })
			time.Sleep(forever)
			return unix.EIO
		}},
		saysAndDoes(unix.EIO), saysAndDoes(unix.ENOTCONN),
	}
	for _, e := range []unix.Errno{unix.EACCES, unix.EPERM, unix.ENOSPC, unix.EDQUOT, unix.EROFS, unix.EIO, unix.EBUSY, unix.ENOTCONN, unix.ESTALE} {
		out = append(out, refuses(e))
	}
	out = append(out, onAndOn(refuses(unix.EROFS)), onAndOn(refuses(unix.ENOSPC)))
	return append(out, swaps(s)...)
}

// lookFaults are those of an operation that changes nothing. One that looks at many
// paths has something put in the place of one of them.
func lookFaults(s step) []fault {
	out := []fault{
		refuses(unix.EIO), refuses(unix.EACCES), refuses(unix.ENOTCONN), refuses(unix.ESTALE), hangsInTree, onAndOn(hangsInTree),
	}
	if s.kind == "stat" || s.kind == "identity" {
		out = append(out, swaps(s)...)
	}
	return out
}

// added is an export that somebody adds.
const added = "/someone(9.9.9.9)"

// lockFaults are those of taking the lock. Until it is had, others may change what the
// plan was made for.
func lockFaults() []fault {
	return append([]fault{killedBeforeIt, interruptedAtIt, {name: "killed-after", tree: func(o operation) error { _ = o.do(); o.m.kill(); return errKilled }}, hangsInTree},
		refuses(unix.EACCES), refuses(unix.EROFS), refuses(unix.EIO), refuses(unix.ENOSPC), refuses(unix.ENOLCK),
		meanwhile("an-export-is-added", "nfs.export-dir", func(old string) string {
			return strings.TrimPrefix(old+","+added, ",")
		}),
		meanwhile("the-gate-is-opened", "nfs.rpc-auth-allow", func(string) string { return "*" }),
		meanwhile("whole-volumes-are-opened", "nfs.export-volumes", func(string) string { return "on" }),
	)
}

// meanwhile is an admin who sets an option just before the lock is had.
func meanwhile(name, option string, change func(old string) string) fault {
	return fault{name: name, foreign: true, tree: func(o operation) error {
		memory, _ := options(o.m.dir, o.volume)
		if err := byHand(o.m.box, "volume", "set", o.volume, option, change(memory[option])); err != nil {
			return err
		}
		o.m.others()
		return o.do()
	}}
}

// aside is where somebody moves what stood in a directory's place.
const aside = "moved-aside"

// swaps are people who put something else in the place of a share's directory, just
// before it is looked at or changed.
func swaps(s step) []fault {
	if strings.HasPrefix(s.path, "/.glusterd-shares") || s.path == "/" {
		return nil
	}
	return []fault{
		swap("a-symlink", func(at, outside string) error { return os.Symlink(outside, at) }),
		swap("a-file", func(at, _ string) error { return os.WriteFile(at, []byte("somebody's"), 0o600) }),
		swap("a-pipe", func(at, _ string) error { return unix.Mknod(at, unix.S_IFIFO|0o600, 0) }),
		swap("a-socket", func(at, _ string) error { return unix.Mknod(at, unix.S_IFSOCK|0o600, 0) }),
		swap("another-directory", func(at, _ string) error { return os.Mkdir(at, 0o711) }),
		swap("nothing", func(string, string) error { return nil }),
	}
}

func swap(with string, put func(at, outside string) error) fault {
	return fault{name: "becomes-" + with, harmful: true, tree: func(o operation) error {
		root := brick(o.m.dir, o.volume)
		at := filepath.Join(root, o.step.path)
		err := os.Rename(at, filepath.Join(root, aside))
		if err == nil || os.IsNotExist(err) {
			err = put(at, outside(o.m.dir))
		}
		if err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("the test's own: %w", err)
		}
		return o.do()
	}}
}

// mend takes away what swap has put at a step's path, and puts back what stood there.
func mend(dir, volume string, s step) error {
	at, old := filepath.Join(brick(dir, volume), s.path), filepath.Join(brick(dir, volume), aside)
	if info, err := os.Lstat(at); err == nil && !info.IsDir() {
		if err := os.Remove(at); err != nil {
			return err
		}
	}
	if _, err := os.Lstat(old); err != nil {
		return nil // there was nothing
	}
	if err := os.RemoveAll(at); err != nil {
		return err
	}
	err := os.Rename(old, at)
	if os.IsNotExist(err) {
		return nil // the one that it was in has gone to the trash
	}
	return err
}
