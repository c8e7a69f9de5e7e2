package gnfs

import (
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
)

// decodeCase is one case of testdata/decode.txt.
type decodeCase struct {
	name     string
	settings map[string]map[string]string
	want     []string
}

func decodeCases(t *testing.T) []decodeCase {
	t.Helper()
	var out []decodeCase
	for _, line := range lines(t, "decode.txt") {
		name, isCase := strings.CutPrefix(line, "case ")
		want, isWant := strings.CutPrefix(line, "> ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case isCase:
			out = append(out, decodeCase{name: name, settings: map[string]map[string]string{}})
		case isWant:
			out[len(out)-1].want = append(out[len(out)-1].want, want)
		default:
			out[len(out)-1].set(line)
		}
	}
	return out
}

func (c decodeCase) set(line string) {
	volume, option, isOption := strings.Cut(line, " ")
	if c.settings[volume] == nil {
		c.settings[volume] = map[string]string{}
	}
	if isOption {
		key, value, _ := strings.Cut(option, " ")
		c.settings[volume][key] = value
	}
}

func TestDecode(t *testing.T) {
	cases := decodeCases(t)
	if len(cases) == 0 {
		t.Fatal("no cases")
	}
	for _, c := range cases {
		var got []string
		for _, s := range (Server{}).Decode(c.settings, nil) {
			got = append(got, describeServing(s)...)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got\n\t%s\nwant\n\t%s", c.name, strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
		}
	}
}

func describeServing(s state.Serving) []string {
	out := []string{s.Volume + " off"}
	if s.On {
		out[0] = s.Volume + " on"
	}
	for _, e := range s.Exports {
		line := s.Volume + " " + e.Path + " " + e.Clients.RW.String()
		if len(e.Names) > 0 {
			line += " names " + strings.Join(e.Names, " ")
		}
		if !e.Doubt.Empty() {
			line += " perhaps " + e.Doubt.Clients.String() + ": " + e.Doubt.Why
		}
		if e.MountedAs != "" {
			line += " as " + e.MountedAs
		}
		if e.Broken != "" {
			line += " broken"
		}
		if e.Own {
			line += " own"
		}
		out = append(out, line)
	}
	return out
}

// What is decoded carries the settings it came from, to the byte.
func TestDecodeKeepsTheSettings(t *testing.T) {
	settings := map[string]map[string]string{"gv": {optExportDir: "/a(10.0.0.1) ,,/b", "nfs.port": "2049"}}
	got := Server{}.Decode(settings, nil)
	if len(got) != 1 || got[0].Settings[optExportDir] != "/a(10.0.0.1) ,,/b" || got[0].Settings["nfs.port"] != "2049" {
		t.Errorf("%+v", got)
	}
}
