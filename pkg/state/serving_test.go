package state

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestServingChangeSettings(t *testing.T) {
	type options = map[string]string
	other := func(name, old, next string) ServingPair {
		return ServingPair{
			Old: Serving{Volume: name, Settings: options{"global": old}},
			New: Serving{Volume: name, Settings: options{"global": next}},
		}
	}
	tests := []struct {
		name      string
		old, next options
		others    []ServingPair
		want      []Setting
	}{
		{name: "nothing set, nothing written"},
		{name: "same", old: options{"a": "1"}, next: options{"a": "1"}},
		{name: "changed", old: options{"a": "1", "b": "1"}, next: options{"a": "2", "b": "1"},
			want: []Setting{{Key: "a", Old: "1", New: "2", WasSet: true}}},
		{name: "set for the first time", next: options{"a": "1"},
			want: []Setting{{Key: "a", New: "1"}}},
		{name: "set to what an unset option looks like", next: options{"a": ""},
			want: []Setting{{Key: "a"}}},
		{name: "by name", next: options{"c": "1", "a": "1", "b": "1"},
			want: []Setting{{Key: "a", New: "1"}, {Key: "b", New: "1"}, {Key: "c", New: "1"}}},
		{name: "another text of the same is a change", old: options{"a": "on"}, next: options{"a": "ON"},
			want: []Setting{{Key: "a", Old: "on", New: "ON", WasSet: true}}},
		{name: "no option is taken away", old: options{"a": "1"}, next: options{}},
		{name: "right here, wrong on other volumes", old: options{"global": "off"}, next: options{"global": "off"},
			others: []ServingPair{other("gv1", "on", "off"), other("gv2", "", "off")},
			want:   []Setting{{Key: "global", Old: "off", New: "off", WasSet: true, Others: []string{"gv1", "gv2"}}}},
		{name: "right on the others", old: options{"global": "off"}, next: options{"global": "off"},
			others: []ServingPair{other("gv1", "off", "off")}},
	}
	for _, test := range tests {
		c := ServingChange{Old: Serving{Settings: test.old}, New: Serving{Settings: test.next}, Others: test.others}
		if d := cmp.Diff(test.want, c.Settings()); d != "" {
			t.Errorf("%s: -want +got\n%s", test.name, d)
		}
		if got := c.Empty(); got != (len(test.want) == 0) {
			t.Errorf("%s: Empty is %v", test.name, got)
		}
	}
}

func TestServingAt(t *testing.T) {
	s := Serving{Exports: []Export{
		{Path: "/alpha", Entry: "/alpha(10.0.0.1)", Clients: Access{RW: setOf("10.0.0.1")}},
		{Path: "/alpha", Entry: "/alpha/(10.0.0.2)", Clients: Access{RO: setOf("10.0.0.1", "10.0.0.2")}},
		{Path: "/beta", Clients: Access{RW: setOf("10.0.0.9")}},
	}}
	got, exports := s.At("/alpha")
	if want := (Access{RW: setOf("10.0.0.1"), RO: setOf("10.0.0.2")}); !got.Equal(want) {
		t.Errorf("/alpha admits %v, want %v", got, want)
	}
	if len(exports) != 2 || exports[1].Entry != "/alpha/(10.0.0.2)" {
		t.Errorf("/alpha is exported by %v", exports)
	}
	if got, exports := s.At("/gamma"); !got.Empty() || exports != nil {
		t.Errorf("/gamma admits %v by %v", got, exports)
	}
}

// Who is known to be admitted is in no doubt.
func TestServingDoubtAt(t *testing.T) {
	doubt := Doubt{Clients: setOf("10.0.0.0/30"), Why: "a pattern"}
	s := Serving{Exports: []Export{
		{Path: "/alpha", Doubt: doubt},
		{Path: "/alpha", Clients: Access{RW: setOf("10.0.0.2/31")}},
		{Path: "/beta", Doubt: doubt},
		{Path: "/beta", Clients: Access{RO: setOf("10.0.0.0/24")}},
	}}
	want := map[string]Doubt{"/alpha": {Clients: setOf("10.0.0.0/31"), Why: "a pattern"}, "/beta": {}, "/gamma": {}}
	for path, d := range want {
		if got := s.DoubtAt(path); !got.Clients.Equal(d.Clients) || got.Why != d.Why {
			t.Errorf("%s is in doubt for %+v, want %+v", path, got, d)
		}
	}
}

func TestServingNamesAt(t *testing.T) {
	s := Serving{Exports: []Export{
		{Path: "/a", Names: []string{"c2", "c1"}}, {Path: "/b", Names: []string{"c3"}}, {Path: "/a", Names: []string{"c1"}},
	}}
	if d := cmp.Diff([]string{"c1", "c2"}, s.NamesAt("/a")); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if got := s.NamesAt("/c"); len(got) > 0 {
		t.Errorf("what is not exported names %v", got)
	}
}

func TestServingCovers(t *testing.T) {
	serving := func(path string, clients ...string) Serving {
		return Serving{Exports: []Export{{Path: path, Clients: Access{RW: setOf(clients...)}}}}
	}
	named := func(names ...string) Serving { return Serving{Exports: []Export{{Path: "/a", Names: names}}} }
	whole := func(clients ...string) Serving {
		s := serving("/", clients...)
		s.Exports[0].Whole = true
		return s
	}
	doubted := func(clients ...string) Serving {
		return Serving{Exports: []Export{{Path: "/a", Doubt: Doubt{Clients: setOf(clients...), Why: "a pattern"}}}}
	}
	tests := []struct {
		name string
		s, t Serving
		want bool
	}{
		{"nothing covers nothing", Serving{}, Serving{}, true},
		{"more covers less", serving("/a", "10.0.0.0/24"), serving("/a", "10.0.0.1"), true},
		{"less does not cover more", serving("/a", "10.0.0.1"), serving("/a", "10.0.0.0/24"), false},
		{"elsewhere does not count", serving("/b", "10.0.0.0/24"), serving("/a", "10.0.0.1"), false},
		{"what admits nobody needs no cover", Serving{}, serving("/a"), true},
		{"a name is not covered by addresses", serving("/a", "0.0.0.0/0"), named("c1"), false},
		{"a name is covered by itself", named("c1", "c2"), named("c2"), true},
		{"the root is not the whole volume", serving("/", "10.0.0.1"), whole("10.0.0.1"), false},
		{"the whole volume is not its root by another name", whole("10.0.0.1"), serving("/", "10.0.0.1"), false},
		{"whole and whole", whole("10.0.0.0/31"), whole("10.0.0.1"), true},
		{"who is in doubt has to be known", doubted("10.0.0.1"), doubted("10.0.0.1"), false},
		{"who is known covers who is in doubt", serving("/a", "10.0.0.0/24"), doubted("10.0.0.1"), true},
	}
	for _, test := range tests {
		if got := test.s.Covers(test.t); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestExportOpen(t *testing.T) {
	tests := []struct {
		name string
		e    Export
		want bool
	}{
		{"nobody", Export{}, false},
		{"an address", Export{Clients: Access{RW: setOf("10.0.0.1")}}, true},
		{"a reader", Export{Clients: Access{RO: setOf("10.0.0.1")}}, true},
		{"whoever a name stands for", Export{Names: []string{"c1"}}, true},
		{"whoever is in doubt", Export{Doubt: Doubt{Clients: setOf("10.0.0.1"), Why: "a pattern"}}, true},
	}
	for _, test := range tests {
		if got := test.e.Open(); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
