//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Glance is what status says of the one volume of a state file.
type Glance struct {
	InSync        bool `json:"in_sync"`
	Shares        []Glimpse
	Undeclared    []Glimpse
	LimitsUnknown string `json:"limits_unknown"`
	Unread        []any
}

// Glimpse is what it says of one directory.
type Glimpse struct {
	Path      string
	State     string
	Drift     []string
	Directory bool
	Export    bool
	Use       struct {
		Measure     string
		Used, Limit uint64
	}
	Clients struct{ RW []string }
}

// Status runs status, which must write nothing.
func (b *Bed) Status(s State, flags ...string) Glance {
	b.Helper()
	before := b.Writes()
	out := b.expectJSON(exitDone, append([]string{"status", "-f", b.File(s)}, flags...)...)
	if after := b.Writes(); len(after) != len(before) {
		b.Errorf("status wrote %v", after[len(before):])
	}
	var doc struct{ Volumes []struct{ Status Glance } }
	if err := json.Unmarshal([]byte(out), &doc); err != nil || len(doc.Volumes) != 1 {
		b.Fatalf("%v:\n%s", err, out)
	}
	return doc.Volumes[0].Status
}

// at is what stands of the path; nothing where it is not in the list.
func at(list []Glimpse, path string) Glimpse {
	i := slices.IndexFunc(list, func(g Glimpse) bool { return g.Path == path })
	if i < 0 {
		return Glimpse{}
	}
	return list[i]
}

// What an NFS client writes is what is used, of shares without a limit as well.
func TestStatusCountsWhatClientsWrite(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	state := shares(vol,
		"name: alpha, size: 10MiB, access: [10.0.0.1]",
		"name: teams/beta, access: [10.0.0.1]",
		"name: empty, access: []")
	unmade := b.Status(state)
	if a := at(unmade.Shares, "/alpha"); unmade.InSync || a.State != "missing" || a.Use.Measure != "nothing" {
		b.Errorf("before anything is made: %+v", a)
	}
	b.Apply(state)
	b.ExpectMounts(vol, grants{"alpha": "1", "teams/beta": "1"})
	b.Client(1).Write("/"+vol+"/alpha/file", strings.Repeat("x", 3<<20))
	b.Client(1).Write("/"+vol+"/teams/beta/file", strings.Repeat("x", 5<<20))
	b.Eventually(func() string {
		g := b.Status(state)
		alpha, beta, empty := at(g.Shares, "/alpha").Use, at(g.Shares, "/teams/beta").Use, at(g.Shares, "/empty").Use
		if alpha.Used < 3<<20 || beta.Used < 5<<20 {
			return "alpha holds " + fmt.Sprint(alpha.Used) + ", beta " + fmt.Sprint(beta.Used)
		}
		if !g.InSync || alpha.Limit != 10<<20 || beta.Limit != 0 || empty.Measure != "counted" || empty.Used != 0 {
			b.Errorf("%+v", g)
		}
		return ""
	})
	r := b.expect(exitDone, "status", "-f", b.File(state))
	if !regexp.MustCompile(`(?m)^  /alpha +3\.00MiB of 10\.0MiB +10\.0\.0\.1 +in sync$`).MatchString(r.Stdout) {
		b.Errorf("alpha's line is not there:\n%s", r.Stdout)
	}
}

// Where quota is off nothing is counted; that is said, and is not 0.
func TestStatusWithoutQuota(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	state := shares(vol, "name: alpha, access: [10.0.0.1]")
	b.Apply(state)
	b.ExpectMounts(vol, grants{"alpha": "1"})
	b.Client(1).Write("/"+vol+"/alpha/file", "x")
	if g := b.Status(state); at(g.Shares, "/alpha").Use.Measure != "not-counted" {
		b.Errorf("%+v", g)
	}
	if r := b.expect(exitDone, "status", "-f", b.File(state)); !strings.Contains(r.Stdout, "not counted") {
		b.Error(r.Stdout)
	}
}

// What somebody changes by hand is drift, which is no failure.
func TestStatusShowsDrift(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	state := shares(vol,
		`name: alpha, size: 10MiB, mode: "0755", access: [10.0.0.1]`,
		"name: beta, access: [10.0.0.1, 10.0.0.2]", "name: gamma, access: []")
	b.Apply(state)
	b.On(vol, "chmod", "0777", "alpha")
	b.On(vol, "rmdir", "gamma")
	b.Gluster("volume", "quota", vol, "limit-usage", "/alpha", "20MB")
	b.Set(vol, "nfs.export-dir", "/alpha(10.0.0.1),/beta(10.0.0.1)")
	g := b.Status(state)
	for path, want := range map[string]string{"/alpha": "drifted mode size", "/beta": "drifted access", "/gamma": "missing directory"} {
		s := at(g.Shares, path)
		if got := strings.Join(append([]string{s.State}, s.Drift...), " "); got != want {
			b.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if c := at(g.Shares, "/beta").Clients.RW; !slices.Equal(c, []string{"10.0.0.1"}) || g.InSync {
		b.Errorf("beta admits %v now", c)
	}
	b.Apply(state)
	if g := b.Status(state); !g.InSync {
		b.Errorf("after apply: %+v", g)
	}
}

// What no share declares is seen with --all; a blank list of limits is not taken
// for none.
func TestStatusShowsWhatIsUndeclared(t *testing.T) {
	b := onBed(t)
	vol := b.exported("/legacy(10.0.0.2)", "10.0.0.2")
	state := shares(vol, "name: alpha, size: 10MiB, access: [10.0.0.1]", "name: teams/beta, access: []")
	b.Apply(state)
	b.On(vol, "mkdir", "teams/old", "alpha/inside", "with blank")
	b.On(vol, "ln", "-s", "alpha", "link")
	b.Gluster("volume", "quota", vol, "limit-usage", "/legacy", "5MB")

	if g := b.Status(state); len(g.Undeclared) > 0 {
		b.Errorf("without --all: %+v", g.Undeclared)
	}
	g := b.Status(state, "--all")
	var paths []string
	for _, u := range g.Undeclared {
		paths = append(paths, u.Path)
	}
	if want := []string{"/legacy", "/teams/old", "/" + unlisted, "/with blank"}; !slices.Equal(paths, want) || !g.InSync {
		b.Errorf("undeclared are %q, want %q", paths, want)
	}
	if l := at(g.Undeclared, "/legacy"); !l.Directory || !l.Export || l.Use.Limit != 5<<20 || !slices.Equal(l.Clients.RW, []string{"10.0.0.2"}) {
		b.Errorf("%+v", l)
	}

	b.On(vol, "rmdir", "legacy")
	g = b.Status(state, "--all")
	if !strings.Contains(g.LimitsUnknown, "blank") || len(g.Unread) > 0 || at(g.Shares, "/alpha").Use.Limit != 10<<20 {
		b.Errorf("with a blank list: %+v", g)
	}
	if l := at(g.Undeclared, "/legacy"); l.Directory || !l.Export {
		b.Errorf("an export of nothing: %+v", l)
	}
}

// A volume that can't be read is said to be that, and is a failure.
func TestStatusOfAVolumeThatIsStopped(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	state := shares(vol, "name: alpha, access: [10.0.0.1]")
	b.Apply(state)
	b.Gluster("volume", "stop", vol, "force")
	r := b.expect(exitFailed, "status", "-f", b.File(state))
	for _, want := range []string{"/alpha", "not read", "is not started"} {
		if !strings.Contains(r.Stdout, want) {
			b.Errorf("it does not say %q:\n%s", want, r.Stdout)
		}
	}
	b.Gluster("volume", "start", vol)
}
