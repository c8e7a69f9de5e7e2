package statefile_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// oneShare is a state file with one share of that name.
func oneShare(name string) string {
	return "version: 1\nvolumes: [{target: 'h:/v', shares: [{name: " + name + ", access: []}]}]\n"
}

// inTree makes a directory current that holds alpha.yaml and teams/beta.yaml, a
// share each.
func inTree(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	ok(t, os.Mkdir("teams", 0o755))
	ok(t, os.WriteFile("alpha.yaml", []byte(oneShare("alpha")), 0o644))
	ok(t, os.WriteFile("teams/beta.yaml", []byte(oneShare("beta")), 0o644))
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What the paths lead to, whatever they are and in whatever order they stand.
func TestPathsLeadToFiles(t *testing.T) {
	inTree(t)
	here, err := os.Getwd()
	ok(t, err)
	ok(t, os.Symlink("teams", "link"))
	ok(t, os.WriteFile(".hidden", []byte(oneShare("hidden")), 0o644))
	for _, c := range []struct{ paths, want string }{
		{"alpha.yaml", "alpha.yaml"},
		{"./alpha.yaml", "./alpha.yaml"},
		{"teams/beta.yaml alpha.yaml", "alpha.yaml teams/beta.yaml"},
		{"alpha.yaml teams/beta.yaml", "alpha.yaml teams/beta.yaml"},
		{"teams", "teams/beta.yaml"},
		{"teams/", "teams/beta.yaml"},
		{"link", "link/beta.yaml"}, // it was asked for
		{".", "alpha.yaml teams/beta.yaml"},
		{"teams alpha.yaml", "alpha.yaml teams/beta.yaml"},
		{"teams -", "stdin teams/beta.yaml"},
		{".hidden", ".hidden"},
		{here + "/teams", here + "/teams/beta.yaml"},
	} {
		got, err := statefile.Load(strings.Fields(c.paths), strings.NewReader(oneShare("gamma")))
		if err != nil || strings.Join(got.Files, " ") != c.want {
			t.Errorf("%s leads to %v, want %s (%v)", c.paths, got.Files, c.want, err)
		}
	}
}

// Symlinks to files are followed, and those to directories are not: a tree that
// contains itself is read once.
func TestSymlinksInDirectories(t *testing.T) {
	inTree(t)
	ok(t, os.Mkdir("set", 0o755))
	ok(t, os.Symlink("../alpha.yaml", "set/alpha.yaml"))
	ok(t, os.Symlink("../teams", "set/teams"))
	ok(t, os.Symlink(".", "set/self"))
	ok(t, os.Symlink("nothing", "set/dangling"))
	got, err := statefile.Load([]string{"set"}, nil)
	if err != nil || !slices.Equal(got.Files, []string{"set/alpha.yaml"}) {
		t.Errorf("read %v (%v)", got.Files, err)
	}
}

// What can't be a state file, or can't be read, is told with what stands in the
// way. Nothing hangs, and the mistakes of other files are told as well.
func TestPathsThatAreRefused(t *testing.T) {
	const (
		other  = "zeta.yaml:1:10: version: version 2 of the format is not known; this program reads \"version: 1\"\n"
		rename = "; give it another name, or one that begins with a dot\n"
	)
	for _, c := range []struct {
		name    string
		prepare func() error
		paths   string
		want    string
	}{
		{"missing", nil, "x.yaml zeta.yaml", "x.yaml: the state file can't be read: no such file or directory\n" + other},
		{"below a file", nil, "alpha.yaml/x.yaml", "alpha.yaml/x.yaml: the state file can't be read: not a directory\n"},
		{"no state file", makeDir("set"), "set zeta.yaml", "set: no state file lies in this directory; name one with state files in it: *.yaml or *.yml\n" + other},
		{"only directories", makeDir("set/a.yaml"), "set", "set: no state file lies in this directory; name one with state files in it: *.yaml or *.yml\n"},
		{"pipe", makePipe("teams/x.yaml"), "teams zeta.yaml", "teams/x.yaml: the name is that of a state file, but this is a named pipe" + rename + other},
		{"pipe behind a symlink", both(makePipe("pipe"), link("../pipe", "teams/x.yml")), "teams", "teams/x.yml: the name is that of a state file, but this is a named pipe" + rename},
		{"socket", makeSocket("teams/x.yaml"), "teams", "teams/x.yaml: the name is that of a state file, but this is a socket" + rename},
		{"device", link("/dev/null", "teams/x.yaml"), "teams", "teams/x.yaml: the name is that of a state file, but this is a device" + rename},
		{"directory behind a symlink", link(".", "teams/x.yaml"), "teams", "teams/x.yaml: the name is that of a state file, but this is a symlink to a directory" + rename},
		{"dangling", link("nothing", "teams/x.yaml"), "teams zeta.yaml", "teams/x.yaml: this symlink leads nowhere; remove it, or put back what it leads to\n" + other},
		{"dangling, and named", link("nothing", "x.yaml"), "x.yaml zeta.yaml", "x.yaml: this symlink leads nowhere; remove it, or put back what it leads to\n" + other},
		{"symlink to itself", link("x.yaml", "teams/x.yaml"), "teams zeta.yaml", "teams/x.yaml: the state file can't be read: too many levels of symbolic links\n" + other},
		{"unnamed", nil, "'' zeta.yaml", "the name of a state file is empty; name a file, a directory or, for standard input, -\n" + other},
		{"stdin twice", nil, "- -", "stdin: standard input can be read once only; name it once\n"},
		{"file twice", nil, "zeta.yaml zeta.yaml", "zeta.yaml: this is read already; leave one of them out\n" + other},
		{"file twice, by two names", nil, "zeta.yaml ./zeta.yaml", "./zeta.yaml: this is read already, as zeta.yaml; leave one of them out\n" + other},
		{"file and its directory", nil, "teams/beta.yaml teams", "teams/beta.yaml: this is read already; leave one of them out\n"},
		{"directory twice", nil, "teams teams/", "teams/: this is read already, as teams; leave one of them out\n"},
		{"directory and one above it", nil, "teams .", "teams: this is read already; leave one of them out\n" + other},
		{"symlink beside its file", link("beta.yaml", "teams/current.yaml"), "teams", "teams/current.yaml: this is read already, as teams/beta.yaml; leave one of them out\n"},
		{"hard link", func() error { return os.Link("alpha.yaml", "teams/alpha.yaml") }, "alpha.yaml teams", "teams/alpha.yaml: this is read already, as alpha.yaml; leave one of them out\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inTree(t)
			ok(t, os.WriteFile("zeta.yaml", []byte("version: 2\n"), 0o644))
			if c.prepare != nil {
				ok(t, c.prepare())
			}
			paths := strings.Fields(c.paths)
			for i := range paths {
				paths[i] = strings.Trim(paths[i], "'")
			}
			_, err := statefile.Load(paths, strings.NewReader(oneShare("gamma")))
			if d := diff(c.want, fmt.Sprintln(err)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func makeDir(name string) func() error {
	return func() error { return os.MkdirAll(name, 0o755) }
}

func makePipe(name string) func() error {
	return func() error { return syscall.Mkfifo(name, 0o644) }
}

func link(to, name string) func() error {
	return func() error { return os.Symlink(to, name) }
}

func makeSocket(name string) func() error {
	return func() error {
		fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		defer syscall.Close(fd)
		return syscall.Bind(fd, &syscall.SockaddrUnix{Name: name})
	}
}

func both(first, second func() error) func() error {
	return func() error { return errors.Join(first(), second()) }
}

// A file or a directory that may not be read is not passed over.
func TestWhatMayNotBeReadIsTold(t *testing.T) {
	inTree(t)
	ok(t, os.Chmod(".", 0o755))
	ok(t, os.Mkdir("teams/closed", 0))
	ok(t, os.WriteFile("teams/secret.yaml", []byte(oneShare("secret")), 0))
	_, err := loadAsNobody([]string{"teams"})
	const want = "teams/closed: the directory can't be read: permission denied\n" +
		"teams/secret.yaml: the state file can't be read: permission denied"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

// loadAsNobody loads as a user for whom permissions count, also where root runs
// the tests. The thread that becomes nobody ends with its goroutine.
func loadAsNobody(paths []string) (got state.Desired, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		if os.Geteuid() == 0 {
			if err = unix.Setfsuid(65534); err != nil {
				return
			}
		}
		got, err = statefile.Load(paths, nil)
	}()
	<-done
	return got, err
}

// A file that is named may be a pipe, as a shell makes one for <(command).
func TestPipeCanBeNamed(t *testing.T) {
	r, w, err := os.Pipe()
	ok(t, err)
	defer r.Close()
	_, err = w.WriteString(oneShare("alpha"))
	ok(t, errors.Join(err, w.Close()))
	name := fmt.Sprintf("/dev/fd/%d", r.Fd())
	got, err := statefile.Load([]string{name}, nil)
	if err != nil || !slices.Equal(got.Files, []string{name}) {
		t.Errorf("read %v (%v)", got.Files, err)
	}
}

// A path that leads to far too much is a slip: it is told once, and what lies
// there is not judged.
func TestFilesAreCounted(t *testing.T) {
	t.Chdir(t.TempDir())
	ok(t, os.Mkdir("set", 0o755))
	for i := range 999 {
		ok(t, os.WriteFile(fmt.Sprintf("set/s%03d.yaml", i), []byte(oneShare(fmt.Sprint("s", i))), 0o644))
	}
	if got, err := statefile.Load([]string{"set"}, nil); err != nil || len(got.Volumes[0].Shares) != 999 {
		t.Fatalf("999 files and their directory: %v", err)
	}
	ok(t, os.WriteFile("set/t.yaml", []byte("version: 2\n"), 0o644))
	ok(t, os.WriteFile("set/u.yaml", []byte("version: 2\n"), 0o644))
	_, err := statefile.Load([]string{"x.yaml", "set", "y.yaml"}, nil)
	const want = "set/t.yaml: there are more than 1000 files and directories; name the directory of the state files alone, or put more into a file"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
