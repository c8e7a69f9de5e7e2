package gluster

import (
	"strings"
	"testing"
)

func TestEscape(t *testing.T) {
	tests := []struct {
		in    string
		limit int
		want  string
	}{
		{"plain, ünï", 100, "plain, ünï"},
		{"  a\nb\t\r\n", 100, `a\nb`},
		{"\x1b]0;x\a", 100, `\x1b]0;x\a`},
		{"a\u202eb", 100, `a\u202eb`},
		{"it's", 100, "it's"},
		{"0123456789x", 10, "0123456789... (11 bytes)"},
	}
	for _, tt := range tests {
		if got := escape(tt.in, tt.limit); got != tt.want {
			t.Errorf("escape(%q, %d) = %q, want %q", tt.in, tt.limit, got, tt.want)
		}
	}
}

func TestQuoteArgs(t *testing.T) {
	long := strings.Repeat("ü", 300)
	tests := []struct {
		args        []string
		quote, show string
	}{
		{[]string{"volume", "set", "gvt", "nfs.disable", "off"}, "volume set gvt nfs.disable off", ""},
		{[]string{"/s1(10.0.0.1|10.0.0.2)", ""}, "'/s1(10.0.0.1|10.0.0.2)' ''", ""},
		{[]string{"it's $HOME"}, `'it'\''s $HOME'`, ""},
		{[]string{" a "}, `' a '`, ""},
		{[]string{"a\nb'\\"}, `$'a\x0ab\x27\x5c'`, ""},
		{[]string{long}, "'" + long + "'", "'" + long[:200] + "...'"},
	}
	for _, tt := range tests {
		if got := quoteArgs(tt.args); got != tt.quote {
			t.Errorf("quoteArgs(%q) = %s, want %s", tt.args, got, tt.quote)
		}
		if tt.show == "" {
			tt.show = tt.quote
		}
		if got := showArgs(tt.args); got != tt.show {
			t.Errorf("showArgs(%q) = %s, want %s", tt.args, got, tt.show)
		}
	}
}
