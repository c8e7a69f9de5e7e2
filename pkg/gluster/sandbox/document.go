package sandbox

import (
	"fmt"
	"strings"

	"glusterd-shares/pkg/gluster"
)

// document is XML as gluster prints it: two spaces a level, and an element
// without text in its short form.
type document struct {
	text  strings.Builder
	depth int
}

// leaf writes an element with text.
func (d *document) leaf(name string, value any) {
	text := escape(fmt.Sprint(value))
	if text == "" {
		d.line("<" + name + "/>")
		return
	}
	d.line("<" + name + ">" + text + "</" + name + ">")
}

// in writes an element with elements inside.
func (d *document) in(name string, body func()) {
	d.line("<" + name + ">")
	d.depth++
	body()
	d.depth--
	d.line("</" + name + ">")
}

// line writes a line that is XML already.
func (d *document) line(s string) {
	d.text.WriteString(strings.Repeat("  ", d.depth) + s + "\n")
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// refusal is what glusterd answers to what it doesn't do.
type refusal struct {
	errno int // opErrno
	text  string
	ret   int // opRet; 0: -1, as most have it
}

func (r *refusal) Error() string { return r.text }

// What opErrno says of a refusal: most carry the first.
const (
	errnoFailed   = 30800
	errnoNoVolume = 30806
)

func refuse(format string, args ...any) error { return refusalOf(fmt.Sprintf(format, args...)) }

func refusalOf(text string) *refusal { return &refusal{errno: errnoFailed, text: text} }

// answer is a whole document. A refusal has the exit status 0 as well. body,
// which may be nil, writes what follows the head.
func answer(r *refusal, body func(*document)) gluster.Answer {
	if r == nil {
		r = &refusal{}
	}
	opRet := r.ret
	if r.text != "" && opRet == 0 {
		opRet = -1
	}
	var d document
	d.line(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`)
	d.in("cliOutput", func() {
		d.leaf("opRet", opRet)
		d.leaf("opErrno", r.errno)
		d.leaf("opErrstr", r.text)
		if body != nil {
			body(&d)
		}
	})
	return gluster.Answer{Stdout: d.text.String()}
}
