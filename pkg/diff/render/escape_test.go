package render

import "testing"

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"/alpha(10.0.0.1|10.0.0.2)": "/alpha(10.0.0.1|10.0.0.2)",
		"ünïcode 日本":                "ünïcode 日本",
		`it's a \ "quote"`:          `it's a \ "quote"`,
		"\x1b[31m":                  `\x1b[31m`,
		"a\nb\tc\x00":               `a\nb\tc\x00`,
		"\u202e\u200b\u2028\u0085":  `\u202e\u200b\u2028\u0085`,
		"\u00a0":                    `\u00a0`,
		"\xff\xc3(":                 `\xff\xc3(`,
		"\ufffd":                    "\ufffd",
	} {
		got := Escape(in)
		if got != want {
			t.Errorf("Escape(%q) = %q, want %q", in, got, want)
		}
		if again := Escape(got); again != got {
			t.Errorf("Escape(%q) = %q: escaped twice", got, again)
		}
	}
}
