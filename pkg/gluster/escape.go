package gluster

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxShownText = 1000 // characters of what Gluster or a file says
	maxShownArg  = 200  // characters of one argument
)

// escape makes text that comes from a cluster fit for a terminal and a log:
// one line, no control characters, not endless.
func escape(s string, limit int) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.TrimSpace(s) {
		if n++; n > limit {
			fmt.Fprintf(&b, "... (%d bytes)", len(s))
			break
		}
		if strconv.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}

// quoteArgs gives a command as a shell takes it (bash, where an argument has
// control characters).
func quoteArgs(args []string) string {
	var words []string
	for _, a := range args {
		words = append(words, quoteArg(a))
	}
	return strings.Join(words, " ")
}

func quoteArg(a string) string {
	switch {
	case a != "" && !strings.ContainsFunc(a, isSpecial):
		return a
	case utf8.ValidString(a) && !strings.ContainsFunc(a, isUnprintable):
		return "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
	}
	var b strings.Builder
	for i := range len(a) {
		if c := a[i]; c < ' ' || c > '~' || c == '\'' || c == '\\' {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return "$'" + b.String() + "'"
}

// showArgs is quoteArgs with long arguments cut: for reading, not for running.
func showArgs(args []string) string {
	var short []string
	for _, a := range args {
		short = append(short, cut(a))
	}
	return quoteArgs(short)
}

func cut(a string) string {
	if len(a) <= maxShownArg {
		return a
	}
	return strings.ToValidUTF8(a[:maxShownArg], "") + "..."
}

func isUnprintable(r rune) bool { return !strconv.IsPrint(r) }

// isSpecial reports whether a shell may see more than the character in r.
func isSpecial(r rune) bool {
	plain := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !plain && !strings.ContainsRune("-_./:=@%+,", r)
}
