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
		{"no-break space", "gvt", []Option{{"a.b", "a\u00a0b"}}, "at byte 1"},
		{"control", "gvt", []Option{{"a.b", "\x7f"}}, "at byte 0"},
		{"quote", "gvt", []Option{{"nfs.export-dir", `/a"b(10.0.0.1)`}}, `'"' at byte 2`},
		{"backslash", "gvt", []Option{{"nfs.export-dir", `/a\b`}}, `'\\' at byte 2`},
		{"not UTF-8", "gvt", []Option{{"a.b", "\xff"}}, "not UTF-8"},
		{"dash", "gvt", []Option{{"a.b", "--xml"}}, "begins with a dash"},
		{"too long", "gvt", []Option{{"a.b", strings.Repeat("x", maxOption-2)}}, "come to 4001 bytes"},
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

func TestSetTakesTheLongest(t *testing.T) {
	c, h := client(Answer{Stdout: sample(t, "volume-set-ok.xml")}, nil)
	o := Option{"nfs.export-dir", "/" + strings.Repeat("ü", (maxOption-len("nfs.export-dir")-2)/2) + "x"}
	if len(o.Key)+len(o.Value) != maxOption {
		t.Fatalf("the case is %d bytes long", len(o.Key)+len(o.Value))
	}
	if err := c.Set(t.Context(), "gvt", []Option{o}); err != nil || !strings.HasSuffix(h.calls[0], o.Value) {
		t.Errorf("got %v", err)
	}
}
