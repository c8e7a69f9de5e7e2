package diff_test

import (
	"fmt"
	"net/netip"
	"testing"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

func TestSummaryLine(t *testing.T) {
	for _, c := range []struct {
		summary diff.Summary
		want    string
	}{
		{diff.Summary{}, "No changes."},
		{diff.Summary{Unchanged: 1}, "No changes: 1 share unchanged."},
		{diff.Summary{Unchanged: 2, Kept: 1}, "No changes: 2 shares unchanged; 1 undeclared export kept."},
		{diff.Summary{Problems: 1}, "No changes; 1 problem."},
		{diff.Summary{Unplanned: 1, Problems: 1}, "Nothing planned; 1 volume not planned, 1 problem."},
		{diff.Summary{Unchanged: 2, Unplanned: 2}, "Nothing planned: 2 shares unchanged; 2 volumes not planned."},
		{diff.Summary{Create: 1, Unplanned: 1, Problems: 1}, "Plan: 1 to create; 1 volume not planned, 1 problem."},
		{diff.Summary{Create: 2, Change: 1, Remove: 1, Unchanged: 5, Options: 3, Kept: 1},
			"Plan: 2 to create, 1 to change, 1 export to close, 5 unchanged; 1 undeclared export kept."},
		{diff.Summary{Change: 1, Kept: 2, Held: 1, Problems: 2, Warnings: 1},
			"Plan: 1 to change; 2 undeclared exports kept, 1 share held, 2 problems, 1 warning."},
		{diff.Summary{Remove: 1, Held: 2, Problems: 1, Warnings: 2},
			"Plan: 1 export to close; 2 shares held, 1 problem, 2 warnings."},
		{diff.Summary{Remove: 1, Trash: 2, Purge: 1, Unexport: 1},
			"Plan: 1 export to close, 2 to move to the trash, 1 to DELETE FOR GOOD, 1 to un-export."},
		{diff.Summary{Trash: 1, Options: 2}, "Plan: 1 to move to the trash."},
		{diff.Summary{Options: 1, Unchanged: 4}, "Plan: 1 option to set, 4 unchanged."},
		{diff.Summary{Options: 2}, "Plan: 2 options to set."},
	} {
		if got := c.summary.String(); got != c.want {
			t.Errorf("%+v is told as\n%s\nwant\n%s", c.summary, got, c.want)
		}
	}
}

// summaryPlan has one of everything that is counted: a share that is made and
// lets somebody in, one whose mode changes, one that loses a client, one as it
// was, one held, and one held that narrows; two exports that go, one of them
// on another volume; and one that an option opens wider.
func summaryPlan() diff.Plan {
	a, b := host("10.0.0.1"), host("10.0.0.2")
	both := state.Union(a, b)
	serving := func(volume, value string, exports ...state.Export) state.Serving {
		return state.Serving{Volume: volume, Exports: exports, Settings: map[string]string{"key": value, "same": "x"}}
	}
	export := func(path string, to state.Set) state.Export {
		return state.Export{Path: path, Entry: path, Clients: state.Access{RW: to}}
	}
	before := serving("gv0", "1",
		export("/loses", both), export("/same", a), export("/held", a), export("/narrows", both), export("/goes", a), export("/wider", a))
	after := serving("gv0", "2",
		export("/made", a), export("/loses", a), export("/same", a), export("/held", a), export("/narrows", a), export("/wider", both))
	other := state.ServingPair{Old: serving("gv1", "1", export("/", both)), New: serving("gv1", "2")}

	p := diff.Plan{
		Found: state.VolumeInfo{ID: "f35a740e"}, Before: before, After: after,
		Actions: []diff.Action{
			diff.MakeDir{Share: "made", Path: "/made"},
			diff.SetPerm{Share: "mode", Path: "/mode"},
			diff.Serve{Stage: diff.Grant, ServingChange: state.ServingChange{Old: before, New: after, Others: []state.ServingPair{other}}},
		},
		Kept:     []state.Export{export("/wider", both)},
		Held:     map[string]string{"held": "no space left on device", "narrows": "no space left on device"},
		Problems: []state.Problem{{Text: "one"}, {Text: "two"}},
		Warnings: []state.Problem{{Text: "one"}},
	}
	for _, name := range []string{"made", "mode", "loses", "same", "held", "narrows"} {
		p.Volume.Shares = append(p.Volume.Shares, state.Share{Name: name})
	}
	return p
}

func host(address string) state.Set {
	return state.SetOf(netip.PrefixFrom(netip.MustParseAddr(address), 32))
}

func TestSummarize(t *testing.T) {
	once := diff.Summary{
		Create: 1, Change: 4, Remove: 2, Unchanged: 1, Options: 1, Kept: 1, Held: 2,
		Problems: 2, Warnings: 1, GainsAccess: 2, LosesAccess: 4,
	}
	if got := diff.Summarize([]diff.Plan{summaryPlan()}); got != once {
		t.Errorf("one plan counts\n%+v\nwant\n%+v", got, once)
	}
	stopped := summaryPlan()
	stopped.Unplanned, stopped.After = true, stopped.Before
	stopped.Actions, stopped.Kept, stopped.Held = nil, nil, nil
	with := once
	with.Unplanned, with.Problems, with.Warnings = 1, 4, 2
	if got := diff.Summarize([]diff.Plan{summaryPlan(), stopped}); got != with {
		t.Errorf("beside the plan of a volume that was not planned it counts\n%+v\nwant\n%+v", got, with)
	}
	if items := stopped.Items(); items != nil {
		t.Errorf("of a volume that was not planned it tells %v", items)
	}
}

func TestItems(t *testing.T) {
	want := []string{
		"+ made", "~ mode", "~ loses", ". same", ". held (no space left on device)", "~ narrows (no space left on device)",
		"- gv0:/goes", "~ gv0:/wider", "- gv1:/",
	}
	var got []string
	for _, i := range summaryPlan().Items() {
		line := fmt.Sprintf("%s %s", i.Symbol, i.Access.Share)
		if i.Access.Share == "" {
			line = fmt.Sprintf("%s %s:%s", i.Symbol, i.Access.Volume, i.Access.Path)
		}
		if i.Held != "" {
			line += " (" + i.Held + ")"
		}
		got = append(got, line)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("items are\n%q\nwant\n%q", got, want)
	}
}

func ExampleSummarize() {
	fmt.Println(diff.Summarize([]diff.Plan{summaryPlan()}))
	// Output:
	// Plan: 1 to create, 4 to change, 2 exports to close, 1 unchanged; 1 undeclared export kept, 2 shares held, 2 problems, 1 warning.
}
