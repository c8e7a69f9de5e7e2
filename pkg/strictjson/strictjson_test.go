package strictjson

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/state"
)

var format = Format{Kind: "thing", Version: "1.2"}

// thing has a field of each kind that documents have.
type thing struct {
	FormatVersion string           `json:"format_version"`
	Kind          string           `json:"kind"`
	Name          string           `json:"name"`
	On            bool             `json:"on"`
	Bytes         uint64           `json:"bytes"`
	Pid           int              `json:"pid"`
	Set           state.Set        `json:"set"`
	At            state.DirKind    `json:"at"`
	Parts         []part           `json:"parts"`
	ByName        map[string]part  `json:"by_name"`
	Maybe         *part            `json:"maybe"`
	Later         string           `json:"later,omitempty"`
	Numbers       map[string]int32 `json:"numbers"`
	Inner
}

// Inner is embedded: its fields are the outer one's.
type Inner struct {
	Deep bool `json:"deep"`
}

type part struct {
	ID uint32 `json:"id"`
}

const sample = `{
  "format_version": "1.2",
  "kind": "thing",
  "name": "\u003ca\u003e",
  "on": true,
  "bytes": 18446744073709551615,
  "pid": -1,
  "set": ["10.0.0.0/24"],
  "at": "directory",
  "parts": [{"id": 1}, {"id": 2}],
  "by_name": {"a": {"id": 4294967295}},
  "maybe": null,
  "numbers": {},
  "deep": true
}
`

func TestRead(t *testing.T) {
	var got thing
	if problems := format.Read("f.json", []byte(sample), "make it anew", &got); len(problems) > 0 {
		t.Fatal(problems)
	}
	want := thing{
		FormatVersion: "1.2", Kind: "thing", Name: "<a>", On: true, Bytes: math.MaxUint64, Pid: -1,
		At: state.Directory, Parts: []part{{1}, {2}}, ByName: map[string]part{"a": {math.MaxUint32}}, Numbers: map[string]int32{}, Inner: Inner{true},
	}
	if fmt.Sprint(got.Set) != "10.0.0.0/24" {
		t.Errorf("the set is %v", got.Set)
	}
	if got.Set = nil; cmp.Diff(want, got) != "" {
		t.Error(cmp.Diff(want, got))
	}
}

// What doesn't fit is a problem, with its place: line and column are those in sample
// with the change.
func TestBadDocuments(t *testing.T) {
	for _, tt := range []struct{ old, new, want string }{
		{sample, "", "f.json: it is empty"},
		{sample, " \n", "f.json: it is empty"},
		{sample, "[]", "f.json:1:1: a list, where an object belongs"},
		{sample, "nonsense", `f.json:1:2: this is not JSON: invalid character 'o' in literal null (expecting 'u')`},
		{sample, `{"kind": "thing"`, "f.json:1:17: the document ends in the middle"},
		{sample, `{"kind": "thi`, "f.json:1:14: kind: the document ends in the middle"},
		{sample, `{"kind" "thing"}`, `f.json:1:9: kind: this is not JSON: invalid character '"' after object key`},
		{sample, strings.Repeat("[", 1000) + strings.Repeat("]", 1000), "f.json:1:102: values lie too deep in each other"},
		{"true", "true,,", `f.json:5:14: this is not JSON: invalid character ',' looking for beginning of object key string`},
		{"<a>", "<\xff>", "f.json:4:13: this is not UTF-8"},
		{"}\n}", "}\n} {}", "x"},
		{`"thing"`, `"other"`, `f.json:3:11: kind: this is "other", where "thing" belongs`},
		{`"kind": "thing",`, ``, `f.json:1:1: kind: this is not said, where "thing" belongs`},
		{`"1.2"`, `"2.0"`, "f.json:2:21: format_version: it has the version 2.0, and this program reads 1"},
		{`"1.2"`, `1.2`, `f.json:1:1: format_version: this is not said, where a version such as "1.2" belongs`},
		{`"1.2"`, `"1"`, `f.json:2:21: format_version: this is "1", where a version such as "1.2" belongs`},
		{`"on": true,`, ``, "f.json:1:1: on: it is missing"},
		{`"on"`, `"On"`, "f.json:5:9: On: nobody knows this field; f.json:1:1: on: it is missing"},
		{`"on": true`, `"on": true, "on": true`, "f.json:5:15: on: it stands here twice"},
		{`{"a"`, `{"a": {"id": 1}, "a"`, "f.json:11:31: by_name.a: it stands here twice"},
		{`{"id": 2}`, `{"id": 2, "more": 1}`, "f.json:10:42: parts[1].more: nobody knows this field"},
		{`{"id": 2}`, `{}`, "f.json:10:24: parts[1].id: it is missing"},
		{`{"id": 2}`, `null`, "f.json:10:24: parts[1]: null, where an object belongs"},
		{`"parts": [{"id": 1}, {"id": 2}]`, `"parts": null`, "f.json:10:12: parts: null, where a list belongs"},
		{`{"a": {"id": 4294967295}}`, `[]`, "f.json:11:14: by_name: a list, where an object belongs"},
		{`4294967295`, `4294967296`, "f.json:11:27: by_name.a.id: 4294967296 is no number that can stand here"},
		{`18446744073709551615`, `18446744073709551616`, "f.json:6:12: bytes: 18446744073709551616 is no number that can stand here"},
		{`18446744073709551615`, `-1`, "f.json:6:12: bytes: -1 is no number that can stand here"},
		{`18446744073709551615`, `1.5`, "f.json:6:12: bytes: 1.5 is no number that can stand here"},
		{`18446744073709551615`, `"1"`, "f.json:6:12: bytes: a text, where a number belongs"},
		{`"deep": true`, `"deep": null`, "f.json:14:11: deep: null, where true or false belongs"},
		{`"on": true`, `"Inner": {}, "on": true`, "f.json:5:12: Inner: nobody knows this field"},
		{`true`, `1`, "f.json:5:9: on: a number, where true or false belongs"},
		{`"name": "\u003ca\u003e"`, `"name": false`, "f.json:4:11: name: true or false, where a text belongs"},
		{`"directory"`, `"dir"`, `f.json:9:9: at: "dir": write missing, directory, not a directory`},
		{`"directory"`, `1`, `f.json:9:9: at: a number, where a text belongs`},
		{`10.0.0.0/24`, `10.0.0.1/24`, "f.json:8:10: set: these are not networks without host bits, in their order, merged as far as they can be"},
		{`10.0.0.0/24`, `10.0.0.1`, `f.json:8:11: set[0]: "10.0.0.1": netip.ParsePrefix("10.0.0.1"): no '/'`},
		{`"on": true`, `"on": 1, "x": 2`, "f.json:5:9: on: a number, where true or false belongs; f.json:5:17: x: nobody knows this field"},
	} {
		text := strings.Replace(sample, tt.old, tt.new, 1)
		if tt.old == "<a>" {
			text = strings.Replace(sample, `\u003ca\u003e`, tt.new, 1)
		}
		if tt.want == "x" {
			text, tt.want = sample+"{}", "f.json:16:1: something follows the document"
		}
		if text == sample {
			t.Errorf("%s is not in the document", tt.old)
		}
		var got []string
		for _, p := range format.Read("f.json", []byte(text), "", &thing{}) {
			got = append(got, p.Error())
		}
		if s := strings.Join(got, "; "); s != tt.want {
			t.Errorf("%s in place of %s:\n got %s\nwant %s", tt.new, tt.old, s, tt.want)
		}
	}
}

// Of very many problems the first ones are told.
func TestManyProblems(t *testing.T) {
	text := strings.Replace(sample, `{"id": 1}`, strings.Repeat("{}, ", 100)+"{}", 1)
	problems := format.Read("f.json", []byte(text), "", &thing{})
	if len(problems) != maxProblems+1 || problems[maxProblems].Error() != "f.json: so it goes on: 81 problems more" {
		t.Errorf("%d problems, the last of them: %v", len(problems), problems[len(problems)-1])
	}
}

// A newer minor version has more fields; they are passed by, and all others are not.
func TestNewerMinorVersion(t *testing.T) {
	text := strings.NewReplacer(`"1.2"`, `"1.3"`, `"on": true`, `"on": true, "new": {"a": [1, null]}`).Replace(sample)
	if problems := format.Read("f.json", []byte(text), "", &thing{}); len(problems) > 0 {
		t.Error(problems)
	}
	problems := format.Read("f.json", []byte(strings.Replace(text, `"on": true,`, "", 1)), "", &thing{})
	if len(problems) != 1 || problems[0].Path != "on" {
		t.Errorf("without a field that it knows: %v", problems)
	}
}

// Whatever the text is, reading it ends well, or with a place.
func FuzzRead(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(`{"kind": "thing", "format_version": "1.9", "parts": [{"id": -1}`))
	f.Add([]byte("\"\xff\""))
	f.Fuzz(func(t *testing.T, text []byte) {
		var v thing
		problems := format.Read("f", text, "mend", &v)
		for _, p := range problems {
			if p.Pos.File != "f" || p.Text == "" || p.Mend != "mend" || p.Pos.Line == 0 && p.Text != "it is empty" {
				t.Errorf("%+v of %q", p, text)
			}
		}
		if len(problems) > 0 || v.FormatVersion != "1.2" {
			return
		}
		again, err := Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var w thing
		if problems := format.Read("f", again, "", &w); len(problems) > 0 || fmt.Sprint(v) != fmt.Sprint(w) {
			t.Errorf("%q reads back otherwise: %v, %q", text, problems, again)
		}
	})
}
