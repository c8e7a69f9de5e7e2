package sandbox

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

func open(t *testing.T) *Sandbox {
	t.Helper()
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ensure makes volumes of the host h.
func ensure(t *testing.T, s *Sandbox, volumes ...string) {
	t.Helper()
	for _, v := range volumes {
		if err := s.Ensure(state.Target{Host: "h", Volume: v}); err != nil {
			t.Fatal(err)
		}
	}
}

// run gives the answer of the host h to a command.
func run(t *testing.T, s *Sandbox, args ...string) gluster.Answer {
	t.Helper()
	ans, err := s.Host("h").Gluster(t.Context(), "", append([]string{"--mode=script", "--xml"}, args...)...)
	if err != nil {
		t.Fatalf("gluster %q: %v", args, err)
	}
	return ans
}

func succeed(t *testing.T, s *Sandbox, args ...string) {
	t.Helper()
	if text := errstr(t, run(t, s, args...)); text != "" {
		t.Fatalf("gluster %q: %s", args, text)
	}
}

// errstr is why glusterd refused; empty where it didn't.
func errstr(t *testing.T, ans gluster.Answer) string {
	t.Helper()
	var doc struct {
		OpRet    int    `xml:"opRet"`
		OpErrstr string `xml:"opErrstr"`
	}
	if err := xml.Unmarshal([]byte(ans.Stdout), &doc); err != nil {
		t.Fatalf("%q is not an answer: %v", ans.Stdout, err)
	}
	if doc.OpRet != 0 && doc.OpErrstr == "" {
		return "refused without a word"
	}
	return doc.OpErrstr
}

// options are those of a volume of the host h, as volume info shows them.
func options(t *testing.T, s *Sandbox, volume string) table {
	t.Helper()
	var doc struct {
		Options []struct {
			Name  string `xml:"name"`
			Value string `xml:"value"`
		} `xml:"volInfo>volumes>volume>options>option"`
	}
	if err := xml.Unmarshal([]byte(run(t, s, "volume", "info", volume).Stdout), &doc); err != nil {
		t.Fatal(err)
	}
	out := table{}
	for _, o := range doc.Options {
		out[o.Name] = o.Value
	}
	return out
}

func TestOpenRefusesAnotherDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir)
	if err == nil || !strings.Contains(err.Error(), "thesis.txt") {
		t.Errorf("Open = %v; want a refusal that names what is there", err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("the directory has %v now", entries)
	}
}

func TestOpenTakesASandboxAgain(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	again, err := Open(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	ensure(t, again, "gv0")
	if got := options(t, again, "gv0"); len(got) != len(freshOptions) {
		t.Errorf("the volume has %v", got)
	}
}

func TestOpenMakesTheDirectory(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "new", "box")); err != nil {
		t.Error(err)
	}
}

func TestFreshVolume(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	want := table{"nfs.disable": "on", "storage.fips-mode-rchecksum": "on", "transport.address-family": "inet"}
	if got := options(t, s, "gv0"); !maps.Equal(got, want) {
		t.Errorf("a fresh volume has %v; want %v", got, want)
	}
}

// A volume that is made later doesn't get what global options the others have.
// A volume may be called whatever Gluster lets it: no file of the sandbox stands
// in its way.
func TestVolumesOfAnyName(t *testing.T) {
	s := open(t)
	ensure(t, s, "glusterd", "brick", "options")
	if err := s.Restart("h"); err != nil {
		t.Error(err)
	}
	if c, err := s.load("h"); err != nil || len(c.volumes) != 3 {
		t.Errorf("got %v, %v", c, err)
	}
}

func TestLaterVolumeLacksGlobalOptions(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	succeed(t, s, "volume", "set", "gv0", "nfs.export-volumes", "off")
	ensure(t, s, "gv1")
	if v, ok := options(t, s, "gv1")["nfs.export-volumes"]; ok {
		t.Errorf("the later volume has nfs.export-volumes %s", v)
	}
}

// What several processes do at once doesn't get lost: each has opened the
// directory for itself, as the goroutines here do.
func TestSharedDirectory(t *testing.T) {
	s := open(t)
	ensure(t, s, "gv0")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			own, err := Open(s.dir)
			if err != nil {
				t.Error(err)
				return
			}
			args := []string{"--xml", "volume", "set", "gv0", fmt.Sprintf("user.n%d", i), "x"}
			if _, err := own.Host("h").Gluster(t.Context(), "", args...); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := options(t, s, "gv0"); len(got) != len(freshOptions)+8 {
		t.Errorf("the volume has %v; want 8 options of the user's", got)
	}
}

func TestCommandsThatAreNotKnown(t *testing.T) {
	host := open(t).Host("h")
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := host.Gluster(ctx, "", "volume", "info"); err == nil {
		t.Error("a command without --xml was answered")
	}
	if _, err := host.Gluster(ctx, "volume info"); err == nil {
		t.Error("a command on stdin without --xml was answered")
	}
	cancel()
	if _, err := host.Gluster(ctx, "", "--xml", "volume", "info"); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context has ended: %v", err)
	}
}
