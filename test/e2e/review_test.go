//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// observe writes down what the volumes of the file are like, and gives the path of that.
func (b *Bed) observe(file string) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "actual.json")
	b.write(path, b.expect(exitDone, "observe", "-f", file).Stdout)
	return path
}

// ground is what the JSON form of a plan has more that is made of an observation.
var ground = regexp.MustCompile(`(?s)  "against": \{.*?\n  \},\n`)

// A plan against what was observed is the live one, to the byte, as text and as JSON: with
// undeclared entries, foreign options and another volume there, for the file that was
// observed and for others.
func TestPlanAgainstWhatWasObserved(t *testing.T) {
	conclusive(t, func(b *Bed) {
		vol, other := b.exported("/legacy(10.0.0.1|10.0.0.0/25),/hosts(c1)", "*"), b.FreshVolume()
		b.Apply(shares(other, "name: x, access: [10.0.1.3]"))
		observed := []string{
			`name: alpha, owner: daemon, mode: "2770", size: 1GiB, access: [10.0.0.1, 10.0.0.2]`,
			"name: teams/beta, access: [10.0.1.3]",
			"name: old, access: [10.0.0.2]",
		}
		b.Apply(shares(vol, observed...))
		b.On(vol, "sh", "-c", "chmod 0711 alpha; mkdir old/inside; echo s3cret-name > old/s3cret-file")
		b.Set(vol, "nfs.volume-access", "read-only", "auth.allow", "10.0.0.*", "user.note", "s3cret-value")
		b.Set(other, "nfs.rpc-auth-reject", "10.0.0.129")
		actual := b.observe(b.File(shares(vol, observed...)))
		text, err := os.ReadFile(actual)
		if err != nil {
			b.Fatal(err)
		}
		if strings.Contains(string(text), "s3cret") || strings.Contains(string(text), `"auth.allow"`) {
			b.Errorf("there is a secret in it:\n%s", text)
		}
		for _, s := range []State{
			shares(vol, observed...),
			shares(vol, observed[0], "name: new, size: 2GiB, access: [10.0.0.1]", "name: teams/beta, size: none, access: []"),
			shares(vol, "name: alpha, state: absent, on_delete: purge", "name: old, state: absent", "name: teams/beta, access: [10.0.0.2]"),
			shares(vol, `name: alpha, owner: "5", size: 2GiB, access: [10.0.0.2]`, "name: new/deep, access: [any]"),
			{Volumes: []Volume{{Name: vol, Keys: "undeclared: revoke", Shares: observed}}},
		} {
			file := b.File(s)
			for _, flags := range [][]string{{"--show-commands"}, {"-o", "json"}} {
				live := b.Tool(append([]string{"plan", "-f", file}, flags...)...)
				got := b.Tool(append([]string{"plan", "-f", file, "--against", actual}, flags...)...)
				first, rest, _ := strings.Cut(got.Stdout, "\n")
				if flags[0] == "-o" {
					rest = ground.ReplaceAllString(got.Stdout, "")
				} else if !strings.HasPrefix(first, "Against "+actual+", observed 20") {
					b.Errorf("the first line is %s", first)
				}
				if rest != live.Stdout || got.Code != live.Code || live.Stdout == "" {
					b.Errorf("%s\nis exit %d against what was observed:\n%s\nand exit %d live:\n%s", b.text(s), got.Code, got.Stdout, live.Code, live.Stdout)
				}
			}
		}
		b.expect(exitRefused, "plan", "-f", b.File(shares(vol, "name: legacy, access: [10.0.0.1]")), "--against", actual)
	})
}

// A saved plan is refused after each kind of change beneath it, and changes nothing
// then; it is applied where nothing has changed, and once.
func TestSavedPlan(t *testing.T) {
	before := []string{
		`name: alpha, mode: "0750", size: 1GiB, access: [10.0.0.1]`,
		"name: old, access: [10.0.0.2]",
		"name: beta, access: [10.0.1.3]",
	}
	after := []string{
		`name: alpha, mode: "0750", size: 2GiB, access: [10.0.0.1, 10.0.0.2]`,
		"name: old, state: absent",
		"name: beta, access: [10.0.1.3]",
		"name: new, access: [10.0.0.1]",
	}
	changes := []struct {
		name string
		make func(b *Bed, vol string)
		says string
	}{
		{"an option", func(b *Bed, vol string) { b.Set(vol, "nfs.rpc-auth-allow", "10.0.0.0/24,10.0.1.3") }, "nfs.rpc-auth-allow"},
		{"an undeclared export", func(b *Bed, vol string) {
			b.On(vol, "mkdir", "legacy")
			b.Set(vol, "nfs.export-dir", b.Options(vol)["nfs.export-dir"]+",/legacy(10.0.0.1)")
		}, "the undeclared export /legacy(10.0.0.1)"},
		{"a directory that is there", func(b *Bed, vol string) { b.On(vol, "mkdir", "new") }, "gone: make the directory /new"},
		{"another directory of the same name", func(b *Bed, vol string) { b.On(vol, "sh", "-c", "mv old other && mkdir old") },
			"other: move the directory /old to the trash"},
		{"a mode", func(b *Bed, vol string) { b.On(vol, "chmod", "0700", "alpha") }, "new: set the permissions of /alpha"},
		{"a limit", func(b *Bed, vol string) { b.Gluster("volume", "quota", vol, "limit-usage", "/alpha", "3GB") }, "limit.old was 1073741824 and is 3221225472"},
		{"another apply", func(b *Bed, vol string) {
			b.Tool("apply", "-f", b.File(shares(vol, append(before[:3:3], after[3])...)))
		},
			"gone: make the directory /new"},
		{"nothing, but a file and an option of others", func(b *Bed, vol string) {
			b.On(vol, "sh", "-c", "echo x > alpha/file")
			b.Set(vol, "auth.allow", "10.0.*")
		}, ""},
	}
	for _, c := range some(t, 3, changes) {
		t.Run(c.name, func(t *testing.T) {
			conclusive(t, func(b *Bed) {
				vol := b.FreshVolume()
				b.Apply(shares(vol, before...))
				plan := filepath.Join(b.TempDir(), "plan.json")
				b.expect(exitDone, "plan", "-f", b.File(shares(vol, after...)), "--out", plan)
				c.make(b, vol)
				if c.says != "" {
					b.Unchanged(vol, func() {
						if r := b.expect(exitRefused, "apply", plan); !strings.Contains(r.Stdout, c.says) {
							b.Errorf("it does not say %q:\n%s", c.says, r.Stdout)
						}
					})
					b.On(vol, "test", "-d", "old")
					return
				}
				b.expect(exitDone, "apply", plan)
				b.expect(exitDone, "plan", "-f", b.File(shares(vol, after...)), "--detailed-exitcode")
				b.ExpectMounts(vol, grants{"alpha": "1 2", "new": "1", "beta": "3", "old": ""})
				if r := b.expect(exitRefused, "apply", plan); !strings.Contains(r.Stdout, "it seems to be applied already") {
					b.Errorf("the second time it says:\n%s", r.Stdout)
				}
			})
		})
	}
}

// A volume that was deleted and made anew under its name is another one.
func TestSavedPlanOfAVolumeThatWasMadeAnew(t *testing.T) {
	b := onBed(t)
	vol := b.FreshVolume()
	plan := filepath.Join(b.TempDir(), "plan.json")
	b.expect(exitDone, "plan", "-f", b.File(shares(vol, "name: alpha, access: [10.0.0.1]")), "--out", plan)
	b.Gluster("volume", "stop", vol, "force")
	b.Gluster("volume", "delete", vol)
	b.do("volume", vol)
	r := b.expect(exitRefused, "apply", plan)
	if !strings.Contains(r.Stdout, "other: the volume\n      id was ") {
		b.Errorf("it does not say so:\n%s", r.Stdout)
	}
}
