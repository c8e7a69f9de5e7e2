package diff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// serving exports /s1, /s2, ... to the clients, one word each: "-" is nobody,
// "name" a host name, "?" somebody of 10.0.0.0/29 of whom can't be told who.
func serving(volume string, clients ...string) state.Serving {
	s := state.Serving{Volume: volume, On: true}
	for i, c := range clients {
		e := state.Export{Path: fmt.Sprintf("/s%d", i+1)}
		if known, doubt := strings.CutSuffix(c, "?"); doubt {
			e.Doubt = state.Doubt{Clients: setOf("10.0.0.0/29"), Why: `the gate is "10.*"`}
			c = strings.TrimSuffix(known, ",")
		}
		switch c {
		case "-", "":
		case "name":
			e.Names = []string{"c1"}
		default:
			e.Clients.RW = setOf(strings.Split(c, ",")...)
		}
		s.Exports = append(s.Exports, e)
	}
	return s
}

func planFor(before, after []string) diff.Plan {
	return diff.Plan{
		Volume: state.Volume{Target: state.Target{User: "root", Host: "h", Volume: "gv0"}},
		Before: serving("gv0", before...),
		After:  serving("gv0", after...),
	}
}

// An export is lost when nobody whom it admits may mount it afterwards. Refused
// is the loss of all of two or more, or of half and at least three.
func TestGuardMassRevoke(t *testing.T) {
	tests := []struct {
		name          string
		before, after string
		lost          string // empty: not refused
	}{
		{"nothing exported", "", "", ""},
		{"the only one", "1", "-", ""},
		{"one of two", "1 2", "- 2", ""},
		{"both of two", "1 2", "- -", "/s1 /s2"},
		{"both of two, the entries gone", "1 2", "", "/s1 /s2"},
		{"two of three", "1 2 3", "- - 3", ""},
		{"all of three", "1 2 3", "- - -", "/s1 /s2 /s3"},
		{"two of four, half but only two", "1 2 3 4", "- - 3 4", ""},
		{"three of four", "1 2 3 4", "- - - 4", "/s1 /s2 /s3"},
		{"three of six, exactly half", "1 2 3 4 5 6", "- - - 4 5 6", "/s1 /s2 /s3"},
		{"three of seven", "1 2 3 4 5 6 7", "- - - 4 5 6 7", ""},
		{"those without a client don't count", "1 2 3 - - - -", "- - 3 - - - -", ""},
		{"two of two beside those without a client", "1 2 - -", "- - - -", "/s1 /s2"},
		{"other clients are a loss for these", "1 2", "3 4", "/s1 /s2"},
		{"one client left is no loss", "1,2 3,4", "1 3", ""},
		{"a client more is none either", "1 2", "1,3 2", ""},
		{"host names are clients", "name name", "- -", "/s1 /s2"},
		{"host names that stay", "name name", "name name", ""},
		{"clients in doubt are clients", "? ?", "- -", "/s1 /s2"},
		{"some of those in doubt is not all", "? ?", "1 2", "/s1 /s2"},
		{"all of those in doubt", "? ?", "0,1,2,3,4,5,6,7 0,1,2,3,4,5,6,7,8", ""},
		{"who is known goes, those in doubt may be nobody", "9,? 9,?", "0,1,2,3,4,5,6,7 0,1,2,3,4,5,6,7", "/s1 /s2"},
		{"those in doubt stay in doubt", "? ?", "? ?", ""},
		{"somebody who was known and is in doubt now", "1 2", "? ?", "/s1 /s2"},
		{"swapped", "1 2", "2 1", "/s1 /s2"},
		{"new ones don't outweigh", "1 2", "- - 3 4 5", "/s1 /s2"},
	}
	for _, test := range tests {
		p := planFor(addresses(test.before), addresses(test.after))
		refusals := diff.Guard([]diff.Plan{p}, diff.Allow{OtherVolumes: true})
		var lost []string
		for _, r := range refusals {
			lost = append(lost, r.Paths...)
		}
		if got := strings.Join(lost, " "); got != test.lost {
			t.Errorf("%s: lost %q, want %q", test.name, got, test.lost)
		}
		if allowed := diff.Guard([]diff.Plan{p}, diff.Allow{MassRevoke: true}); allowed != nil {
			t.Errorf("%s: refused although allowed: %v", test.name, allowed)
		}
	}
}

// addresses makes 10.0.0.N of each number N.
func addresses(words string) []string {
	var out []string
	for _, word := range strings.Fields(words) {
		if word == "-" || word == "name" {
			out = append(out, word)
			continue
		}
		var list []string
		for n := range strings.SplitSeq(word, ",") {
			if n != "?" {
				n = "10.0.0." + n
			}
			list = append(list, n)
		}
		out = append(out, strings.Join(list, ","))
	}
	return out
}

// The tool's own mark of a closed volume is no export that could be lost, and a
// volume served whole is one.
func TestGuardCountsExports(t *testing.T) {
	p := planFor(addresses("1 2"), addresses("- -"))
	p.Before.Exports = append(p.Before.Exports, state.Export{Path: "/", Clients: state.Access{RW: state.Everybody}})
	p.After.Exports = append(p.After.Exports, state.Export{Path: "/closed", Own: true})
	r := diff.Guard([]diff.Plan{p}, diff.Allow{})
	if len(r) != 1 || !slices.Equal(r[0].Paths, []string{"/", "/s1", "/s2"}) {
		t.Errorf("%+v", r)
	}
}

// Refused is that all directories of two or more go, or half of them and at least
// three, and that more than two are deleted for good.
func TestGuardMassRemove(t *testing.T) {
	tests := []struct {
		name   string
		shares string // each: stays, new, held, trash, purge, left (in the trash already) or retain
		want   string // the start of the text; empty: not refused
	}{
		{"the only one", "trash", ""},
		{"one of two", "trash stays", ""},
		{"both of two", "trash trash", "2 of 2 directories of shares would go: /s1, /s2"},
		{"both of two, one of them for good", "trash purge", "2 of 2 directories of shares would go: /s1, /s2"},
		{"two of four", "trash trash stays stays", ""},
		{"three of six", "trash trash trash stays stays stays", "3 of 6 directories of shares would go: /s1, /s2, /s3"},
		{"three of seven", "trash trash trash stays stays stays stays", ""},
		{"new ones don't outweigh", "trash trash trash new new new new", "3 of 3 directories"},
		{"nor do those that are held", "trash trash held held", "2 of 2 directories"},
		{"two for good of many", "purge purge stays stays stays", ""},
		{"three for good of many", "purge purge purge trash stays stays stays stays stays", "3 directories would be deleted for good: /s1, /s2, /s3"},
		{"what is in the trash already", "left left left", ""},
		{"what is only un-exported", "retain retain retain", ""},
	}
	for _, test := range tests {
		p := planFor(nil, nil)
		for i, what := range strings.Fields(test.shares) {
			addShare(&p, fmt.Sprintf("s%d", i+1), what)
		}
		var got string
		for _, r := range diff.Guard([]diff.Plan{p}, diff.Allow{}) {
			got += r.Text
		}
		if !strings.HasPrefix(got, test.want) || test.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if allowed := diff.Guard([]diff.Plan{p}, diff.Allow{MassRemove: true}); allowed != nil {
			t.Errorf("%s: refused although allowed: %v", test.name, allowed)
		}
	}
}

// addShare adds a share to a plan, and what happens to its directory.
func addShare(p *diff.Plan, name, what string) {
	s := state.Share{Name: name, Absent: true, OnDelete: state.OnDelete(what)}
	r := state.Retirement{Path: s.Dir(), How: s.OnDelete, ID: state.FileID{Inode: 1}}
	switch what {
	case "held":
		if p.Held == nil {
			p.Held = map[string]string{}
		}
		p.Held[name] = "a file is in the way"
		fallthrough
	case "stays", "new":
		s.Absent, s.OnDelete = false, ""
	case "left":
		s.OnDelete = state.Purge
		r.How, r.ID, r.Left = state.Purge, state.FileID{}, []string{"id"}
	}
	p.Volume.Shares = append(p.Volume.Shares, s)
	if what == "new" {
		p.Actions = append(p.Actions, diff.MakeDir{Share: name, Path: s.Dir()})
	} else if s.Leaves() {
		p.Actions = append(p.Actions, diff.Retire{Share: name, Retirement: r})
	}
}

// shuts is a plan that closes something of volume gv1 and nothing of its own.
func shuts(before, after string) diff.Plan {
	p := planFor(addresses("1"), addresses("1"))
	p.Actions = []diff.Action{diff.Serve{Stage: diff.Global, ServingChange: state.ServingChange{
		Old: p.Before, New: p.After,
		Others: []state.ServingPair{{Old: serving("gv1", addresses(before)...), New: serving("gv1", addresses(after)...)}},
	}}}
	return p
}

func TestGuardOtherVolumes(t *testing.T) {
	tests := []struct {
		name          string
		before, after string
		lost          string // the paths
		text          string
	}{
		{"nothing changes", "1 2", "1 2", "", ""},
		{"nobody was admitted", "- -", "- -", "", ""},
		{"somebody gains", "1", "1,2", "", ""},
		{"one client is enough", "1,2", "1", "gv1:/s1", "gv1:/s1 loses 10.0.0.2"},
		{"who can't be told", "? 1", "- 1", "gv1:/s1", `gv1:/s1 may lose clients: whom it admits can't be told (the gate is "10.*")`},
		{"all who can't be told stay", "? 1", "0,1,2,3,4,5,6,7 1", "", ""},
		{"a name", "name", "-", "gv1:/s1", "gv1:/s1 loses c1"},
		{"several", "1 2,3 4", "- 3 4", "gv1:/s1 gv1:/s2", "gv1:/s1 loses 10.0.0.1; gv1:/s2 loses 10.0.0.2"},
	}
	for _, test := range tests {
		p := shuts(test.before, test.after)
		var lost, text string
		for _, r := range diff.Guard([]diff.Plan{p}, diff.Allow{MassRevoke: true}) {
			lost, text = strings.Join(r.Paths, " "), strings.TrimPrefix(r.Text, "clients of other volumes would lose access: ")
		}
		if lost != test.lost || text != test.text {
			t.Errorf("%s: lost %q, %q, want %q, %q", test.name, lost, text, test.lost, test.text)
		}
		if allowed := diff.Guard([]diff.Plan{p}, diff.Allow{OtherVolumes: true}); allowed != nil {
			t.Errorf("%s: refused although allowed: %v", test.name, allowed)
		}
	}
}

// What another volume loses is no mass revocation of this one.
func TestGuardKeepsVolumesApart(t *testing.T) {
	r := diff.Guard([]diff.Plan{shuts("1 2 3", "- - -")}, diff.Allow{OtherVolumes: true})
	if r != nil {
		t.Errorf("refused: %v", r)
	}
}

func TestGuardTellsOfEveryPlan(t *testing.T) {
	both := planFor(addresses("1 2"), nil)
	both.Actions = shuts("1", "-").Actions
	addShare(&both, "s1", "trash")
	addShare(&both, "s2", "trash")
	quiet := planFor(addresses("1 2"), addresses("1 2"))
	got := diff.Guard([]diff.Plan{quiet, both, both}, diff.Allow{})
	var rules []string
	for _, r := range got {
		rules = append(rules, r.Rule+" "+r.Flag)
	}
	want := []string{
		"mass-revoke --allow-mass-revoke", "mass-remove --allow-mass-remove", "other-volumes --allow-other-volumes",
		"mass-revoke --allow-mass-revoke", "mass-remove --allow-mass-remove", "other-volumes --allow-other-volumes",
	}
	if d := cmp.Diff(want, rules); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	wantText := "root@h:/gv0: 2 of 2 exports would lose every client that they have now: /s1, /s2; " +
		"if that is meant, run apply with --allow-mass-revoke"
	if len(got) == 0 || got[0].Error() != wantText {
		t.Errorf("it says\n%v\nwant\n%s", got, wantText)
	}
}

// What was let in since the volume was seen as it should be is no loss; what was let in
// then, and is to go now, is one.
func TestGuardRepair(t *testing.T) {
	for _, test := range []struct {
		name                string
		seen, before, after string
		lost                string // empty: not refused
	}{
		{"closed ones that were opened by hand", "- - -", "1 2 3", "- - -", ""},
		{"what was there then goes", "1 2 3", "1 2 3", "- - -", "/s1 /s2 /s3"},
		{"other clients since then", "1 2", "3 4", "1 2", ""},
		{"everything new", "", "1 2 3", "", ""},
		{"three of those that were there", "1 2 3", "1 2 3 4", "- - - -", "/s1 /s2 /s3"},
		{"host names by hand", "- -", "name name", "- -", ""},
		{"host names that were there", "name name", "name name", "- -", "/s1 /s2"},
		{"doubt by hand", "- -", "? ?", "- -", ""},
		{"doubt that was there", "? ?", "? ?", "- -", "/s1 /s2"},
		{"who was in doubt then is known now", "? ?", "1 2", "- -", "/s1 /s2"},
	} {
		p := planFor(addresses(test.before), addresses(test.after))
		seen := state.Actual{Serving: serving("gv0", addresses(test.seen)...)}
		var lost []string
		for _, r := range diff.GuardRepair(p, seen) {
			lost = append(lost, r.Paths...)
		}
		if got := strings.Join(lost, " "); got != test.lost {
			t.Errorf("%s: refused for %q, want %q", test.name, got, test.lost)
		}
	}
}

// Clients of another volume that were let in by hand are not in the way of what closes
// it; those that were there when it was seen are, and so are those of a volume that
// was not there then.
func TestGuardRepairOfOtherVolumes(t *testing.T) {
	p := planFor(addresses("1"), addresses("1"))
	other := state.ServingPair{Old: serving("gv1", addresses("1")...), New: serving("gv1", addresses("-")...)}
	p.Actions = []diff.Action{diff.Serve{ServingChange: state.ServingChange{Old: p.Before, New: p.After, Others: []state.ServingPair{other}}}}
	for name, test := range map[string]struct {
		others []state.Serving
		want   int
	}{
		"closed then": {[]state.Serving{serving("gv1", addresses("-")...)}, 0},
		"open then":   {[]state.Serving{serving("gv1", addresses("1")...)}, 1},
		"not there":   {nil, 1},
	} {
		seen := state.Actual{Serving: p.Before, Others: test.others}
		if got := diff.GuardRepair(p, seen); len(got) != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
