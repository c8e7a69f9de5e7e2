package remote

import (
	"os/exec"
	"strings"
	"testing"
)

// FuzzScript: whatever the arguments are, they reach the program as they stand, in
// each shell that may be the /bin/sh of a host.
func FuzzScript(f *testing.F) {
	for _, a := range []string{"", "a b", "it's", `\`, "$HOME`id`", "!!", "-n", "\n", "a\n\n", "\x81\x88", "é", "\r", "\t", "%s%%", "'\\''", "\x01\x7f\xff"} {
		f.Add(a, a)
	}
	var shells []string
	for _, name := range []string{"sh", "bash"} {
		path, err := exec.LookPath(name)
		if err != nil {
			f.Fatal(err)
		}
		shells = append(shells, path)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		line, err := script("MARK", false, []string{"printf", "%s\\0", one, two, "end"})
		if strings.Contains(one+two, "\x00") {
			if err == nil {
				t.Error("a byte 0 was let through")
			}
			return
		}
		if err != nil || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Fatalf("%q, %v", line, err)
		}
		for _, sh := range shells {
			cmd := exec.Command(sh, "-c", strings.Replace(shell("MARK"), "/bin/sh", sh, 1))
			cmd.Stdin = strings.NewReader(line + "\n")
			got, err := cmd.Output()
			if want := "\nMARK:ready\n" + one + "\x00" + two + "\x00end\x00"; err != nil || string(got) != want {
				t.Errorf("%s: got %q, %v", sh, got, err)
			}
		}
	})
}
