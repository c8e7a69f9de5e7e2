package contract

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// contractCase is one case: steps, done in order on a fresh pair of volumes.
type contractCase struct {
	name        string
	sandboxOnly string // why it can't be run on a real Gluster; empty: it can
	steps       []step
}

// step is one line of a case with what must come of it.
type step struct {
	words []string
	line  string // as it is written
	want  []string
}

// suite is one file of cases. Its format, line by line:
//
//	case NAME            begins a case
//	only sandbox: WHY    the case isn't run on a real Gluster
//	VERB WORD...         a step; a word may be quoted as in Go, and LENGTHxCHARACTER
//	                     after a tilde is that many of one character: ~4085xa
//	| TEXT               a line of the answer that the step above must give
//	# TEXT               a comment
type suite struct {
	path  string
	cases []*contractCase
	text  []string // what stands before the first case
}

func readSuite(t *testing.T, path string) *suite {
	t.Helper()
	text, err := testdata.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := &suite{path: path}
	for i, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		if err := s.readLine(line); err != nil {
			t.Fatalf("%s:%d: %v", path, i+1, err)
		}
	}
	return s
}

func (s *suite) readLine(line string) error {
	name, isCase := strings.CutPrefix(line, "case ")
	switch {
	case isCase:
		s.cases = append(s.cases, &contractCase{name: name})
		return nil
	case len(s.cases) == 0:
		s.text = append(s.text, line)
		return nil
	case line == "":
		return nil
	}
	c := s.cases[len(s.cases)-1]
	if why, ok := strings.CutPrefix(line, "only sandbox: "); ok {
		c.sandboxOnly = why
		return nil
	}
	if want, ok := strings.CutPrefix(line, "| "); ok && len(c.steps) > 0 {
		last := &c.steps[len(c.steps)-1]
		last.want = append(last.want, want)
		return nil
	}
	words, err := splitWords(line)
	c.steps = append(c.steps, step{words: words, line: line})
	return err
}

func splitWords(line string) ([]string, error) {
	var words []string
	for rest := strings.TrimLeft(line, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		word, _, _ := strings.Cut(rest, " ")
		if rest[0] == '"' {
			quoted, err := strconv.QuotedPrefix(rest)
			if err != nil {
				return nil, fmt.Errorf("a quote that doesn't end: %s", rest)
			}
			rest = rest[len(quoted):]
			word, _ = strconv.Unquote(quoted)
		} else {
			rest = rest[len(word):]
			word = expand(word)
		}
		words = append(words, word)
	}
	return words, nil
}

// expand writes out the end of a word such as /~4085xa.
func expand(word string) string {
	head, tail, ok := strings.Cut(word, "~")
	count, char, ok2 := strings.Cut(tail, "x")
	n, err := strconv.Atoi(count)
	if !ok || !ok2 || err != nil {
		return word
	}
	return head + strings.Repeat(char, n)
}

// write writes the suite with other answers.
func (s *suite) write(t *testing.T, answers map[*contractCase][][]string) {
	t.Helper()
	var b strings.Builder
	for _, line := range s.text {
		b.WriteString(line + "\n")
	}
	for i, c := range s.cases {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString("case " + c.name + "\n")
		if c.sandboxOnly != "" {
			b.WriteString("only sandbox: " + c.sandboxOnly + "\n")
		}
		for j, step := range c.steps {
			b.WriteString(step.line + "\n")
			for _, line := range answers[c][j] {
				b.WriteString("| " + line + "\n")
			}
		}
	}
	if err := os.WriteFile(s.path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
