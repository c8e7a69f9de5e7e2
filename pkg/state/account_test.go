package state

import "testing"

func TestParseAccount(t *testing.T) {
	for text, want := range map[string]uint32{"0": 0, "1000": 1000, "007": 7, "4294967294": 1<<32 - 2} {
		if n, ok := ParseAccount(text); !ok || n != want {
			t.Errorf("%q is %d, %v", text, n, ok)
		}
	}
	for _, text := range []string{"", "root", "-1", "+1", " 1", "0x1", "1.0", "4294967295", "4294967296"} {
		if n, ok := ParseAccount(text); ok {
			t.Errorf("%q is taken for %d", text, n)
		}
	}
}
