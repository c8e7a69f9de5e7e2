package sandbox

import (
	"slices"
	"testing"
)

func TestClosest(t *testing.T) {
	for word, want := range map[string][]string{
		"abc":  {"abd", "bbc"},
		"bc":   {"bbc"},
		"abdx": {"abd"},
	} {
		if got := closest(word, []string{"bbc", "abd", "xyz", "bbc"}); !slices.Equal(got, want) {
			t.Errorf("closest(%s) = %q; want %q", word, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"export-dir", "export-dirs", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d; want %d", c.a, c.b, got, c.want)
		}
	}
}
