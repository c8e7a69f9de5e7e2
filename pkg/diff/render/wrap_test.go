package render

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two", 10, []string{"one two"}},
		{"one two", 7, []string{"one two"}},
		{"one two", 6, []string{"one", "two"}},
		{"10.0.0.1, 10.0.0.2, 10.0.0.3", 20, []string{"10.0.0.1, 10.0.0.2,", "10.0.0.3"}},
		{"/a(10.0.0.1|10.0.0.2),/b(10.0.0.3)", 14, []string{"/a(10.0.0.1|", "10.0.0.2),", "/b(10.0.0.3)"}},
		{"short a,b|c", 8, []string{"short", "a,b|c"}}, // a word that fits is not cut
		{"abcdefghijkl", 5, []string{"abcdefghijkl"}},
		{"ünï cöd", 7, []string{"ünï cöd"}}, // characters count, not bytes
	} {
		if got := Wrap(c.text, c.width); !slices.Equal(got, c.want) {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

// Wrapping loses nothing but blanks, and no line that could be broken is too
// long.
func FuzzWrap(f *testing.F) {
	f.Add("10.0.0.1, 10.0.0.2, 10.0.0.3", 20)
	f.Add("/a(10.0.0.1|10.0.0.2),/b(10.0.0.3)  x", 14)
	f.Add("   ", 1)
	f.Fuzz(func(t *testing.T, text string, width int) {
		if width < 1 || width > 1000 {
			return
		}
		lines := Wrap(text, width)
		blankless := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := blankless(strings.Join(lines, "")); got != blankless(text) {
			t.Errorf("%q became %q", text, lines)
		}
		for _, l := range lines {
			if utf8.RuneCountInString(l) > width && strings.ContainsAny(strings.Trim(l, " ,|"), " ,|") {
				t.Errorf("%q, wrapped at %d, has the line %q", text, width, l)
			}
		}
	})
}
