package gluster

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// program puts a shell script of this name on PATH, and nothing else but the
// directories that are there already.
func program(t *testing.T, name, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
}

func TestLocalGluster(t *testing.T) {
	tests := []struct {
		name, script, stdin string
		args                []string
		want                Answer
	}{
		{"arguments arrive as they are", `printf '<%s>' "$@"`, "", []string{"a b", "$HOME", "", "`id`", "ü\n"}, Answer{Stdout: "<a b><$HOME><><`id`><ü\n>"}},
		{"both streams and the status", "echo out; echo err >&2; exit 7", "", nil, Answer{Stdout: "out\n", Stderr: "err\n", Code: 7}},
		{"stdin", "cat", "volume list\n", nil, Answer{Stdout: "volume list\n"}},
		{"stdin empty", "cat; echo end", "", nil, Answer{Stdout: "end\n"}},
		{"no language", `echo "$LC_ALL"`, "", nil, Answer{Stdout: "C\n"}},
		{"no word to the service manager", `echo "${NOTIFY_SOCKET-none}"`, "", nil, Answer{Stdout: "none\n"}},
		{"a session of its own", "set -- $(cat /proc/$$/stat); [ $6 = $$ ]", "", nil, Answer{}},
		{"killed", "kill -9 $$", "", nil, Answer{Code: -1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("LC_ALL", "de_DE.UTF-8")
			t.Setenv("NOTIFY_SOCKET", "@nobody")
			program(t, "gluster", tt.script)
			got, err := (&Local{}).Gluster(t.Context(), tt.stdin, tt.args...)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestLocalGlusterMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := (&Local{}).Gluster(t.Context(), "", "volume", "info")
	if !errors.Is(err, ErrNoGluster) || !strings.Contains(err.Error(), "install glusterfs-cli") {
		t.Errorf("got %v", err)
	}
	c := Client{Host: &Local{}}
	if err := c.StartForce(t.Context(), "gvt"); errors.Is(err, ErrUnknownOutcome) || !errors.Is(err, ErrNoGluster) {
		t.Errorf("a write: %v", err)
	}
}

func TestLocalGlusterThatCantStart(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "gluster"), []byte("no program"), 0755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	if _, err := (&Local{}).Gluster(t.Context(), "", "x"); !errors.Is(err, ErrNoGluster) {
		t.Errorf("got %v", err)
	}
}

// The whole group ends with the context, the grandchild that holds the pipes
// too.
func TestRunIsKilledAsAGroup(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	if err := syscall.Mkfifo(pids, 0600); err != nil {
		t.Fatal(err)
	}
	program(t, "gluster", `sleep 600 & echo $! >"$1"; wait`)
	ctx, cancel := context.WithCancelCause(t.Context())
	child := make(chan int, 1) // a descriptor of the process
	go func() {
		b, _ := os.ReadFile(pids)
		pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			t.Errorf("process %d: %v", pid, err)
		}
		child <- fd
		cancel(errors.New("enough"))
	}()
	ans, err := (&Local{}).Gluster(ctx, "", pids)
	if err == nil || err.Error() != "enough" || ans.Code != -1 {
		t.Errorf("got %+v, %v", ans, err)
	}
	fd := <-child
	defer unix.Close(fd)
	ended := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := uninterrupted(func() (int, error) { return unix.Poll(ended, 60_000) })
	if n != 1 || err != nil {
		t.Errorf("what it started is still alive (%v)", err)
	}
}

// Output beyond the limit is an error, not cut.
func TestRunLimitsOutput(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		script string
		over   bool
	}{
		{"printf 0123456789", false},
		{"printf 0123456789x", true},
		{"printf 0123456789x >&2", true},
		{"while :; do echo 0123456789; done", true},
	} {
		ans, err := command{path: sh, args: []string{"-c", tt.script}, limit: 10}.run(t.Context())
		if (err != nil) != tt.over || err == nil && ans.Stdout != "0123456789" {
			t.Errorf("%s: %+v, %v", tt.script, ans, err)
		}
	}
}
