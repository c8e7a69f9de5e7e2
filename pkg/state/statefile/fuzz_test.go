package statefile_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// Whatever the texts, Parse returns; what it finds wrong lies in one of the files
// and says how to mend it; what it lets through keeps to the list of allowed
// characters, and does not depend on the order of the files. Without a second
// text the first stands alone.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/good/*.yaml", "testdata/bad/*.yaml"} {
		for _, file := range glob(f, pattern) {
			f.Add(read(f, file), []byte{})
		}
	}
	for _, dir := range append(dirs(f, "testdata/sets/good"), dirs(f, "testdata/sets/bad")...) {
		files := setFiles(f, dir)
		for i := 1; i < len(files); i++ {
			f.Add(files[i-1].Text, files[i].Text)
		}
	}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		files := []statefile.File{{Name: "f", Text: one}, {Name: "g", Text: two}}
		if len(two) == 0 {
			files = files[:1]
		}
		got, err := statefile.Parse(files...)
		if err == nil {
			checkDesired(t, got)
		} else {
			checkProblems(t, files, err)
		}
		files[0].Name = "z"
		again, errAgain := statefile.Parse(files...)
		if (err == nil) != (errAgain == nil) {
			t.Fatalf("in one order it is %v, in the other %v", err, errAgain)
		}
		if d := diff(granted(got), granted(again)); d != "" {
			t.Errorf("the order of the files changes what is granted:\n%s", d)
		}
	})
}

func checkProblems(t *testing.T, files []statefile.File, err error) {
	last := map[string]int{}
	for _, f := range files {
		last[f.Name] = bytes.Count(f.Text, []byte("\n")) + 1
	}
	problems := statefile.Problems(err)
	if len(problems) == 0 {
		t.Errorf("an error without problems: %v", err)
	}
	for _, p := range problems {
		if end, known := last[p.Pos.File]; !known || p.Pos.Line > end {
			t.Errorf("a position outside the file's %d lines: %v", end, p)
		}
		if p.Text == "" || p.Mend == "" {
			t.Errorf("no text or no mend: %+v", p)
		}
		if goType.MatchString(p.Error()) || control.MatchString(p.Error()) {
			t.Errorf("not for a reader's eyes: %q", p)
		}
	}
}

// granted tells who may use what.
func granted(d state.Desired) map[string]state.Access {
	out := map[string]state.Access{}
	for _, v := range d.Volumes {
		for _, s := range v.Shares {
			out[strings.ToLower(v.Target.String())+s.Dir()] = s.Clients()
		}
	}
	return out
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
