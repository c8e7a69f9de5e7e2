package statefile_test

import (
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

var update = flag.Bool("update", false, "write the golden files anew")

// addresses makes cmp compare addresses, which hide their fields, by ==.
var addresses = cmpopts.EquateComparable(netip.Prefix{}, netip.Addr{})

// Every file of testdata/good loads as the .golden beside it says.
func TestGoodFiles(t *testing.T) {
	files := append(glob(t, "testdata/good/*.yaml"), "../../../examples/state.yaml")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			got, err := parse(filepath.Base(file), read(t, file))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "testdata/good/"+strings.TrimSuffix(filepath.Base(file), ".yaml")+".golden", dump(got, inFile))
		})
	}
}

// Every file of testdata/bad is refused with the very errors of the .err
// beside it.
func TestBadFiles(t *testing.T) {
	for _, file := range glob(t, "testdata/bad/*.yaml") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			got, err := parse(filepath.Base(file), read(t, file))
			if err == nil {
				t.Fatalf("accepted as\n%s", dump(got, inFile))
			}
			if d := diff(state.Desired{}, got); d != "" {
				t.Errorf("an error comes with a result:\n%s", d)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".err", err.Error()+"\n")
		})
	}
}

// parse reads a file that stands alone.
func parse(name string, text []byte) (state.Desired, error) {
	return statefile.Parse(statefile.File{Name: name, Text: text})
}

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files match %s (%v)", pattern, err)
	}
	return files
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// golden compares got with a file, or writes the file with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if d := diff(string(read(t, file)), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}

// diff shows how two values differ; empty where they are equal.
func diff(want, got any, opts ...cmp.Option) string {
	return cmp.Diff(want, got, append(opts, addresses)...)
}

// dump shows what was loaded: a line each for what stands in the file, with
// its position, as place shows it, and path.
func dump(d state.Desired, place func(state.Pos) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "mount_point_base %s\n", d.MountPointBase)
	if d.SSH != (state.SSH{}) {
		fmt.Fprintf(&b, "ssh private_key=%q known_hosts=%q port=%d%s @ %s\n", d.SSH.PrivateKey, d.SSH.KnownHosts, d.SSH.Port, rarer(d.SSH), place(d.SSH.Pos))
	}
	for _, v := range d.Volumes {
		fmt.Fprintf(&b, "volume %s serve=%s undeclared=%s @ %s %s\n", v.Target, v.Serve, v.Undeclared, place(v.Pos), v.Path)
		for _, s := range v.Shares {
			dumpShare(&b, s, place)
		}
	}
	return b.String()
}

func dumpShare(b *strings.Builder, s state.Share, place func(state.Pos) string) {
	fmt.Fprintf(b, "  share %s", s.Name)
	if s.Absent {
		fmt.Fprintf(b, " absent, %s @ %s %s\n", s.OnDelete, place(s.Pos), s.Path)
		return
	}
	for _, attr := range []struct {
		name, value string
		pos         state.Pos
	}{{"size", size(s.Size), s.SizePos}, {"owner", s.Owner, s.OwnerPos}, {"group", s.Group, s.GroupPos}, {"mode", mode(s.Mode), s.ModePos}} {
		if attr.value != "" || attr.pos != (state.Pos{}) {
			fmt.Fprintf(b, " %s=%s@%s", attr.name, attr.value, place(attr.pos))
		}
	}
	fmt.Fprintf(b, " @ %s %s, access @ %s\n", place(s.Pos), s.Path, place(s.AccessPos))
	for _, r := range s.Access {
		fmt.Fprintf(b, "    %s %s = %s %q @ %s %s\n", r.Level, r.Word, r.To, r.Note, place(r.Pos), r.Path)
	}
}

func mode(m state.Mode) string {
	if !m.Managed {
		return ""
	}
	return fmt.Sprintf("%04o", m.Bits)
}

func size(s state.Size) string {
	if !s.Managed {
		return ""
	}
	return fmt.Sprintf("%s(%d)", s, s.Bytes)
}

// inFile is a position in the one file that there is.
func inFile(p state.Pos) string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// rarer are the settings of ssh that few files have.
func rarer(s state.SSH) string {
	s.PrivateKey, s.KnownHosts, s.Port, s.Pos = "", "", 0, state.Pos{}
	if s == (state.SSH{}) {
		return ""
	}
	return fmt.Sprintf(" passphrase_file=%q password_file=%q fingerprint=%q connect_timeout=%d become=%t", s.PassphraseFile, s.PasswordFile, s.HostKeyFingerprint, s.ConnectTimeout, s.Become)
}
