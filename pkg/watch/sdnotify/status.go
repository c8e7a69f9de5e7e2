package sdnotify

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/health"
)

const (
	maxNamed = 3   // volumes of one condition
	maxWhy   = 200 // characters of one mistake
)

// worst are the conditions that are named, in their order.
var worst = []watch.Kind{watch.Failed, watch.Refused, watch.Held, watch.Drifted, watch.Withheld, watch.Unknown}

// statusOf is how the daemon is, in one line for a person.
func statusOf(s health.Snapshot, sandbox string) string {
	var parts []string
	if sandbox != "" {
		parts = append(parts, "sandbox "+sandbox)
	}
	if s.Stuck != "" {
		parts = append(parts, "stuck: "+s.Stuck)
	}
	switch c := s.Content; {
	case len(c.Bad) > 0 && c.Taken.IsZero():
		parts = append(parts, "no valid state yet: "+firstOf(c.Bad))
	case len(c.Bad) > 0:
		parts = append(parts, "bad state, what was desired before stays: "+firstOf(c.Bad))
	}
	if !s.Content.Taken.IsZero() {
		parts = append(parts, volumesText(s.Volumes)...)
	}
	return line(strings.Join(parts, "; "))
}

// firstOf is the first mistake, and how many there are beside it.
func firstOf(mistakes []string) string {
	text := mistakes[0]
	if r := []rune(text); len(r) > maxWhy {
		text = string(r[:maxWhy]) + "..."
	}
	if more := len(mistakes) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// volumesText counts those in sync, and names the others.
func volumesText(volumes []health.Volume) []string {
	named := map[watch.Kind][]string{}
	for _, v := range volumes {
		named[v.Kind] = append(named[v.Kind], v.Target)
	}
	count := fmt.Sprint(len(volumes))
	if in := len(named[watch.InSync]); in < len(volumes) {
		count = fmt.Sprintf("%d of %d", in, len(volumes))
	}
	noun := "volumes"
	if len(volumes) == 1 {
		noun = "volume"
	}
	out := []string{count + " " + noun + " in sync"}
	for _, kind := range worst {
		if targets := named[kind]; len(targets) > 0 {
			out = append(out, fmt.Sprintf("%d %s: %s", len(targets), kindText(kind), names(targets)))
		}
	}
	return out
}

func kindText(k watch.Kind) string {
	if k == watch.Unknown {
		return "not looked at yet"
	}
	return string(k)
}

func names(targets []string) string {
	shown := slices.Clone(targets[:min(len(targets), maxNamed)])
	if more := len(targets) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("%d more", more))
	}
	return strings.Join(shown, ", ")
}

// line keeps a text on one line: a new one would be another assignment.
func line(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
