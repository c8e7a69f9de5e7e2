package main

import (
	"flag"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the golden parts of the scripts anew")

// TestMain lets the scripts run this test binary as the program.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"glusterd-shares": main})
}

// TestScripts runs testdata/script: one file a topic, with what it needs in it.
// Beside the commands of testscript they have those in Cmds, whose docs say
// what they do. Each script runs in a directory of its own.
func TestScripts(t *testing.T) {
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("glusterd-shares")
	if err != nil {
		t.Fatal(err)
	}
	// Where SIGHUP is ignored, as by nohup, the programs would inherit that:
	// one that is caught here is back at its default in them.
	if signal.Ignored(syscall.SIGHUP) {
		caught := make(chan os.Signal, 1)
		signal.Notify(caught, syscall.SIGHUP)
		t.Cleanup(func() { signal.Stop(caught); signal.Ignore(syscall.SIGHUP) })
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { taken.Close() })
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Values["daemons"] = daemons{}
			env.Setenv("EXAMPLES", examples)
			env.Setenv("PROGRAM", program)
			env.Setenv("TAKEN", taken.Addr().String())
			env.Setenv("TERM", "xterm")
			env.Setenv("GLUSTERD_SHARES_LISTEN", "127.0.0.1:0") // many daemons run at once
			env.Setenv("ESC", "\x1b")
			env.Setenv("GORACE", "atexit_sleep_ms=0") // else each run ends with a second of sleep under -race
			return os.Mkdir(filepath.Join(env.WorkDir, "no-programs"), 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"sshd":      startSSHD,
			"unread":    unread,
			"interrupt": signalled("interrupt", os.Interrupt), // control-C
			"hangup":    signalled("hangup", syscall.SIGHUP),  // the terminal is closed
			"terminal":  onTerminal,
			"json":      jsonValue,
			"tree":      tree,
			"locked":    locked,
			"daemon":    startDaemon,
			"manager":   startManager,
			"until":     until,
			"signal":    sendSignal,
			"ended":     ended,
			"fetch":     fetch,
		},
	})
}
