package health

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"glusterd-shares/pkg/watch"
)

//go:embed page.css
var style string

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"ago": ago, "word": Word, "plain": plain,
}).Parse(pageText))

// policy lets the page have its own style and nothing else.
var policy = "default-src 'none'; style-src '" + hashOf(style) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// plain is a state as a person reads it.
func plain(s State) string { return strings.ReplaceAll(string(s), "-", " ") }

// Cured reports whether there was an error, and it is over.
func (v Volume) Cured() bool {
	return v.LastError != "" && v.Kind != watch.Failed && v.Kind != watch.Refused
}

// writePage writes the snapshot for a person. Whatever is in it is escaped.
func writePage(w io.Writer, s Snapshot, about About) error {
	return page.Execute(w, struct {
		Snapshot
		About
		Style  template.CSS
		InSync int
	}{s, about, template.CSS(style), s.inSync()})
}

func (s Snapshot) inSync() int {
	n := 0
	for _, v := range s.Volumes {
		if v.Kind == watch.InSync {
			n++
		}
	}
	return n
}
