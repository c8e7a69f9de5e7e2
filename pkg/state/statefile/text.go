package statefile

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"glusterd-shares/pkg/state"
)

var byteOrderMark = []byte("\ufeff")

// plainText looks at a file's text before anything reads it as YAML and
// returns it without its byte order mark. YAML readers differ in which of the
// rarer characters end a line, so those that could make a line number or a
// reader's eye go wrong are refused.
func plainText(file string, text []byte) ([]byte, *state.Problem) {
	text = bytes.TrimPrefix(text, byteOrderMark)
	pos := state.Pos{File: file, Line: 1, Column: 1}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		next := text[i+size:]
		if f := characterFault(r, size, next); f.found() {
			return nil, &state.Problem{Pos: pos, Text: f.text, Mend: f.mend}
		}
		i += size
		pos.Column++
		if r == '\n' {
			pos.Line, pos.Column = pos.Line+1, 1
		}
	}
	return text, nil
}

// characterFault says what is wrong with one character of the file; next is
// what follows it.
func characterFault(r rune, size int, next []byte) fault {
	switch {
	case r == utf8.RuneError && size == 1:
		return fault{"the text is not UTF-8", "save the file as UTF-8"}
	case r == '\r' && !bytes.HasPrefix(next, []byte("\n")):
		return fault{"a carriage return that ends no line", "end lines with a line feed"}
	case r == '\n' || r == '\r' || r == '\t':
		return fault{}
	case unicode.IsControl(r):
		return faultf("remove it", "the control character %U", r)
	case r == '\u2028' || r == '\u2029' || r == '\ufeff' || unicode.Is(unicode.Bidi_Control, r):
		return faultf("remove it", "the invisible character %U", r)
	}
	return fault{}
}
