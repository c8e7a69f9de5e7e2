package render

import (
	"strconv"
	"strings"
)

// code makes a code span of text of which nobody knows what is in it: on one
// line, with nothing that a terminal or a reader's eye would obey, and between
// more backticks than there are in it. In a code span nothing means anything:
// no link, HTML or entity, no @name that is told, no #1 that is linked to.
func code(s string) string {
	if s = Escape(s); strings.TrimSpace(s) == "" {
		s = strconv.Quote(s)
	}
	ticks := strings.Repeat("`", longestRun(s)+1)
	first, last := s[0], s[len(s)-1]
	if first == '`' || last == '`' || first == ' ' && last == ' ' {
		s = " " + s + " " // is taken off again
	}
	return ticks + s + ticks
}

// longestRun is how many backticks stand in one row at most.
func longestRun(s string) int {
	longest, run := 0, 0
	for i := range len(s) {
		if run++; s[i] != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// codes are several of them.
func codes(texts []string) string {
	var out []string
	for _, t := range texts {
		out = append(out, code(t))
	}
	return strings.Join(out, ", ")
}

// bullet is an item of a list, with a list of its own below.
func bullet(item string, below ...string) string {
	out := "- " + item + "\n"
	for _, b := range below {
		out += "  - " + b + "\n"
	}
	return out
}

// bullets is a list.
func bullets(items []string) string {
	var out string
	for _, i := range items {
		out += bullet(i)
	}
	return out
}

// numbered is a number of things.
func numbered[N int | uint64](n N, noun string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(noun, "y"):
		noun = strings.TrimSuffix(noun, "y") + "ies"
	case strings.HasSuffix(noun, "s"):
		noun += "es"
	default:
		noun += "s"
	}
	return grouped(n) + " " + noun
}

// grouped is a number as a person reads it: 65,536.
func grouped[N int | uint64](n N) string {
	digits := strconv.FormatUint(uint64(n), 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
