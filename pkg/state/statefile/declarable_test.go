package statefile_test

import (
	"net/netip"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// accepts reports whether a file is read without a problem.
func accepts(text string) bool {
	_, err := statefile.Parse(statefile.File{Name: "f", Text: []byte(text)})
	return err == nil
}

// What may be declared is what a file may hold, and nothing else.
func TestCheckDir(t *testing.T) {
	target := state.Target{Host: "h", Volume: "v"}
	for name, want := range map[string]bool{
		"alpha": true, "teams/alpha": true, "2024": true, "null": true, "a.b_c+d@e-f": true, "_": true,
		strings.Repeat("a", 255): true, strings.Repeat("a/", 509) + "bb": true,
		"-a": false, ".a": false, "a b": false, "a(b": false, "a,b": false, "a\nb": false, "a\x00": false, "\xff": false, "ä": false,
		"a..": false, "..": false, ".glusterfs": false, ".glusterd-shares/x": false, ".trashcan": false,
		strings.Repeat("a", 256): false, strings.Repeat("a/", 510) + "b": false,
	} {
		err := statefile.CheckDir(target, "/"+name)
		if (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
		if parsed := accepts(oneShare(statefile.Name(name))); parsed != want {
			t.Errorf("%q: a file may hold it: %t", name, parsed)
		}
	}
	if statefile.CheckDir(target, "/") == nil {
		t.Error("the root of a volume")
	}
}

func TestCheckClients(t *testing.T) {
	for words, want := range map[string]bool{
		"10.0.0.1/32": true, "10.0.0.0/24 10.9.0.0/16": true, "0.0.0.0/0": true, "0.0.0.0/1": true, "fd00::1/128": true, "": true,
		"224.0.0.1/32": false, "10.0.0.1/32 240.0.0.0/4": false, "0.0.0.0/8": false, "::/0": false,
	} {
		var prefixes []netip.Prefix
		for _, w := range strings.Fields(words) {
			prefixes = append(prefixes, netip.MustParsePrefix(w))
		}
		set := state.SetOf(prefixes...)
		if err := statefile.CheckClients(set); (err == nil) != want {
			t.Errorf("%s: %v", words, err)
		}
		file := "version: 1\nvolumes: [{target: 'h:/v', shares: [{name: a, access: ['" + strings.Join(set.Strings(), "','") + "']}]}]\n"
		if words != "" && accepts(file) != want {
			t.Errorf("%s: a file may hold it: %t", words, !want)
		}
	}
}

func TestCheckSize(t *testing.T) {
	for bytes, want := range map[uint64]bool{1: true, 1<<63 - 1: true, 1 << 63: false, 0: false} {
		if err := statefile.CheckSize(bytes); (err == nil) != want {
			t.Errorf("%d: %v", bytes, err)
		}
	}
}
