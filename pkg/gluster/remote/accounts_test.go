package remote

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// getent puts a program of this name on the path of the other side.
func getent(t *testing.T) (env []string) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "getent"), `#!/bin/sh
case "$1 $2" in
"passwd alice") echo "alice:x:1001:100:Alice:/home/alice:/bin/sh" ;;
"passwd Bob") echo "bob:*:70002:70002::/:" ;;
"passwd 1001") echo "alice:x:1001:100:Alice:/home/alice:/bin/sh" ;;
"passwd a b") echo "a b:x:7:100:::" ;;
"passwd reads") cat; echo "reads:x:8:100:::" ;;
"passwd bad") echo "bad:x:many:1:::" ;;
"passwd broken") echo "no server" >&2; exit 3 ;;
"group staff") echo "staff:x:50:alice" ;;
*) exit 2 ;;
esac
`, 0o755)
	return []string{"PATH=" + dir + ":" + os.Getenv("PATH")}
}

func TestAccounts(t *testing.T) {
	s, settings := serve(t)
	settings.SSH.Become = true // which they don't need
	commands := 0
	shell := loginShell("/bin/sh", "echo noise; ", getent(t))
	s.exec = func(c ssh.Channel, command string) { commands++; shell(c, command) }
	h := reach(t, settings)
	got, groups, err := h.Numbers(t.Context(), []string{"alice", "Bob", "nobody-knows", "reads", "a b", "17", "--help", ""}, []string{"alice", "staff"})
	if want := map[string]uint32{"alice": 1001, "Bob": 70002, "reads": 8, "a b": 7, "17": 17}; err != nil || !maps.Equal(got, want) {
		t.Errorf("owners: %v, %v", got, err)
	}
	if !maps.Equal(groups, map[string]uint32{"staff": 50}) {
		t.Errorf("groups: %v", groups)
	}
	if commands != 1 {
		t.Errorf("%d commands", commands)
	}
	_, groups, err = h.Numbers(t.Context(), nil, []string{"5", "6"})
	if err != nil || len(groups) != 2 || commands != 1 {
		t.Errorf("numbers: %v, %v, %d commands", groups, err, commands)
	}
	owner, group, err := h.Names(t.Context(), 1001, 9)
	if owner != "alice" || group != "" || err != nil {
		t.Errorf("names: %q, %q, %v", owner, group, err)
	}
	for name, want := range map[string]string{
		"broken": "getent passwd broken: exit status 3: no server",
		"bad":    "getent passwd bad: no number in",
	} {
		if got, _, err := h.Numbers(t.Context(), []string{"alice", name}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

// An answer that is cut, or from something that is no getent, names nobody.
func TestAccountsWithoutAnswers(t *testing.T) {
	s, settings := serve(t)
	s.exec = says
	_, _, err := reach(t, settings).Numbers(t.Context(), []string{"alice"}, nil)
	want(t, err, ErrRefused, true, "getent passwd gave no answer that can be read")

	s, settings = serve(t)
	s.exec = loginShell("/bin/sh", "", []string{"PATH=" + t.TempDir()})
	_, _, err = reach(t, settings).Numbers(t.Context(), []string{"alice"}, nil)
	if err == nil {
		t.Error("no sh, no getent, and no error")
	}
}
