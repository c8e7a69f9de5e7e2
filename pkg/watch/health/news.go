package health

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/watch"
)

// News is one thing that a person should know first.
type News struct {
	Text  string
	Class string // how bad it is, as the page's style calls it: no, warn or yes
}

// News are what there is to know of all, the worst first. There is always some.
func (s Snapshot) News() []News {
	var out []News
	bad := func(text string) { out = append(out, News{text, "no"}) }
	if s.Stuck != "" {
		bad("not live: " + s.Stuck)
	}
	for _, v := range s.Volumes {
		if v.Whole != nil {
			bad(v.Target + " can be mounted whole, past every share, by " + v.Whole.String())
		}
		if v.Unserved {
			bad("the NFS server of " + v.Target + " does not run where it should: clients can't mount there")
		}
	}
	out = append(out, s.counted("no", watch.Failed, watch.Refused)...)
	if len(s.Content.Bad) > 0 {
		bad("the state files are bad: what they say now does not come through")
	}
	for _, v := range s.Volumes {
		for _, e := range v.Undeclared {
			if len(e.Near) > 0 {
				bad(fmt.Sprintf("%s exports %s, which no share declares, to %s; it reaches into the share %s", v.Target, e.Path, e.Clients, strings.Join(e.Near, ", ")))
			}
		}
	}
	out = append(out, s.counted("warn", watch.Drifted, watch.Held, watch.Withheld, watch.Unknown)...)
	return append(out, s.good()...)
}

// good is that all is well, where it is.
func (s Snapshot) good() []News {
	switch n := s.inSync(); {
	case len(s.Volumes) == 0:
		return []News{{"nothing to look after yet", "warn"}}
	case n == len(s.Volumes):
		return []News{{fmt.Sprintf("%d of %d %s in sync", n, n, plural(n, "volume")), "yes"}}
	case n > 0:
		return []News{{fmt.Sprintf("%d of %d volumes in sync", n, len(s.Volumes)), "warn"}}
	}
	return nil
}

// counted names the volumes of these kinds, one line a kind.
func (s Snapshot) counted(class string, kinds ...watch.Kind) []News {
	var out []News
	for _, k := range kinds {
		var names []string
		for _, v := range s.Volumes {
			if v.Kind == k {
				names = append(names, v.Target)
			}
		}
		word := string(k)
		if k == watch.Unknown {
			word = "not looked at yet"
		}
		if len(names) > 0 {
			out = append(out, News{fmt.Sprintf("%d %s %s: %s", len(names), plural(len(names), "volume"), word, strings.Join(names, ", ")), class})
		}
	}
	return out
}

func (s Snapshot) inSync() int {
	n := 0
	for _, v := range s.Volumes {
		if v.Kind == watch.InSync {
			n++
		}
	}
	return n
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// String is who may mount it, for a person.
func (c Clients) String() string {
	who := strings.Join(c.Who, ", ")
	switch {
	case slices.Equal(c.Who, []string{"any"}):
		who = "everybody"
	case who == "" && c.Unsure == "":
		return "nobody"
	case who == "":
		return "not known: " + c.Unsure
	}
	if c.Unsure != "" {
		who += "; " + c.Unsure
	}
	return who
}
