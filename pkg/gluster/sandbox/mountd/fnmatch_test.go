package mountd

import "testing"

func TestFnmatch(t *testing.T) {
	cases := []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "10.0.0.1", true},
		{"10.*.1", "10.0.0.1", true},
		{"10.*.1", "10.0.0.2", false},
		{"**1", "10.1", true},
		{"10.?", "10.1", true},
		{"10.?", "10.", false},
		{"10.?", "10.12", false},
		{"10.[12]", "10.2", true},
		{"10.[12]", "10.3", false},
		{"10.[1-3]", "10.2", true},
		{"10.[!1-3]", "10.2", false},
		{"10.[^1-3]", "10.4", true},
		{"10.[!1]", "10.", false},
		{"10.[1-]", "10.-", true},
		{"10.[]1]", "10.]", true},
		{"10.[1", "10.1", false},
		{"10.[1", "10.[1", true},
		{`10.\*`, "10.*", true},
		{`10.\*`, "10.1", false},
		{`10.[\]]`, "10.]", true},
		{`10.\`, `10.\`, false},
		{"C1.Test", "c1.tEST", true},
		{"[A-C]1", "b1", true},
	}
	for _, c := range cases {
		if got := fnmatch(c.pattern, c.s); got != c.want {
			t.Errorf("fnmatch(%q, %q) = %t", c.pattern, c.s, got)
		}
	}
}
