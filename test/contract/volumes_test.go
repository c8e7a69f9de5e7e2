package contract

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster"
)

// fresh are the options of a volume that was just made.
var fresh = map[string]string{
	"nfs.disable":                 "on",
	"storage.fips-mode-rchecksum": "on",
	"transport.address-family":    "inet",
}

func (c *cluster) volumes(t *testing.T) map[string]gluster.Volume {
	t.Helper()
	list, err := (&gluster.Client{Host: c.host}).Volumes(context.WithoutCancel(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]gluster.Volume{}
	for _, v := range list {
		out[v.Name] = v
	}
	return out
}

// brick is where the directories of a volume of one brick lie.
func brick(v gluster.Volume) string {
	_, path, _ := strings.Cut(v.Bricks[0], ":/")
	return "/" + path
}

// set sets options that have another value or none.
func (c *cluster) set(t *testing.T, volume string, options map[string]string) {
	t.Helper()
	have := c.volumes(t)[volume].Options
	for _, key := range slices.Sorted(maps.Keys(options)) {
		if have[key] != options[key] {
			c.must(t, "volume", "set", volume, key, options[key])
		}
	}
}

// reset takes from volumes what a fresh one doesn't have, and gives the others
// back what they had.
func (c *cluster) reset(t *testing.T, own []string, others []gluster.Volume) {
	t.Helper()
	for _, v := range others {
		c.set(t, v.Name, v.Options)
	}
	for _, v := range others {
		c.drop(t, v.Name, v.Options)
	}
	for _, name := range own {
		c.drop(t, name, fresh)
	}
}

// drop resets the options that differ from those to be kept.
func (c *cluster) drop(t *testing.T, volume string, keep map[string]string) {
	t.Helper()
	have := c.volumes(t)[volume].Options
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if have[key] != keep[key] {
			c.must(t, "volume", "reset", volume, key)
		}
	}
}

func (c *cluster) must(t *testing.T, args ...string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // it is called at the end of a test as well
	ans, err := c.host.Gluster(ctx, "", append([]string{"--mode=script", "--xml"}, args...)...)
	if err != nil || ans.Code != 0 || !strings.Contains(ans.Stdout, "<opRet>0</opRet>") {
		t.Fatalf("gluster %q: %v, %+v", args, err, ans)
	}
}
