package gluster

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTold(t *testing.T) {
	c, h := client(Answer{Stdout: sample(t, "nfs-server.vol")}, nil)
	got, err := c.Told(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"nfs.gvt2.disable":         "off",
		"nfs3.gvt2.export-dir":     "/t1(10.0.0.1|10.0.0.2)",
		"nfs3.export-dirs":         "on",
		"nfs.gvt.disable":          "off",
		"nfs3.gvt.export-dir":      "/s1(10.0.0.1)",
		"nfs3.export-volumes":      "off",
		"nfs3.gvt2.volume-id":      "690fa6d2-c4ba-456f-96c4-c3ded347ef5c",
		"rpc-auth.addr.gvt2.allow": "*",
		"nfs3.gvt.volume-id":       "f35a740e-50c6-43f0-9bab-34af19e5549e",
		"rpc-auth.addr.gvt.allow":  "*",
		"nfs.drc":                  "off",
		"nfs.nlm":                  "on",
		"nfs.dynamic-volumes":      "on",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if ran := strings.Join(h.calls, "\n"); ran != "--mode=script --xml system:: getspec gluster/nfs" {
		t.Errorf("ran %s", ran)
	}
}

// Without a volfile nothing was told; whatever else is no answer is an error.
func TestToldNothing(t *testing.T) {
	volfile := sample(t, "nfs-server.vol")
	tests := []struct {
		name string
		ans  Answer
		err  error
		want string // empty: no error
	}{
		{"no volfile", Answer{Code: 1}, nil, ""},
		{"glusterd is down", Answer{Stdout: sample(t, "glusterd-down.txt"), Code: 1}, nil, "glusterd does not answer"},
		{"blank", Answer{}, nil, "no volume nfs-server"},
		{"of something else", Answer{Stdout: "volume gvt-client-0\nend-volume\n"}, nil, "no volume nfs-server"},
		{"cut off", Answer{Stdout: volfile[:len(volfile)-40]}, nil, "is cut off"},
		{"an option twice", Answer{Stdout: strings.Replace(volfile, "option nfs.drc off", "option nfs.nlm off", 1)}, nil, `the option "nfs.nlm"`},
		{"no answer", Answer{Code: -1}, errors.New("gone"), "gone"},
	}
	for _, tt := range tests {
		c, _ := client(tt.ans, tt.err)
		got, err := c.Told(t.Context())
		if got != nil || (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, %v; want %q", tt.name, got, err, tt.want)
		}
		if down := tt.name == "glusterd is down"; errors.Is(err, ErrDaemonDown) != down {
			t.Errorf("%s: that glusterd is down is %v", tt.name, !down)
		}
	}
}
