package statefile_test

import (
	"bytes"
	"regexp"
	"testing"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// Whatever the text, Parse returns; what it finds wrong lies in the file and
// says how to mend it; what it lets through keeps to the list of allowed
// characters.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.yaml", "testdata/bad/*.yaml"} {
		for _, file := range glob(f, pattern) {
			f.Add(read(f, file))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := parse("f", text)
		if err == nil {
			checkDesired(t, got)
			return
		}
		last := bytes.Count(text, []byte("\n")) + 1
		for _, p := range statefile.Problems(err) {
			if p.Pos.File != "f" || p.Pos.Line > last {
				t.Errorf("a position outside the file's %d lines: %v", last, p)
			}
			if p.Text == "" || p.Mend == "" {
				t.Errorf("no text or no mend: %+v", p)
			}
			if goType.MatchString(p.Error()) || control.MatchString(p.Error()) {
				t.Errorf("not for a reader's eyes: %q", p)
			}
		}
		if len(statefile.Problems(err)) == 0 {
			t.Errorf("an error without problems: %v", err)
		}
	})
}

var (
	allowed = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._+@-]*(/[A-Za-z0-9_][A-Za-z0-9._+@-]*)*$`)
	account = regexp.MustCompile(`^([A-Za-z0-9_][A-Za-z0-9_.@$+-]*)?$`)
	goType  = regexp.MustCompile(`yaml\.Node|\*yaml|map\[string\]|interface \{|runtime error`)
	control = regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f]`)
)

func checkDesired(t *testing.T, d state.Desired) {
	if len(d.Volumes) == 0 {
		t.Error("no volumes and no error")
	}
	for _, v := range d.Volumes {
		names := map[string]bool{}
		if len(v.Shares) == 0 {
			t.Errorf("%s has no shares", v.Target)
		}
		for _, s := range v.Shares {
			if !allowed.MatchString(s.Name) || names[s.Name] {
				t.Errorf("the name %q is not allowed or there twice", s.Name)
			}
			names[s.Name] = true
			if !account.MatchString(s.Owner) || !account.MatchString(s.Group) || s.Mode.Bits > 0o7777 {
				t.Errorf("owner, group or mode: %+v", s)
			}
			checkRules(t, s)
		}
	}
}

func checkRules(t *testing.T, s state.Share) {
	everybody := s.Clients().All().IsEverybody()
	for _, r := range s.Access {
		everybody = everybody && !r.IsAny()
	}
	if everybody {
		t.Errorf("%s is open to everybody without any: %+v", s.Name, s.Access)
	}
	if len(s.Access) > 0 && s.Clients().Empty() {
		t.Errorf("%s has rules that come to nobody", s.Name)
	}
}
