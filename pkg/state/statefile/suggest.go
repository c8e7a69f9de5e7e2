package statefile

import (
	"slices"
	"strings"
)

// suggest is the mend for a word that is none of the known ones: the nearest
// of them, or all of them where none is near.
func (d *decoder) suggest(word string, known []string) string {
	if near := d.near(word, known); near != "" {
		return near
	}
	return "write " + oneOf(known)
}

// near asks whether the nearest of the known words was meant; empty where none
// is near. In a file with very many mistakes it stops guessing: nobody reads
// them all, and comparing each with each takes long.
func (d *decoder) near(word string, known []string) string {
	const most = 100
	if d.problems.n > most {
		return ""
	}
	if near := nearest(word, known); near != "" {
		return "did you mean \"" + near + "\"?"
	}
	return ""
}

// nearest is the known word that takes the fewest slips of the hand to become
// word, the first of several; empty where all are too far off.
func nearest(word string, known []string) string {
	most := max(1, len(word)/3)
	best, found := "", most+1
	for _, k := range known {
		if diff := len(k) - len(word); diff > most || -diff > most {
			continue
		}
		if n := distance(strings.ToLower(word), strings.ToLower(k)); n < found {
			best, found = k, n
		}
	}
	return best
}

// distance counts the letters to insert, remove, change or swap with their
// neighbour that lead from a to b.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	var before, last []int // the rows for s[:i-2] and s[:i-1]
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range s {
		before, last, row = last, row, make([]int, len(t)+1)
		row[0] = i + 1
		for j := range t {
			change := last[j]
			if s[i] != t[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(t)]
}

// keysOf are the keys of a map in order, so that of several that are equally
// near always the same is suggested.
func keysOf[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
