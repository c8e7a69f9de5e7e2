//go:build e2e

package gluster

import (
	"testing"

	"glusterd-shares/pkg/state"
)

var somebody = uint32(70001)

// Every kind of change, and everything on its way.
func TestFarSideIsLedNowhere(t *testing.T) {
	notLedAway(t, []attack{
		{"chmod", func(d Tree, _ state.FileID) error { return d.Chmod("/a/x", 0o711) }, []string{"a"}},
		{"chown", func(d Tree, _ state.FileID) error { return d.Chown("/a/x", &somebody, nil) }, []string{"a", "a/x"}},
		{"mkdir", func(d Tree, _ state.FileID) error { return d.Mkdir("/a/x/new", 0o711) }, []string{"a", "a/x"}},
		{"write", func(d Tree, _ state.FileID) error { return d.WriteFile("/a/x/new", []byte("text")) }, []string{"a", "a/x", "a/x/new"}},
		{"rename", func(d Tree, old state.FileID) error { return d.Rename("/a/x/old", "/a/y/new", old) }, []string{"a", "a/x", "a/x/old", "a/y/new"}},
		{"remove", func(d Tree, _ state.FileID) error { return d.Remove(TrashDir + "/a/x/file") }, []string{trashOf + "a/x", trashOf + "a/x/file"}},
		{"remove a directory", func(d Tree, _ state.FileID) error { return d.Remove(TrashDir + "/a/x/old") }, []string{trashOf + "a/x/old"}},
		{"remove all", func(d Tree, _ state.FileID) error { _, _, err := d.RemoveSome(TrashDir+"/a", 100); return err }, []string{".glusterd-shares", trashOf + "a/x", trashOf + "a/x/old"}},
		{"lock", taken, []string{".glusterd-shares"}},
	})
}
