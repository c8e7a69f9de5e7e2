package faults

import (
	"fmt"
	"os"
	"testing"
)

// TestMain ends with how many cases were tried, and how many of the laws' cases failed.
func TestMain(m *testing.M) {
	builds.caughtBy = map[string]string{}
	var err error
	if built, err = os.MkdirTemp("", "faults-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(built)
	if len(builds.caughtBy) > 0 {
		tellOfPlanted()
	}
	if n := tried.Load(); n > 0 {
		fmt.Printf("faults: %d tried, %d violations\n", n, violations.Load())
	}
	os.Exit(code)
}
