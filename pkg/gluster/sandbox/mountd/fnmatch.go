package mountd

import "strings"

// fnmatch is C's with FNM_CASEFOLD: *, ?, [set], and \ before a character that
// means itself. A slash and a leading dot are characters like any other.
// Classes such as [[:digit:]] are not known here.
func fnmatch(pattern, s string) bool {
	return match(strings.ToLower(pattern), strings.ToLower(s))
}

func match(pattern, s string) bool {
	for pattern != "" {
		switch pattern[0] {
		case '*':
			return matchStar(strings.TrimLeft(pattern, "*"), s)
		case '?':
			if s == "" {
				return false
			}
			pattern, s = pattern[1:], s[1:]
			continue
		case '[':
			if rest, in, ok := matchSet(pattern, s); ok {
				if !in {
					return false
				}
				pattern, s = rest, s[1:]
				continue
			}
		case '\\':
			if pattern = pattern[1:]; pattern == "" {
				return false
			}
		}
		if s == "" || pattern[0] != s[0] {
			return false
		}
		pattern, s = pattern[1:], s[1:]
	}
	return s == ""
}

func matchStar(pattern, s string) bool {
	for i := range len(s) + 1 {
		if match(pattern, s[i:]) {
			return true
		}
	}
	return false
}

// matchSet matches the first character of s with the set that the pattern
// begins with, and gives the pattern behind it. ok is false where the bracket
// is never closed: it is an ordinary character then.
func matchSet(pattern, s string) (rest string, in, ok bool) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	for first := i; i < len(pattern) && (pattern[i] != ']' || i == first); {
		low, next := setChar(pattern, i)
		high := low
		if next+1 < len(pattern) && pattern[next] == '-' && pattern[next+1] != ']' {
			high, next = setChar(pattern, next+1)
		}
		in = in || s != "" && s[0] >= low && s[0] <= high
		i = next
	}
	if i >= len(pattern) {
		return "", false, false
	}
	return pattern[i+1:], s != "" && in != negated, true
}

// setChar gives the character of a set at i, which \ may precede, and where
// the next one begins.
func setChar(pattern string, i int) (c byte, next int) {
	if pattern[i] == '\\' && i+1 < len(pattern) {
		i++
	}
	return pattern[i], i + 1
}
