package render

import (
	"unicode/utf8"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// widestEntry is how long an entry may be to have whom it admits on its line.
const widestEntry = 40

// kept shows the undeclared exports that stay, byte for byte, and whom each of
// them admits.
func (t *text) kept(exports []state.Export) {
	if len(exports) == 0 {
		return
	}
	t.section("kept: undeclared exports")
	column := 0
	for _, e := range exports {
		if n := entryWidth(e); n <= widestEntry {
			column = max(column, n)
		}
	}
	for _, e := range exports {
		t.symbol(4, diff.Keep)
		if entryWidth(e) <= widestEntry {
			t.put(plain, e.Entry)
			t.to(labelColumn + column + 2)
		} else {
			t.wrapped(e.Entry)
			t.to(labelColumn + 2)
		}
		t.wrapped(admits(e))
	}
}

func entryWidth(e state.Export) int { return utf8.RuneCountInString(Escape(e.Entry)) }

func admits(e state.Export) string {
	text := "admits " + clients(e.Clients, e.Names, e.Doubt)
	if e.Everybody && !e.Clients.RW.IsEverybody() {
		text += "; the entry itself is open to everybody"
	}
	if e.Path == "/" && e.Open() {
		text += "; this is the whole volume"
	}
	if e.Broken != "" {
		text += "; the server can't read it: " + e.Broken
	}
	return text
}
