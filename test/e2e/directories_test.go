//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

// ExpectStat checks owner, group and mode of something on a volume.
func (b *Bed) ExpectStat(vol, path, want string) {
	b.Helper()
	if got := strings.TrimSpace(b.On(vol, "stat", "-c", "%U %G %a", path)); got != want {
		b.Errorf("%s is %s; want %s", path, got, want)
	}
}

func TestOwnerGroupAndMode(t *testing.T) {
	cases := []struct{ name, share, want string }{
		{"all of them", `name: alpha, owner: daemon, group: games, mode: "2770", access: []`, "daemon games 2770"},
		{"numbers", `name: alpha, owner: "1", group: "60", mode: "1777", access: []`, "daemon games 1777"},
		{"left out", "name: alpha, access: []", "root root 755"},
	}
	for _, c := range some(t, 3, cases) {
		t.Run(c.name, func(t *testing.T) {
			b := onBed(t)
			vol := b.FreshVolume()
			b.Apply(shares(vol, c.share))
			b.ExpectStat(vol, "alpha", c.want)
		})
	}
}

// What a share leaves out is not managed, and what is in a share is never
// touched.
func TestOnlyWhatIsDeclaredIsSet(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Apply(shares(vol, "name: alpha, access: []"))
	b.On(vol, "sh", "-c", "mkdir alpha/in && chown -R 2:2 alpha && chmod 0711 alpha alpha/in")
	b.Apply(shares(vol, "name: alpha, group: games, access: []"))
	b.ExpectStat(vol, "alpha", "bin games 711")
	b.Apply(shares(vol, `name: alpha, mode: "0750", access: []`))
	b.ExpectStat(vol, "alpha", "bin games 750")
	b.ExpectStat(vol, "alpha/in", "bin bin 711")
}

func TestParentsAreMade(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	b.Apply(shares(vol, `name: teams/red/alpha, group: games, mode: "2770", access: [10.0.0.1]`))
	b.ExpectStat(vol, "teams", "root root 755")
	b.ExpectStat(vol, "teams/red", "root root 755")
	b.ExpectStat(vol, "teams/red/alpha", "root games 2770")
	b.ExpectMounts(vol, grants{"teams/red/alpha": "1", "teams/red": "", "teams": ""})
}

func TestSomethingElseInThePlaceOfADirectory(t *testing.T) {
	cases := []struct{ name, made string }{
		{"a file", "touch alpha"},
		{"a symlink to a directory", "ln -s unlisted alpha"},
		{"a symlink out of the volume", "ln -s /etc alpha"},
		{"a symlink on the way", "mkdir unlisted/beta && ln -s unlisted teams"},
	}
	for _, c := range some(t, 3, cases) {
		t.Run(c.name, func(t *testing.T) {
			b := onBed(t)
			vol := b.FreshVolume()
			b.On(vol, "sh", "-c", c.made)
			name := "alpha"
			if strings.Contains(c.made, "teams") {
				name = "teams/beta"
			}
			file := b.File(shares(vol, "name: "+name+`, mode: "0700", access: [10.0.0.1]`))
			b.Unchanged(vol, func() {
				for _, command := range []string{"plan", "apply"} {
					if r := b.expect(exitFailed, command, "-f", file); !strings.Contains(r.Stdout, "is in the way at /") {
						b.Errorf("%s does not say what is in the way:\n%s", command, r.Stdout)
					}
				}
			})
			b.ExpectStat(vol, unlisted, "root root 755")
		})
	}
}

func TestAnUnknownGroup(t *testing.T) {
	b := onBed(t)
	b.Refused(shares(b.FreshVolume(), "name: alpha, group: nosuchgroup, access: [10.0.0.1]"), "nosuchgroup")
}
