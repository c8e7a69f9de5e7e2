package faults

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// sample is which part of the cases is tried where FAULTS=all doesn't ask for all.
const sample = 23

// tried and violations count the cases, and those that failed.
var tried, violations atomic.Int64

// count counts a case at its end.
func count(t *testing.T) {
	tried.Add(1)
	if t.Failed() {
		violations.Add(1)
	}
}

// TestFaults breaks the run of each scenario at each of its steps in each way.
func TestFaults(t *testing.T) {
	c := casesOf(t)
	for _, s := range scenarios(t) {
		c.group(t, s.name, func(t *testing.T) {
			t.Parallel()
			st := undisturbed(t, s)
			if t.Failed() {
				return
			}
			n := 0
			for _, at := range st.steps {
				c.group(t, at.name, func(t *testing.T) {
					for _, f := range faultsOf(at) {
						if n++; all() || n%sample == 0 {
							c.try(t, f.name, func(t *testing.T) { st.try(t, at, f) })
						}
					}
				})
			}
		})
	}
}

// pairs is how many pairs of faults are tried of each scenario, and a sample of them.
const pairs, somePairs = 40, 2

// TestTwoFaults breaks a run at one step, and the next run at another, by chance: the
// same ones each time.
func TestTwoFaults(t *testing.T) {
	c, n := casesOf(t), somePairs
	if all() {
		n = pairs
	}
	for _, s := range scenarios(t) {
		c.group(t, s.name, func(t *testing.T) {
			t.Parallel()
			st := undisturbed(t, s)
			rng := chance(s.name)
			for range n {
				at, f := st.two(rng)
				name := fmt.Sprintf("%s-%s-then-%s-%s", at[0].name, f[0].name, at[1].name, f[1].name)
				c.try(t, name, func(t *testing.T) { st.tryTwo(t, at, f) })
			}
		})
	}
}

// chance is the same for the same name.
func chance(name string) *rand.Rand {
	h := fnv.New64()
	_, _ = h.Write([]byte(name))
	return rand.New(rand.NewPCG(h.Sum64(), 7))
}

// two are two steps, and a fault of each that nobody else has a hand in.
func (st *stage) two(rng *rand.Rand) (at [2]step, f [2]fault) {
	steps := slices.SortedFunc(slices.Values(st.steps), func(a, b step) int { return strings.Compare(a.name, b.name) }) // some are made side by side
	for i := range at {
		for at[i].name == "" || f[i].harmful || f[i].foreign {
			at[i] = steps[rng.IntN(len(steps))]
			ways := faultsOf(at[i])
			f[i] = ways[rng.IntN(len(ways))]
		}
	}
	return at, f
}
