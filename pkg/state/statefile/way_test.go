package statefile_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// wayOf reads a file as the way to volumes.
func wayOf(t *testing.T, text string) (state.Way, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "state.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return statefile.ReadOnce([]string{file}, nil).ParseWay()
}

// What is written of a way is read as the same, and every part of it is written.
func TestFormatWay(t *testing.T) {
	full := state.Way{MountPointBase: "/srv/mounts", SSH: state.SSH{
		PrivateKey: "~/.ssh/id", PassphraseFile: "/etc/a b: #c\"\\'", PasswordFile: "~/-ü", KnownHosts: "/k",
		HostKeyFingerprint: "SHA256:" + strings.Repeat("+/", 21) + "A", Port: 2222, ConnectTimeout: 30, Become: true,
	}}
	for _, part := range []reflect.Value{reflect.ValueOf(full), reflect.ValueOf(full.SSH)} {
		for i := range part.NumField() {
			if name := part.Type().Field(i).Name; part.Field(i).IsZero() && name != "Pos" {
				t.Errorf("%s is not among what is tried", name)
			}
		}
	}
	standard := state.Way{MountPointBase: statefile.DefaultMountPointBase}
	for _, way := range []state.Way{full, standard, {MountPointBase: standard.MountPointBase, SSH: state.SSH{Become: true}}} {
		text := statefile.FormatWay(way)
		if got, err := wayOf(t, "version: 1\n"+text); got != way || err != nil {
			t.Errorf("%+v, %v\nfrom %s\nwant %+v", got, err, text, way)
		}
	}
	if text := statefile.FormatWay(standard); text != "" {
		t.Errorf("%q is written of what holds anyway", text)
	}
}

// A file needs no volumes to tell the way; what it has must be right all the same.
func TestParseWay(t *testing.T) {
	for text, want := range map[string]string{
		"version: 1\n":                         "",
		"version: 1\nssh: {port: 22}\n":        "",
		"version: 1\nssh: {prot: 22}\n":        `unknown key "prot"`,
		"version: 1\nssh: {port: 99999}\n":     "99999",
		"version: 1\nmount_point_base: here\n": "is not an absolute path",
		"version: 1\nvolumes: [{target: x}]\n": "lacks the volume",
		"":                                     "the file is empty",
	} {
		_, err := wayOf(t, text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := statefile.ReadOnce([]string{"/nonexistent.yaml"}, nil).ParseWay(); err == nil {
		t.Error("a file that is not there tells the way")
	}
}
