package gluster

import (
	"context"
	"crypto/rand"
	"errors"
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

// cutOff is a shell of which the connection goes at some moment: of the answer
// there are so many bytes, and what it runs is done.
type cutOff struct {
	Shell
	after int // negative: it stays whole
	whole int // bytes of the last answer
	quiet bool
}

func (c *cutOff) Run(ctx context.Context, stdin string, argv ...string) (Answer, error) {
	ans, err := c.Shell.Run(ctx, stdin, argv...)
	c.whole = len(ans.Stdout)
	if c.after < 0 || err != nil {
		return ans, err
	}
	ans.Stdout = ans.Stdout[:min(c.after, c.whole-1)] // numbers in it may be longer or shorter
	if c.quiet {                                      // nobody noticed
		return ans, nil
	}
	ans.Code = -1
	return ans, errors.New("the connection was lost")
}

// An answer that is cut off anywhere is never taken for a shorter one. What was to
// be changed then may be.
func TestCutOff(t *testing.T) {
	type step func(d Tree) error
	changes := map[string]step{
		"mkdir":  func(d Tree) error { return d.Mkdir("/new", 0o700) },
		"chmod":  func(d Tree) error { return d.Chmod("/a", 0o700) },
		"chown":  func(d Tree) error { return d.Chown("/a", nil, nil) },
		"write":  func(d Tree) error { return d.WriteFile("/file", []byte("text")) },
		"remove": func(d Tree) error { return d.Remove(TrashDir + "/x") },
		"some":   func(d Tree) error { _, _, err := d.RemoveSome(TrashDir+"/y", 1); return err },
	}
	looks := map[string]step{
		"stat":     func(d Tree) error { _, err := d.Stat("/a", "/b", "/none"); return err },
		"list":     func(d Tree) error { _, _, err := d.List("/", 100); return err },
		"names":    func(d Tree) error { _, err := d.Names("/", 100); return err },
		"read":     func(d Tree) error { _, err := d.ReadFile("/text", 100); return err },
		"identity": func(d Tree) error { _, err := d.Identity("/a"); return err },
		"space":    func(d Tree) error { _, err := d.Space(); return err },
	}
	for name, do := range changes {
		t.Run(name, func(t *testing.T) { cutAnywhere(t, do, true) })
	}
	for name, do := range looks {
		t.Run(name, func(t *testing.T) { cutAnywhere(t, do, false) })
	}
}

func cutAnywhere(t *testing.T, do func(d Tree) error, changes bool) {
	t.Helper()
	dir := t.TempDir()
	d, far := openFar(t, "sh", dir)
	c := &cutOff{Shell: far, after: -1}
	d.host.Shell = c
	again(t, dir)
	ok(t, do(d))
	mark := len(rand.Text()) + 1 // that an answer begins and ends with
	for i, after := range cuts(c.whole, mark) {
		c.after, c.quiet = after, i%2 == 0
		again(t, dir)
		err := do(d)
		if err == nil || errors.Is(err, state.ErrUnknownOutcome) != changes {
			t.Errorf("after %d of %d bytes (quiet: %v): %v", after, c.whole, c.quiet, err)
		}
	}
}

// again makes a volume as the steps need it.
func again(t *testing.T, dir string) {
	t.Helper()
	trash := filepath.Join(dir, TrashDir)
	ok(t, os.RemoveAll(trash), os.RemoveAll(filepath.Join(dir, "new")), os.RemoveAll(filepath.Join(dir, "file")),
		os.MkdirAll(filepath.Join(trash, "y/z"), 0o700), os.MkdirAll(filepath.Join(dir, "a"), 0o700),
		os.WriteFile(filepath.Join(trash, "x"), nil, 0o600), os.WriteFile(filepath.Join(dir, "text"), []byte("text"), 0o600))
}

// cuts are where to cut an answer: around its marks and fields, and not everywhere
// in what is long.
func cuts(whole, mark int) []int {
	out := []int{0, 1, mark - 1, mark, mark + 1, mark + 3, whole / 2, whole - mark - 1, whole - mark, whole - mark + 1, whole - 1}
	out = slices.DeleteFunc(out, func(n int) bool { return n < 0 || n >= whole })
	slices.Sort(out)
	return slices.Compact(out)
}

func TestErrnoIn(t *testing.T) {
	for said, want := range map[string]error{
		"mkdir: cannot create directory './x': File exists":                                    fs.ErrExist,
		"stat: cannot statx './a: File exists': No such file or directory":                     fs.ErrNotExist,
		"dd: failed to open './x': No space left on device\n":                                  syscall.ENOSPC,
		"dd: error writing './x': Disk quota exceeded":                                         syscall.EDQUOT,
		"chmod: changing permissions of '.': Read-only file system":                            syscall.EROFS,
		"stat: cannot statx '.': Transport endpoint is not connected":                          syscall.ENOTCONN,
		"sh: noise\nrmdir: failed to remove './x': Directory not empty":                        syscall.ENOTEMPTY,
		"mv: cannot move '/proc/self/fd/5/a' to a subdirectory of itself, '/proc/self/fd/4/x'": syscall.EINVAL,
		"stat: cannot statx './\nx: No such file or directory': Permission denied":             fs.ErrPermission,
	} {
		if got := errnoIn(said); !errors.Is(got, want) {
			t.Errorf("%q: %v, want %v", said, got, want)
		}
	}
	for _, said := range []string{"", "something else", "mkdir: x: something else"} {
		if got := errnoIn(said); errors.As(got, new(syscall.Errno)) {
			t.Errorf("%q: %v", said, got)
		}
	}
}

// What a login shell says first is no part of an answer, and neither is the mark of
// another one.
func TestBetween(t *testing.T) {
	for _, tt := range []struct {
		stdout, text string
		begun, whole bool
	}{
		{"m\x00ok\x00m\x00", "ok\x00", true, true},
		{"Welcome!\nm\x00ok\x00m\x00", "ok\x00", true, true},
		{"m\x00ok\x00", "ok\x00", true, false},
		{"m\x00ok\x00m", "ok\x00m", true, false},
		{"m\x00", "", true, false},
		{"n\x00ok\x00n\x00", "", false, false},
		{"", "", false, false},
	} {
		text, begun, whole := between("m", tt.stdout)
		if text != tt.text || begun != tt.begun || whole != tt.whole {
			t.Errorf("%q: %q, %v, %v", tt.stdout, text, begun, whole)
		}
	}
}

// says is a shell that answers nothing but that.
type says struct {
	Shell
	ans Answer
	err error
}

func (s says) Run(context.Context, string, ...string) (Answer, error) { return s.ans, s.err }

// Where the script never began nothing can have been changed: sudo may ask for a
// password, there may be no sh, or the connection may not be had. The machine is named
// once.
func TestNeverBegun(t *testing.T) {
	for want, far := range map[string]says{
		"on far: the program can't be started: sudo: a password is required (exit status 1)": {ans: Answer{Code: 1, Stderr: "sudo: a password is required\n"}},
		"on far: the program can't be started: no word of explanation (exit status 127)":     {ans: Answer{Code: 127, Stdout: "Welcome!"}},
		"ssh far: no connection: the program can't be started":                               {ans: Answer{Code: -1}, err: fmt.Errorf("ssh far: no connection: %w", ErrNotRun)},
	} {
		d := &farTree{host: &Far{Shell: far, Name: "far"}}
		err := d.Mkdir("/a", 0o700)
		if err == nil || err.Error() != want || !errors.Is(err, ErrNotRun) || errors.Is(err, state.ErrUnknownOutcome) {
			t.Errorf("got %v, want %s", err, want)
		}
		_, err = d.host.Gluster(t.Context(), "", "volume", "info")
		if !errors.Is(err, ErrNoGluster) || !strings.Contains(err.Error(), "gluster was not run: ") || strings.Count(err.Error(), "far") != 1 {
			t.Errorf("gluster: %v", err)
		}
	}
}

// Every text survives the way to a script, also one that a shell would see more in.
func TestEncode(t *testing.T) {
	far := &thisShell{}
	for _, text := range []string{"/plain-1.2_3@x", "a b", "\n", "a\n\n", `\0134 \n %s`, "$(reboot)`x`", "\x01\xff\xc3\xa4", "-n", "*", "'", ""} {
		ans, err := far.Run(t.Context(), encode(text)+"\n", "sh", "-c", string(talking("begin"))+`read -r line; decode "$line"; say "$decoded"`, "x", "m")
		if got, _ := strings.CutPrefix(ans.Stdout, "m\x00"); got != text+"\x00" || err != nil {
			t.Errorf("%q came as %q, %v", text, got, err)
		}
	}
}
