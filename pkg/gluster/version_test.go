package gluster

import (
	"errors"
	"strings"
	"testing"
)

func TestParseVersion(t *testing.T) {
	tests := []struct {
		text string
		want Version // without its text
		ok   bool    // at least MinVersion
	}{
		{"10.3", Version{Major: 10, Minor: 3}, true},
		{"3.6.2beta3", Version{Major: 3, Minor: 6, Patch: 2}, true},
		{"3.5.0", Version{Major: 3, Minor: 5}, true},
		{"3.5", Version{Major: 3, Minor: 5}, true},
		{"3.5qa2", Version{Major: 3, Minor: 5}, true},
		{"3.4.7", Version{Major: 3, Minor: 4, Patch: 7}, false},
		{"3", Version{Major: 3}, false},
		{"3.", Version{Major: 3}, false},
		{"11.1.2.3", Version{Major: 11, Minor: 1, Patch: 2}, true},
		{"4.0dev1.2", Version{Major: 4}, true},
		{"2.99", Version{Major: 2, Minor: 99}, false},
	}
	for _, tt := range tests {
		v, err := ParseVersion(tt.text)
		tt.want.Text = tt.text
		if err != nil || v != tt.want || v.AtLeast(MinVersion) != tt.ok || v.String() != tt.text {
			t.Errorf("%s: got %+v, %v", tt.text, v, err)
		}
	}
	for _, bad := range []string{"", "x", "-3.5", ".5", "v10", "99999999999999999999.1"} {
		if v, err := ParseVersion(bad); err == nil {
			t.Errorf("%q: got %+v", bad, v)
		}
	}
}

func TestVersion(t *testing.T) {
	c, h := client(Answer{Stdout: sample(t, "gluster-version.txt")}, nil)
	v, err := c.Version(t.Context())
	if err != nil || v.String() != "10.3" || h.calls[0] != "--version" {
		t.Errorf("got %v, %v, ran %q", v, err, h.calls)
	}
	tests := []struct {
		name string
		ans  Answer
		err  error
		want string
	}{
		{"old style", Answer{Stdout: "glusterfs 3.6.2beta3 built on Jan 21 2015 14:23:41\n"}, nil, ""},
		{"empty", Answer{}, nil, "not \"glusterfs VERSION\""},
		{"another program", Answer{Stdout: "busybox 1.2\n"}, nil, "not \"glusterfs VERSION\""},
		{"no number", Answer{Stdout: "glusterfs main\n"}, nil, "not a version"},
		{"failed", Answer{Stdout: "glusterfs 10.3\n", Stderr: "no library", Code: 127}, nil, "no library"},
		{"not there", Answer{Code: -1}, ErrNoGluster, "was not run"},
	}
	for _, tt := range tests {
		c, _ := client(tt.ans, tt.err)
		_, err := c.Version(t.Context())
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) || tt.err != nil && !errors.Is(err, tt.err) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}
