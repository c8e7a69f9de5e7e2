package render

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Escape makes text fit for a terminal: on one line, with nothing in it that
// moves the cursor, sets a colour, or turns the direction of what follows.
// Whatever isn't printable (control and format characters, odd blanks, bytes
// that are no UTF-8) becomes a Go escape, such as \u202e. Backslashes stay as
// they are, so that escaped text may be escaped again, and commands copied.
func Escape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
		i += size
	}
	return b.String()
}

// EscapeJSON writes what isn't printable in the strings of a document as \uXXXX,
// which means the same to a reader. The encoder does so only below the blank.
func EscapeJSON(document []byte) []byte {
	var out []byte
	for _, r := range string(document) {
		if r < utf8.RuneSelf && r != 0x7f || strconv.IsPrint(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}
