package gluster

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	gvtID  = "f35a740e-50c6-43f0-9bab-34af19e5549e"
	gvt2ID = "690fa6d2-c4ba-456f-96c4-c3ded347ef5c"
)

func TestVolumes(t *testing.T) {
	c, h := client(Answer{Stdout: sample(t, "volume-info-gvt.xml")}, nil)
	got, err := c.Volumes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []Volume{{
		Name: "gvt", ID: gvtID, Started: true, Bricks: []string{"10.0.0.254:/bricks/gvt"},
		Options: map[string]string{
			"nfs.export-dir": "/s1(10.0.0.1|10.0.1.3),/s2(10.0.0.0/24)", "nfs.export-volumes": "off",
			"storage.fips-mode-rchecksum": "on", "transport.address-family": "inet", "nfs.disable": "off",
		},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if !slices.Equal(h.calls, []string{"--mode=script --xml volume info"}) {
		t.Errorf("ran %q", h.calls)
	}
}

func TestVolumesOfEveryKind(t *testing.T) {
	tests := []struct {
		file string
		want []string
	}{
		{"volume-info-all.xml", []string{"gvt " + gvtID + " true", "gvt2 " + gvt2ID + " true"}},
		{"volume-info-stopped.xml", []string{"gvt " + gvtID + " false"}},
	}
	for _, tt := range tests {
		c, _ := client(Answer{Stdout: sample(t, tt.file)}, nil)
		vols, err := c.Volumes(t.Context())
		if err != nil {
			t.Errorf("%s: %v", tt.file, err)
		}
		var got []string
		for _, v := range vols {
			started := " false"
			if v.Info().Started {
				started = " true"
			}
			got = append(got, v.Info().Name+" "+v.Info().ID+started)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.file, got, tt.want)
		}
	}
}

// Silence is not emptiness: what is not a whole answer is an error.
func TestVolumesRefusesHalfAnswers(t *testing.T) {
	whole := sample(t, "volume-info-all.xml")
	tests := []struct{ name, stdout, want string }{
		{"nothing", "", "is empty"},
		{"blank", "  \n", "is empty"},
		{"text", "No volumes present", "is not XML"},
		{"text before it", "Error : Request timed out\n" + sample(t, "volume-info-none.xml"), "is not XML"},
		{"cut off", whole[:len(whole)/2], "can't be read"},
		{"end cut off", strings.TrimSuffix(strings.TrimSpace(whole), "</cliOutput>"), "can't be read"},
		{"twice", whole + whole, "goes on after its end"},
		{"text after it", whole + "x", "goes on after its end"},
		{"too long", "<?xml" + strings.Repeat(" ", maxReply), "is longer than"},
		{"another document", `<?xml version="1.0"?><html/>`, "can't be read"},
		{"an entity", `<?xml version="1.0"?><!DOCTYPE c [<!ENTITY x "0">]><cliOutput><opRet>&x;</opRet></cliOutput>`, "can't be read"},
		{"deep", `<?xml version="1.0"?><cliOutput>` + strings.Repeat("<a>", 20_000), "can't be read"},
		{"control character", strings.Replace(whole, "<name>gvt<", "<name>g\x1bvt<", 1), "can't be read"},
		{"no opRet", strings.Replace(whole, "<opRet>0</opRet>", "", 1), "no opRet"},
		{"opRet no number", strings.Replace(whole, "<opRet>0<", "<opRet>ok<", 1), "can't be read"},
		{"another command's", sample(t, "pool-list.xml"), "no volumes element"},
		{"no count", strings.Replace(whole, "<count>2</count>", "", 1), "how many volumes"},
		{"more than there are", strings.Replace(whole, "<count>2<", "<count>3<", 1), "has 2 volumes and says 3"},
		{"fewer than there are", strings.Replace(whole, "<count>2<", "<count>1<", 1), "has 2 volumes and says 1"},
		{"a name twice", strings.Replace(whole, "<name>gvt2<", "<name>gvt<", 1), "volume gvt stands twice"},
		{"an id twice", strings.Replace(whole, gvt2ID, gvtID, 1), "volume gvt2 stands twice"},
		{"no name", strings.Replace(whole, "<name>gvt<", "<name><", 1), `the name ""`},
		{"a name of its own", strings.Replace(whole, "<name>gvt<", "<name>../g\n<", 1), `the name "../g"`},
		{"no id", strings.Replace(whole, gvtID, "", 1), `the id ""`},
		{"no status", strings.Replace(whole, "<status>1</status>", "", 1), `the status ""`},
		{"another status", strings.Replace(whole, "<status>1<", "<status>7<", 1), `the status "7"`},
		{"an option twice", strings.Replace(whole, "<name>nfs.disable<", "<name>nfs.export-dir<", 1), "twice"},
		{"an option without a name", strings.Replace(whole, "<name>nfs.disable<", "<name><", 1), "without a name"},
		{"a refusal", sample(t, "volume-info-missing.xml"), "does not exist"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := client(Answer{Stdout: tt.stdout}, nil)
			vols, err := c.Volumes(t.Context())
			if err == nil || !strings.Contains(err.Error(), tt.want) || vols != nil {
				t.Errorf("got %v, %v; want an error with %q", vols, err, tt.want)
			}
		})
	}
}

// "volume info" says that there are no volumes also when it could not ask.
func TestNoVolumesIsConfirmed(t *testing.T) {
	tests := []struct{ name, list, want string }{
		{"there are none", sample(t, "volume-list-none.xml"), ""},
		{"there is one", strings.Replace(sample(t, "volume-list-none.xml"), "<count>0<", "<count>1<", 1), "doesn't say that there are none"},
		{"no list", sample(t, "volume-set-ok.xml"), "doesn't say that there are none"},
		{"no answer", "", "is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, h := client(Answer{}, nil)
			h.answer = func(_ context.Context, args []string) (Answer, error) {
				if args[len(args)-1] == "info" {
					return Answer{Stdout: sample(t, "volume-info-none.xml")}, nil
				}
				return Answer{Stdout: tt.list}, nil
			}
			vols, err := c.Volumes(t.Context())
			if len(vols) != 0 || (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, %v; want %q", vols, err, tt.want)
			}
		})
	}
}

// Whatever is read, the volumes are as many as the answer says, each with an
// id and a name that it alone has.
func FuzzVolumes(f *testing.F) {
	for _, name := range []string{"volume-info-all.xml", "volume-info-none.xml", "volume-info-missing.xml", "volume-status.xml"} {
		f.Add(sample(f, name))
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := parseReply(s)
		if err != nil {
			return
		}
		vols, err := r.Volumes.volumes()
		if err != nil {
			return
		}
		if len(vols) != *r.Volumes.Count {
			t.Errorf("%d volumes, said to be %d", len(vols), *r.Volumes.Count)
		}
		for i, v := range vols {
			if !volumeName.MatchString(v.Name) || !volumeID.MatchString(v.ID) {
				t.Errorf("volume %+v", v)
			}
			if slices.ContainsFunc(vols[:i], func(w Volume) bool { return w.Name == v.Name || w.ID == v.ID }) {
				t.Errorf("volume %s twice", v.Name)
			}
		}
	})
}
