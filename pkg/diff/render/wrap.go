package render

import (
	"strings"
	"unicode/utf8"
)

// Wrap breaks text into lines of at most width characters: at blanks, and in a
// word that is longer than a line also after the "," and "|" of an option's
// value. What has no such place stays whole and is longer. Nothing is lost but
// the blanks at the ends of lines. There is always a line.
func Wrap(text string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, piece := range pieces(text, width) {
		n := utf8.RuneCountInString(strings.TrimRight(piece, " "))
		if line != "" && used+n > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line, used = "", 0
		}
		line += piece
		used += utf8.RuneCountInString(piece)
	}
	return append(lines, strings.TrimRight(line, " "))
}

// pieces cuts text where it may be broken.
func pieces(text string, width int) []string {
	var out []string
	for _, word := range strings.SplitAfter(text, " ") {
		if utf8.RuneCountInString(word) <= width {
			out = append(out, word)
			continue
		}
		for word != "" {
			end := strings.IndexAny(word, ",|") + 1
			if end == 0 {
				end = len(word)
			}
			out = append(out, word[:end])
			word = word[end:]
		}
	}
	return out
}
