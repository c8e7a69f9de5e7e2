//go:build e2e

package e2e

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
)

// The programs that the tests run, built once.
var (
	tool  string // the product
	probe string // test/mount3/cmd/mount3
)

// passed and skipped count the tests that took the bed.
var passed, skipped atomic.Int32

func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.list").Value.String() != "" {
		os.Exit(m.Run())
	}
	code, err := runOnBed(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

// runOnBed runs the tests between the bed's up and down. The exit code is 0
// only if at least one test ran, none failed and none was skipped.
func runOnBed(m *testing.M) (code int, err error) {
	if os.Geteuid() != 0 {
		return 1, fmt.Errorf("the tests make network and mount namespaces and need root")
	}
	dir, err := os.MkdirTemp("", "gds-e2e-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil { // the program is run by others, too
		return 1, err
	}
	if tool, err = build(dir, "cmd/glusterd-shares"); err != nil {
		return 1, err
	}
	if probe, err = build(dir, "test/mount3/cmd/mount3"); err != nil {
		return 1, err
	}
	unlock, err := lockBed()
	if err != nil {
		return 1, err
	}
	defer unlock()
	if err := raise(instance, "on"); err != nil {
		return 1, err
	}
	code = m.Run()
	fmt.Printf("e2e: %d passed, %d skipped\n", passed.Load(), skipped.Load())
	tellOfFaults()
	if passed.Load() == 0 || skipped.Load() > 0 {
		code = 1
	}
	return code, lower(instance)
}

// build compiles one of the module's commands into dir.
func build(dir, command string) (string, error) {
	out := filepath.Join(dir, filepath.Base(command))
	cmd := exec.Command("go", "build", "-o", out, "glusterd-shares/"+command)
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", command, err, said)
	}
	return out, nil
}

// lockBed keeps other runs of the tests off the bed until unlock.
func lockBed() (unlock func(), err error) {
	path := "/var/tmp/gds-" + instance + ".lock" // that of alone.sh, too
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s is held: these tests are under way already; name another bed with GDS_INSTANCE", path)
	}
	return func() { f.Close() }, nil
}
