package sandbox

import (
	"slices"
	"strings"
)

// didYouMean is what gluster adds to an unknown option: the options that are
// the fewest edits away, two at most, in the domain that is the fewest edits
// away.
func didYouMean(key string) string {
	domain, name, _ := strings.Cut(key, ".")
	var domains, names []string
	for _, o := range knownOptions {
		d, _, _ := strings.Cut(o, ".")
		domains = append(domains, d)
	}
	domain = closest(domain, domains)[0]
	for _, o := range knownOptions {
		if d, rest, _ := strings.Cut(o, "."); d == domain {
			first, _, _ := strings.Cut(rest, ".")
			names = append(names, first)
		}
	}
	best := closest(name, names)
	hint := "\nDid you mean " + domain + "." + best[0]
	if len(best) > 1 {
		hint += " or ..." + best[1]
	}
	return hint + "?"
}

// closest gives the words with the least distance, sorted, each once.
func closest(word string, words []string) []string {
	var best []string
	least := -1
	for _, w := range words {
		d := distance(word, w)
		if least < 0 || d < least {
			best, least = nil, d
		}
		if d == least {
			best = append(best, w)
		}
	}
	slices.Sort(best)
	return slices.Compact(best)
}

// distance is the number of bytes to insert, delete or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}
