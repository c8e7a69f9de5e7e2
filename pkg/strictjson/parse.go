package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"unicode/utf8"

	"glusterd-shares/pkg/state"
)

// maxDepth is how deep values may lie in each other.
const maxDepth = 100

// Document is a JSON text that is well formed, and in which no object has a name
// twice.
type Document struct {
	file  string // as positions show it
	mend  string
	lines []int // the offsets of the lines' beginnings
	root  *node
}

// node is one value. Of an object names and items belong together.
type node struct {
	at    int // offset
	token json.Token
	names []string
	items []*node
}

// kind is what the value is, in words.
func (n *node) kind() string {
	switch t := n.token.(type) {
	case json.Delim:
		if t == '{' {
			return "an object"
		}
		return "a list"
	case string:
		return "a text"
	case json.Number:
		return "a number"
	case bool:
		return "true or false"
	}
	return "null"
}

// Parse reads the text, the whole of which is one JSON value. The problem says
// where it is not, and mends says what is to be done about any problem in it.
func Parse(file string, text []byte, mend string) (*Document, *state.Problem) {
	d := &Document{file: file, mend: mend, lines: []int{0}}
	for i, b := range text {
		if b == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, d.problem(-1, "", "it is empty")
	}
	if at := invalidUTF8(text); at >= 0 {
		return nil, d.problem(at, "", "this is not UTF-8")
	}
	p := &parser{Document: d, text: text, tokens: json.NewDecoder(bytes.NewReader(text))}
	p.tokens.UseNumber()
	root, problem := p.value("", 0)
	if problem != nil {
		return nil, problem
	}
	end := p.next()
	if _, err := p.tokens.Token(); !errors.Is(err, io.EOF) {
		return nil, d.problem(end, "", "something follows the document")
	}
	d.root = root
	return d, nil
}

// problem is one at an offset; of the file as a whole where that is negative.
func (d *Document) problem(at int, path, text string) *state.Problem {
	pos := state.Pos{File: d.file}
	if at >= 0 {
		pos.Line = sort.SearchInts(d.lines, at+1)
		pos.Column = at - d.lines[pos.Line-1] + 1
	}
	return &state.Problem{Pos: pos, Path: path, Text: text, Mend: d.mend}
}

func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	at := 0
	for {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
}

type parser struct {
	*Document
	text   []byte
	tokens *json.Decoder
}

// next is the offset of the next token: behind white space and what separates it
// from the one before.
func (p *parser) next() int {
	rest := bytes.TrimLeft(p.text[p.tokens.InputOffset():], space)
	if len(rest) > 0 && (rest[0] == ',' || rest[0] == ':') {
		rest = bytes.TrimLeft(rest[1:], space)
	}
	return len(p.text) - len(rest)
}

const space = " \t\r\n"

// token reads the next one, and says where it stands.
func (p *parser) token(path string) (json.Token, int, *state.Problem) {
	at := p.next()
	t, err := p.tokens.Token()
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return t, at, nil
	case errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) && at < len(p.text):
		return nil, at, p.problem(min(max(int(syntax.Offset)-1, at), len(p.text)-1), path, "this is not JSON: "+syntax.Error())
	}
	return nil, at, p.problem(len(p.text), path, "the document ends in the middle")
}

func (p *parser) value(path string, depth int) (*node, *state.Problem) {
	t, at, problem := p.token(path)
	if problem != nil {
		return nil, problem
	}
	n := &node{at: at, token: t}
	if depth > maxDepth {
		return nil, p.problem(at, "", "values lie too deep in each other")
	}
	switch t {
	case json.Delim('{'):
		return n, p.members(n, path, depth)
	case json.Delim('['):
		return n, p.elements(n, path, depth)
	}
	return n, nil
}

func (p *parser) elements(n *node, path string, depth int) *state.Problem {
	for p.tokens.More() {
		item, problem := p.value(element(path, len(n.items)), depth+1)
		if problem != nil {
			return problem
		}
		n.items = append(n.items, item)
	}
	_, _, problem := p.token(path)
	return problem
}

func (p *parser) members(n *node, path string, depth int) *state.Problem {
	seen := map[string]bool{}
	for p.tokens.More() {
		t, at, problem := p.token(path)
		if problem != nil {
			return problem
		}
		name, _ := t.(string) // the tokens of an object are checked to be texts here
		if seen[name] {
			return p.problem(at, member(path, name), "it stands here twice")
		}
		seen[name] = true
		item, problem := p.value(member(path, name), depth+1)
		if problem != nil {
			return problem
		}
		n.names, n.items = append(n.names, name), append(n.items, item)
	}
	_, _, problem := p.token(path)
	return problem
}

func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func member(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
