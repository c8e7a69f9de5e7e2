package gluster

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"glusterd-shares/pkg/state"
)

// attack is what is done in a volume, and what a client replaces there meanwhile: by
// a symlink to what is called the same in a directory beside the volume.
type attack struct {
	name   string
	do     func(d Tree, old state.FileID) error // old is what /a/x/old is
	places []string
}

var attacks = []attack{
	{"chmod", func(d Tree, _ state.FileID) error { return d.Chmod("/a/x", 0o711) }, []string{"a/x"}},
	{"mkdir", func(d Tree, _ state.FileID) error { return d.Mkdir("/a/new", 0o711) }, []string{"a/new"}},
	{"rename", func(d Tree, old state.FileID) error { return d.Rename("/a/x/old", "/a/y/new", old) }, []string{"a/y"}},
	{"remove all", func(d Tree, _ state.FileID) error { _, _, err := d.RemoveSome(TrashDir+"/a", 100); return err }, []string{trashOf + "a"}},
	{"lock", taken, []string{".glusterd-shares/lock"}},
}

const trashOf = ".glusterd-shares/trash/"

func taken(d Tree, _ state.FileID) error {
	l, err := d.Lock(context.Background(), nil)
	if err == nil {
		err = l.Close()
	}
	return err
}

// Whatever a client of the volume puts in the place of what the far side goes
// through, and whenever it does, nothing beside the volume is changed.
func TestFarSideIsNotLedAway(t *testing.T) { notLedAway(t, attacks) }

func notLedAway(t *testing.T, attacks []attack) {
	for _, a := range attacks {
		for _, place := range a.places {
			t.Run(a.name+" "+place, func(t *testing.T) {
				t.Parallel()
				turns, dir := 0, t.TempDir()
				vol := filepath.Join(dir, "vol")
				ok(t, os.Mkdir(vol, 0o700))
				d, far := openFar(t, "sh", vol)
				for _, moment := range []string{"before", "after"} {
					for n := 1; a.at(t, d, far, dir, place, moment, n); n++ {
						turns++
					}
				}
				if turns < 4 {
					t.Errorf("the client had its turn %d times", turns)
				}
			})
		}
	}
}

// at does it in a fresh volume, of which the client replaces the place at the n-th
// moment, and tells whether it came to that.
func (a attack) at(t *testing.T, d Tree, far *thisShell, dir, place, moment string, n int) bool {
	t.Helper()
	vol, out := filepath.Join(dir, "vol"), filepath.Join(dir, "out")
	before := setUp(t, vol, out)
	s := newSwapper(t, filepath.Join(vol, place), filepath.Join(out, place), moment, n)
	far.Path = s.bin + ":" + os.Getenv("PATH")
	var old syscall.Stat_t
	ok(t, syscall.Stat(filepath.Join(vol, "a/x/old"), &old))
	err := a.do(d, state.FileID{Device: old.Dev, Inode: old.Ino})
	if after := details(t, out); !slices.Equal(before, after) {
		t.Errorf("replaced %s %d: %v\nbefore %q\nafter  %q", moment, n, err, before, after)
	}
	return s.hadItsTurn()
}

// setUp furnishes the volume, which stays the directory that it is, and what is
// beside it, and gives the details of that.
func setUp(t *testing.T, vol, out string) []string {
	t.Helper()
	old, err := filepath.Glob(vol + "/*")
	ok(t, err)
	for _, p := range append(old, filepath.Join(vol, lockDir), filepath.Join(vol, lockDir+".real"), out) {
		ok(t, os.RemoveAll(p))
	}
	for _, top := range []string{vol, filepath.Join(vol, trashOf), out} {
		furnish(t, top)
	}
	ok(t, os.WriteFile(filepath.Join(vol, lockPath), []byte("data"), 0o600), os.Mkdir(filepath.Join(out, "a/new"), 0o750))
	ok(t, os.CopyFS(filepath.Join(out, ".glusterd-shares"), os.DirFS(filepath.Join(vol, ".glusterd-shares"))))
	return details(t, out)
}

// furnish puts into a directory what the attacks go through.
func furnish(t *testing.T, top string) {
	t.Helper()
	ok(t, os.MkdirAll(filepath.Join(top, "a/x/old"), 0o700), os.MkdirAll(filepath.Join(top, "a/y"), 0o700),
		os.WriteFile(filepath.Join(top, "a/x/file"), []byte("data"), 0o640))
}

// details is listing with owners.
func details(t *testing.T, dir string) []string {
	t.Helper()
	out := listing(t, dir)
	ok(t, filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		st, err := e.Info()
		if err == nil {
			out = append(out, fmt.Sprint(p, st.Sys().(*syscall.Stat_t).Uid))
		}
		return err
	}))
	return out
}

// swapper is a client of the volume that puts a symlink in the place of a directory
// while the far side is at work: just before the n-th program that runs there, or
// just after it. There is no other moment, since what the shell does by itself lies
// between two programs.
type swapper struct {
	bin string // programs that play it
}

const clientScript = `#!/bin/sh
# Plays the client around the program that this one is called like.
ulimit -S -n "$(ulimit -H -n)"
bed=${0%/*}
read -r count <"$bed/count"
read -r turn <"$bed/turn"
count=$((count + 1))
echo "$count" >"$bed/count"
turn() {
	[ "$1 $count" = "$turn" ] || return 0
	PATH=@PATH@
	. "$bed/swap"
	: >"$bed/had"
}
turn before
PATH=@PATH@ "${0##*/}" "$@"
rc=$?
turn after
exit "$rc"
`

// newSwapper makes one that has its turn at a moment.
func newSwapper(t *testing.T, place, by, moment string, n int) *swapper {
	t.Helper()
	c := &swapper{bin: t.TempDir()}
	text := strings.ReplaceAll(clientScript, "@PATH@", quoteArg(os.Getenv("PATH")))
	for _, name := range []string{"stat", "mkdir", "chmod", "chown", "mv", "dd", "find", "rmdir", "unlink", "sync", "grep", "sed", "flock"} {
		ok(t, os.WriteFile(filepath.Join(c.bin, name), []byte(text), 0o700))
	}
	swap := fmt.Sprintf("[ ! -e %[1]s ] || mv -T -- %[1]s %[1]s.real; ln -s -- %[2]s %[1]s", quoteArg(place), quoteArg(by))
	for name, text := range map[string]string{"swap": swap, "count": "0\n", "turn": fmt.Sprintf("%s %d\n", moment, n)} {
		ok(t, os.WriteFile(filepath.Join(c.bin, name), []byte(text), 0o600))
	}
	return c
}

func (s *swapper) hadItsTurn() bool {
	_, err := os.Stat(filepath.Join(s.bin, "had"))
	return err == nil
}
