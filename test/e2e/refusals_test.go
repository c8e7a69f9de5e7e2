//go:build e2e

package e2e

import "testing"

func TestForeignSettings(t *testing.T) {
	cases := []struct {
		name    string
		options []string
		words   []string
	}{
		{"a reject rule", []string{"nfs.rpc-auth-reject", "10.0.0.1"}, []string{"nfs.rpc-auth-reject", "10.0.0.1"}},
		{"a reject rule for all", []string{"nfs.rpc-auth-reject", "*"}, []string{"nfs.rpc-auth-reject"}},
		{"an exports file", []string{"nfs.exports-auth-enable", "on"}, []string{"nfs.exports-auth-enable"}},
		{"names looked up", []string{"nfs.addr-namelookup", "on"}, []string{"nfs.addr-namelookup"}},
	}
	for _, c := range some(t, 3, cases) {
		t.Run(c.name, func(t *testing.T) {
			b := onBed(t)
			vol := b.FreshVolume()
			b.Set(vol, c.options...)
			b.Refused(shares(vol, "name: alpha, access: [10.0.0.1]"), c.words...)
		})
	}
}

// A reject rule that shuts out a part of a declared network is not ours to
// judge: what can be granted is.
func TestARejectRuleForAPart(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Set(vol, "nfs.rpc-auth-reject", "10.0.0.2")
	b.Apply(shares(vol, "name: alpha, access: [10.0.0.0/24]"))
	b.ExpectMounts(vol, grants{"alpha": "1 4"})
	if got := b.Options(vol)["nfs.rpc-auth-reject"]; got != "10.0.0.2" {
		b.Errorf("nfs.rpc-auth-reject is %q", got)
	}
}

// A volume that is served whole has clients that would be shut out.
func TestAVolumeServedWhole(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Set(vol, "nfs.disable", "off")
	b.Refused(shares(vol, "name: alpha, access: [10.0.0.1]"), "nfs.export-volumes")
	b.Apply(State{Volumes: []Volume{{
		Name: vol, Keys: "undeclared: revoke", Shares: []string{"name: alpha, access: [10.0.0.1]"},
	}}})
	b.ExpectMounts(vol, grants{"alpha": "1"})
}

func TestAnotherVolumeServedWhole(t *testing.T) {
	b := onBed(t)
	vol, other := b.FreshVolume(), b.FreshVolume()
	b.Set(other, "nfs.disable", "off")
	state := shares(vol, "name: alpha, access: [10.0.0.1]")
	b.Refused(state, other, "--allow-other-volumes")
	b.Apply(state, "--allow-other-volumes")
	b.ExpectMounts(vol, grants{"alpha": "1"})
	b.ExpectMounts(other, nil)
}

// A change that takes every client away from all exports is more likely a
// mistake than a wish.
func TestMassRevoke(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, access: [10.0.0.1]", "name: beta, access: [10.0.0.2]"))
	state := shares(vol, "name: alpha, access: []", "name: beta, access: []")
	b.Refused(state, "--allow-mass-revoke")
	b.ExpectMounts(vol, grants{"alpha": "1", "beta": "2"})
	b.Apply(state, "--allow-mass-revoke")
	b.ExpectMounts(vol, grants{"alpha": "", "beta": ""})
}
