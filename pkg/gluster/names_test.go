package gluster

import (
	"maps"
	"strings"
	"testing"
)

const getentScript = `
case "$1 $2" in
"passwd alice") echo "alice:x:1001:100:Alice:/home/alice:/bin/sh" ;;
"passwd Bob") echo "bob:*:70002:70002::/:" ;;
"passwd bad") echo "bad:x:many:1:::" ;;
"passwd high") echo "high:x:4294967295:1:::" ;;
"passwd --help") echo "usage:of:1:getent" ;;
"group staff") echo "staff:x:50:alice" ;;
"passwd broken") echo "no server" >&2; exit 3 ;;
*) exit 2 ;;
esac`

func TestOwnersAndGroups(t *testing.T) {
	program(t, "getent", getentScript)
	l := &Local{}
	names := []string{"alice", "Bob", "nobody-knows", "0", "1234", "4294967294", "4294967295", "99999999999", "-1", "--help", "a:b", ""}
	owners, groups, err := l.Numbers(t.Context(), names, []string{"staff", "alice", "7"})
	want := map[string]uint32{"alice": 1001, "Bob": 70002, "0": 0, "1234": 1234, "4294967294": 4294967294}
	if err != nil || !maps.Equal(owners, want) || !maps.Equal(groups, map[string]uint32{"staff": 50, "7": 7}) {
		t.Errorf("owners %v, groups %v, %v", owners, groups, err)
	}
}

func TestOwnersErrors(t *testing.T) {
	program(t, "getent", getentScript)
	for name, want := range map[string]string{
		"broken": "getent passwd broken: exit status 3: no server",
		"bad":    "no number in",
		"high":   "no number in",
	} {
		if got, _, err := (&Local{}).Numbers(t.Context(), []string{name}, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if _, _, err := (&Local{}).Numbers(t.Context(), []string{"alice"}, nil); err == nil || !strings.Contains(err.Error(), "getent is not in PATH") {
		t.Errorf("without getent: %v", err)
	}
	if _, _, err := (&Local{}).Numbers(t.Context(), nil, []string{"17"}); err != nil {
		t.Errorf("a number needs no getent: %v", err)
	}
}
