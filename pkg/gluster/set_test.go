package gluster

import (
	"strings"
	"testing"
)

// What Gluster would take wrongly is refused, and nothing is run.
func TestSetRefuses(t *testing.T) {
	tests := []struct {
		name, volume string
		options      []Option
		want         string
	}{
		{"no option", "gvt", nil, "no option to set"},
		{"no volume", "", []Option{{"a.b", "c"}}, "can't be the name of a volume"},
		{"an option for a volume", "--remote-host=x", []Option{{"a.b", "c"}}, "can't be the name of a volume"},
		{"empty value", "gvt", []Option{{"a.b", ""}}, "is empty"},
		{"blank", "gvt", []Option{{"a.b", "10.0.0.1 10.0.0.2"}}, `' ' at byte 8`},
		{"newline", "gvt", []Option{{"user.x", "a\nb"}}, `'\n' at byte 1`},
		{"carriage return", "gvt", []Option{{"a.b", "ü\r"}}, `'\r' at byte 2`},
		{"control", "gvt", []Option{{"a.b", "\x7f"}}, "at byte 0"},
		{"quote", "gvt", []Option{{"nfs.export-dir", `/a"b(10.0.0.1)`}}, `'"' at byte 2`},
		{"backslash", "gvt", []Option{{"nfs.export-dir", `/a\b`}}, `'\\' at byte 2`},
		{"not UTF-8", "gvt", []Option{{"a.b", "\xff"}}, "not UTF-8"},
		{"dash", "gvt", []Option{{"a.b", "--xml"}}, "begins with a dash"},
		{"long exports", "gvt", []Option{{"nfs.export-dir", "/" + strings.Repeat("x", 4010)}}, "4011 bytes"},
		{"long gate", "gvt", []Option{{"nfs.rpc-auth-allow", strings.Repeat("1", 4011)}}, "4011 bytes"},
		{"long name", "gvt", []Option{{"user." + strings.Repeat("x", 90), "x"}}, "no option can have this name"},
		{"the second is bad", "gvt", []Option{{"a.b", "c"}, {"a.c", ""}}, "option a.c: the value is empty"},
		{"help", "gvt", []Option{{"help", "x"}}, "no option can have this name"},
		{"group", "gvt", []Option{{"group", "virt"}}, "no option can have this name"},
		{"key with a blank", "gvt", []Option{{"a.b c", "x"}}, "no option can have this name"},
		{"twice", "gvt", []Option{{"a.b", "c"}, {"a.b", "d"}}, "set twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, h := client(Answer{Stdout: sample(t, "volume-set-ok.xml")}, nil)
			err := c.Set(t.Context(), tt.volume, tt.options)
			if err == nil || !strings.Contains(err.Error(), tt.want) || len(h.calls) != 0 {
				t.Errorf("got %v, ran %d; want %q", err, len(h.calls), tt.want)
			}
		})
	}
	c, _ := client(Answer{}, nil)
	if err := c.StartForce(t.Context(), "a b"); err == nil {
		t.Error("started a volume that can't be")
	}
}

// What may be as long as 4000 bytes of value does not depend on the name.
func TestSetTakesTheLongest(t *testing.T) {
	for _, o := range []Option{
		{"nfs.export-dir", "/" + strings.Repeat("ü", 1999) + "x"},
		{"nfs.rpc-auth-allow", strings.Repeat("1", 4000)},
	} {
		c, h := client(Answer{Stdout: sample(t, "volume-set-ok.xml")}, nil)
		if len(o.Value) != 4000 {
			t.Fatalf("the case is %d bytes long", len(o.Value))
		}
		if err := c.Set(t.Context(), "gvt", []Option{o}); err != nil || !strings.HasSuffix(h.calls[0], " "+o.Value) {
			t.Errorf("%s: got %v", o.Key, err)
		}
	}
}

// What Gluster keeps as it is passes byte for byte: the CLI drops the white
// space of ASCII only.
func TestSetTakesOtherScripts(t *testing.T) {
	for _, v := range []string{"/a\u3000b(10.0.0.1)", "/a\u00a0b(10.0.0.1)", "/a\u0085b", "/a\u2028b", "/\ufeffünï日本(10.0.0.1)"} {
		c, h := client(Answer{Stdout: sample(t, "volume-set-ok.xml")}, nil)
		if err := c.Set(t.Context(), "gvt", []Option{{"nfs.export-dir", v}}); err != nil || !strings.HasSuffix(h.calls[0], " "+v) {
			t.Errorf("%q: got %v", v, err)
		}
	}
}
