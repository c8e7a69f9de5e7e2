package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// unitSetting is the value of a key that a unit sets once.
func unitSetting(t *testing.T, unit, key string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^`+key+`=(.*)$`).FindAllStringSubmatch(unit, -1)
	if len(found) != 1 {
		t.Fatalf("the unit sets %s %d times", key, len(found))
	}
	return found[0][1]
}

func packaged(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../packaging/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestUnit holds what the unit says of the program against the program. Whether systemd
// takes it is for make packaging.
func TestUnit(t *testing.T) {
	unit := packaged(t, "systemd/glusterd-shares.service")
	args, ok := commandLine(unitSetting(t, unit, "ExecStart"))
	if err := parses(args); !ok || err != nil {
		t.Errorf("ExecStart: %q: %v", args, err)
	}
	if stop, err := time.ParseDuration(unitSetting(t, unit, "TimeoutStopSec")); err != nil || stop < endGrace+2*time.Second {
		t.Errorf("TimeoutStopSec is %v (%v), and the end may take %v and some more", stop, err, endGrace)
	}
	for key, want := range map[string]string{
		"Type": "notify", "NotifyAccess": "main", // children are not to speak for it
		"RestartPreventExitStatus": "3",
		"RuntimeDirectoryPreserve": "yes", // else systemd would clean up in volumes
		"ConfigurationDirectory":   strings.TrimPrefix(args[len(args)-1], "/etc/"),
		"EnvironmentFile":          "-/etc/default/glusterd-shares",
	} {
		if got := unitSetting(t, unit, key); got != want {
			t.Errorf("%s=%s, want %s", key, got, want)
		}
	}
	if exitInvalid != 3 {
		t.Errorf("the exit code for a wrong command line is %d now", exitInvalid)
	}
}

// TestUnitEnvironment: each line that an admin may bring in is a flag of watch, with a
// value that it takes.
func TestUnitEnvironment(t *testing.T) {
	lines := regexp.MustCompile(`(?m)^#(GLUSTERD_SHARES_\w+)=(.*)$`).FindAllStringSubmatch(packaged(t, "systemd/glusterd-shares.env"), -1)
	if len(lines) == 0 {
		t.Fatal("there are none")
	}
	for _, l := range lines {
		t.Setenv(l[1], l[2])
	}
	if err := parses([]string{"watch", "-f", "state.yaml"}); err != nil {
		t.Error(err)
	}
	root := new(app).rootCommand()
	cmd, _, err := root.Find([]string{"watch"})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		flag := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(l[1], envPrefix), "_", "-"))
		if cmd.Flags().Lookup(flag) == nil && root.PersistentFlags().Lookup(flag) == nil {
			t.Errorf("%s: watch has no --%s", l[1], flag)
		}
	}
}
