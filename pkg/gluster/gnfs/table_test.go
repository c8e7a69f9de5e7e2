package gnfs

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

// row is one line of a table in testdata: what is read, two or more spaces,
// and what it comes to.
type row struct{ where, in, want string }

var columns = regexp.MustCompile(` {2,}`)

func tableOf(t *testing.T, file string) []row {
	t.Helper()
	var out []row
	for i, line := range lines(t, file) {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := columns.Split(line, 2)
		if len(cells) != 2 {
			t.Fatalf("testdata/%s:%d: %q has no two columns", file, i+1, line)
		}
		out = append(out, row{fmt.Sprintf("testdata/%s:%d: %s", file, i+1, cells[0]), cells[0], cells[1]})
	}
	if len(out) == 0 {
		t.Fatalf("testdata/%s is empty", file)
	}
	return out
}

func lines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimRight(string(text), "\n"), "\n")
}

func TestHosts(t *testing.T) {
	for _, row := range tableOf(t, "hosts.txt") {
		if got := describeHost(row.in); got != row.want {
			t.Errorf("%s is %s, want %s", row.where, got, row.want)
		}
	}
}

func describeHost(spec string) string {
	p, name, err := parseHostSpec(spec)
	switch {
	case err != nil:
		return "broken: " + err.Error()
	case name != "":
		return "name " + name
	}
	return state.SetOf(p).String()
}

func TestEntries(t *testing.T) {
	var value, where string
	var want []string
	check := func() {
		if got := describeEntries(value); value != "" && strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s is\n\t%s\nwant\n\t%s", where, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
		}
	}
	for i, line := range append(lines(t, "entries.txt"), "") {
		entry, indented := strings.CutPrefix(line, "\t")
		switch {
		case indented:
			want = append(want, entry)
		case !strings.HasPrefix(line, "#"):
			check()
			value, where, want = line, fmt.Sprintf("testdata/entries.txt:%d: %s", i+1, line), nil
		}
	}
}

func describeEntries(value string) []string {
	entries := parseEntries(value)
	counts := map[string]bool{}
	for _, e := range admitting(entries) {
		counts[e.text] = true
	}
	var out []string
	for _, e := range entries {
		s := e.dir() + "  " + e.clients.all().String()
		if len(e.clients.names) > 0 {
			s += " names " + strings.Join(e.clients.names, " ")
		}
		if !e.plain() {
			s += "  as " + e.path
		}
		out = append(out, s+remarks(e, counts[e.text]))
	}
	return out
}

func remarks(e entry, counts bool) string {
	switch {
	case e.own():
		return "  own"
	case e.broken != nil:
		return "  broken"
	case e.unreadable() != nil:
		return "  unreadable"
	case !e.mountable():
		return "  not mountable"
	case !counts:
		return "  shadowed"
	}
	return ""
}

func TestGates(t *testing.T) {
	for _, row := range tableOf(t, "gates.txt") {
		set, vague := parseAddrList(row.in)
		got := set.String()
		switch {
		case vague && set.Empty():
			got = "vague"
		case vague:
			got += " vague"
		}
		if got != row.want {
			t.Errorf("%s is %s, want %s", row.where, got, row.want)
		}
	}
}
