package mountd

import "strings"

// strtok is C's strtok_r on a string of its own: it skips delimiters, takes
// what follows up to the next one, and goes on behind that.
type strtok struct {
	rest string
	at   int // how many bytes of the string lie before rest
}

// next gives the next token; ok is false where nothing but delimiters is left.
func (s *strtok) next(delims string) (token string, ok bool) {
	s.skip(len(s.rest) - len(strings.TrimLeft(s.rest, delims)))
	if s.rest == "" {
		return "", false
	}
	end := strings.IndexAny(s.rest, delims)
	if end < 0 {
		token = s.rest
		s.skip(len(token))
		return token, true
	}
	token = s.rest[:end]
	s.skip(end + 1)
	return token, true
}

func (s *strtok) skip(n int) {
	s.rest = s.rest[n:]
	s.at += n
}

// split gives all tokens of a string.
func split(s, delims string) []string {
	var out []string
	for t := (strtok{rest: s}); ; {
		token, ok := t.next(delims)
		if !ok {
			return out
		}
		out = append(out, token)
	}
}
