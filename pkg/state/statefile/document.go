package statefile

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"glusterd-shares/pkg/state"
)

// oneDocument reads the text as YAML and returns the root of its only
// document.
func oneDocument(file string, text []byte) (*yaml.Node, *state.Problem) {
	at := func(line, column int, text, mend string) *state.Problem {
		return &state.Problem{Pos: state.Pos{File: file, Line: line, Column: column}, Text: text, Mend: mend}
	}
	docs, err := documents(text)
	switch {
	case err != nil:
		line := faultyLine(text, err)
		return nil, at(line, 0, "this is not YAML: "+unnamed(complaint(err)), mendSyntax(complaint(err), lineOf(text, line)))
	case len(docs) == 0 || isEmpty(docs[0]):
		return nil, at(0, 0, "the file is empty", `write "version: 1" and "volumes"; to take access away, write "access: []" at the shares`)
	case len(docs) > 1:
		return nil, at(docs[1].Line, docs[1].Column, "a second document begins here", `keep one document in a file: remove the line "---"`)
	}
	return docs[0].Content[0], nil
}

func isEmpty(doc *yaml.Node) bool {
	return len(doc.Content) == 0 || doc.Content[0].ShortTag() == "!!null"
}

// documents returns the first two documents of the text, or as many as there
// are. yaml.v3 would ignore the second.
//
// Its parser reports trouble by panics; it recovers from those that it knows
// and passes on any other. None of them may take the whole program down for
// what is only a bad file, so this one place recovers.
func documents(text []byte) (docs []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the reader of YAML can't cope with it")
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for len(docs) < 2 {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		docs = append(docs, &doc)
	}
	return docs, nil
}

var prefix = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?`)

// complaint is what yaml.v3 says, without the position that it gives.
func complaint(err error) string { return prefix.ReplaceAllString(err.Error(), "") }

// unnamed leaves the name of an alias out of a complaint: it may be a password that begins
// with *.
func unnamed(complaint string) string {
	if strings.HasPrefix(complaint, "unknown anchor ") {
		return "the anchor of an alias is unknown"
	}
	return complaint
}

// faultyLine finds the line of a syntax error. What yaml.v3 3.0.1 says of it
// is missing on the first line, and else often one less than the line where
// the surrounding mapping begins, or one too many. So it is looked for, from a
// bit before that line on, in growing steps and then between the last two: it
// is the last line of the shortest beginning of the text that has the same
// error.
func faultyLine(text []byte, err error) int {
	lines := bytes.SplitAfter(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
	want := complaint(err)
	has := func(n int) bool {
		_, err := documents(bytes.Join(lines[:n], nil))
		return err != nil && complaint(err) == want
	}
	reported, _ := strconv.Atoi(prefix.FindStringSubmatch(err.Error())[1]) // 0 where there is none
	before, step := max(0, reported-3), 1
	for before+step < len(lines) && !has(before+step) {
		before += step
		step *= 2
	}
	last := min(before+step, len(lines))
	return before + 1 + sort.Search(last-before-1, func(i int) bool { return has(before + 1 + i) })
}

func lineOf(text []byte, line int) string {
	return string(bytes.Split(text, []byte("\n"))[line-1])
}

// syntaxMends tell what mostly leads to what yaml.v3 complains of, by how the
// complaint begins.
var syntaxMends = []struct{ complaint, mend string }{
	{"found character that cannot start", "quote text that begins with @, % or a backquote"},
	{"did not find expected alphabetic", "quote text that begins with * or &; everybody is written any"},
	{"unknown anchor", "write &NAME before what the alias *NAME stands for, above it; quote text that begins with *"},
	{"mapping values are not allowed", "quote text that has a colon in it, or look at the indentation"},
	{"found unexpected end of stream", "look for a quote that is not closed"},
	{"could not find expected ':'", "look for a missing colon"},
	{"did not find expected '-'", "indent the line as its neighbours are"},
	{"did not find expected key", "indent the line as its neighbours are"},
	{"did not find expected ',' or ']'", "look for a missing bracket or comma"},
	{"did not find expected ',' or '}'", "look for a missing brace or comma"},
	{"found incompatible YAML document", "remove this line"},
}

// mendSyntax says what would probably help against a complaint of yaml.v3
// about a line.
func mendSyntax(complaint, line string) string {
	indentation := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	if strings.Contains(indentation, "\t") {
		return "indent with spaces, not with tabs"
	}
	for _, m := range syntaxMends {
		if strings.HasPrefix(complaint, m.complaint) {
			return m.mend
		}
	}
	return "look at the indentation, colons and quotes here and on the line before"
}
