//go:build e2e

package e2e

import "testing"

// step is a state that a volume is brought to, and who may mount what then.
type step struct {
	groups string
	keys   string
	shares []string
	mounts grants
}

// transitions are histories of one volume each. The first step of each finds a
// fresh volume.
var transitions = []struct {
	name  string
	steps []step
}{
	{"clients come and go", []step{
		{shares: []string{"name: alpha, access: [10.0.0.1]"}, mounts: grants{"alpha": "1"}},
		{shares: []string{"name: alpha, access: [10.0.0.1, 10.0.0.2]"}, mounts: grants{"alpha": "1 2"}},
		{shares: []string{"name: alpha, access: [10.0.0.2]"}, mounts: grants{"alpha": "2"}},
		{shares: []string{"name: alpha, access: [10.0.1.3]"}, mounts: grants{"alpha": "3"}},
	}},
	{"the last client goes, the first comes back", []step{
		{shares: []string{"name: alpha, access: [10.0.0.1]"}, mounts: grants{"alpha": "1"}},
		{shares: []string{"name: alpha, access: []"}, mounts: grants{"alpha": ""}},
		{shares: []string{"name: alpha, access: [10.0.0.2]"}, mounts: grants{"alpha": "2"}},
	}},
	{"any is added and taken away", []step{
		{shares: []string{"name: alpha, access: [10.0.0.1]", "name: beta, access: [10.0.0.2]"}, mounts: grants{"alpha": "1", "beta": "2"}},
		{shares: []string{"name: alpha, access: [any]", "name: beta, access: [10.0.0.2]"}, mounts: grants{"alpha": "1 2 3 4", "beta": "2"}},
		{shares: []string{"name: alpha, access: [10.0.0.1]", "name: beta, access: [10.0.0.2]"}, mounts: grants{"alpha": "1", "beta": "2"}},
	}},
	{"a group changes", []step{
		{groups: "web: [10.0.0.0/25]", shares: []string{"name: alpha, access: [web, 10.0.1.3]"}, mounts: grants{"alpha": "1 2 3"}},
		{groups: "web: [10.0.0.128/25]", shares: []string{"name: alpha, access: [web, 10.0.1.3]"}, mounts: grants{"alpha": "3 4"}},
		{groups: "web: [10.0.0.0/25, 10.0.0.128/25]", shares: []string{"name: alpha, access: [web]"}, mounts: grants{"alpha": "1 2 4"}},
		{groups: "web: []", shares: []string{"name: alpha, access: [web, 10.0.1.3]"}, mounts: grants{"alpha": "3"}},
	}},
	{"two shares swap their clients", []step{
		{shares: []string{"name: alpha, access: [10.0.0.1]", "name: beta, access: [10.0.0.2]", "name: gamma, access: [10.0.0.1]"}, mounts: grants{"alpha": "1", "beta": "2", "gamma": "1"}},
		{shares: []string{"name: alpha, access: [10.0.0.2]", "name: beta, access: [10.0.0.1]", "name: gamma, access: [10.0.0.1]"}, mounts: grants{"alpha": "2", "beta": "1", "gamma": "1"}},
	}},
	{"one must go while another's directory is made", []step{
		{shares: []string{"name: alpha, access: [10.0.0.1, 10.0.0.2]"}, mounts: grants{"alpha": "1 2"}},
		{shares: []string{"name: alpha, access: [10.0.0.1]", "name: teams/beta, access: [10.0.1.3]"}, mounts: grants{"alpha": "1", "teams/beta": "3", "teams": ""}},
	}},
	{"a share inside another", []step{
		{shares: []string{"name: teams, access: [10.0.0.1]", "name: teams/alpha, access: [10.0.0.1, 10.0.0.2]"}, mounts: grants{"teams": "1", "teams/alpha": "1 2"}},
		{shares: []string{"name: teams, access: []", "name: teams/alpha, access: [10.0.0.2]"}, mounts: grants{"teams": "", "teams/alpha": "2"}},
	}},
	{"a share is not declared any more", []step{
		{shares: []string{"name: alpha, access: [10.0.0.1]", "name: beta, access: [10.0.0.2]"}, mounts: grants{"alpha": "1", "beta": "2"}},
		{shares: []string{"name: alpha, access: [10.0.1.3]"}, mounts: grants{"alpha": "3", "beta": "2"}},
		{keys: "undeclared: revoke", shares: []string{"name: alpha, access: [10.0.1.3]"}, mounts: grants{"alpha": "3", "beta": ""}},
	}},
}

// At no moment of a change is anybody let in whom neither the old nor the new
// state lets in, and nobody whom both let in is kept out.
func TestTransitions(t *testing.T) {
	for _, c := range some(t, 3, transitions) {
		t.Run(c.name, func(t *testing.T) {
			conclusive(t, func(b *Bed) { b.live(c.steps) })
		})
	}
}

// live takes a fresh volume through the steps, watched.
func (b *Bed) live(steps []step) {
	b.Helper()
	vol := b.FreshVolume()
	for i, s := range steps {
		old := grants{}
		if i > 0 {
			old = steps[i-1].mounts
		}
		w := Watched{Volume: vol, Old: old, New: s.mounts, Restarts: i == 0}
		b.Watch(w, func() { b.Apply(s.state(vol)) })
		b.ExpectMounts(vol, s.mounts)
	}
}

func (s step) state(vol string) State {
	return State{
		Top:     "host_groups: {" + s.groups + "}",
		Volumes: []Volume{{Name: vol, Keys: s.keys, Shares: s.shares}},
	}
}

func TestAnAllowedClientReadsAndWrites(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, access: [10.0.0.1, 10.0.1.3]", "name: beta, access: [10.0.0.2]"))
	b.ExpectMounts(vol, grants{"alpha": "1 3", "beta": "2"}) // the server has just started
	file := "/" + vol + "/alpha/file"
	b.Client(1).Write(file, "from the first\n")
	if got := b.Client(3).Read(file); got != "from the first\n" {
		b.Errorf("the third client read %q", got)
	}
	b.Client(2).CannotRead(file)
	if got := b.On(vol, "cat", "alpha/file"); got != "from the first\n" {
		b.Errorf("the share's directory holds %q", got)
	}
}

func TestNothingElseIsMountable(t *testing.T) {
	b := onBed(t)
	vol, other := b.FreshVolume(), b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, access: [any]"))
	b.ExpectMounts(vol, grants{"alpha": "1 2 3 4"})
	b.ExpectMounts(other, grants{"alpha": ""})
}

func TestTwoVolumesAtOnce(t *testing.T) {
	b := onBed(t)
	one, two := b.FreshVolume(), b.FreshVolume()
	b.Apply(State{Volumes: []Volume{
		{Name: one, Shares: []string{"name: alpha, access: [10.0.0.1]"}},
		{Name: two, Shares: []string{"name: alpha, access: [10.0.0.2]"}},
	}})
	b.ExpectMounts(one, grants{"alpha": "1"})
	b.ExpectMounts(two, grants{"alpha": "2"})
}

// A volume that is made later does not carry export-volumes off, which counts
// only where every volume carries it.
func TestAVolumeMadeLater(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	state := shares(vol, "name: alpha, access: [10.0.0.1]")
	b.Apply(state)
	later := b.FreshVolume()
	b.Pending(state)
	b.Apply(state)
	if got := b.Options(later)["nfs.export-volumes"]; got != "off" {
		b.Errorf("the later volume has nfs.export-volumes %q", got)
	}
	b.ExpectMounts(vol, grants{"alpha": "1"})
	b.ExpectMounts(later, nil)
}
