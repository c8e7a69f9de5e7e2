package state

import (
	"slices"
	"testing"
)

func TestPosString(t *testing.T) {
	tests := []struct {
		pos  Pos
		want string
	}{
		{Pos{}, ""},
		{Pos{File: "state.yaml"}, "state.yaml"},
		{Pos{"state.yaml", 12, 0}, "state.yaml:12"},
		{Pos{"state.yaml", 12, 7}, "state.yaml:12:7"},
	}
	for _, test := range tests {
		if got := test.pos.String(); got != test.want {
			t.Errorf("%#v is %q, want %q", test.pos, got, test.want)
		}
	}
}

func TestPosCompare(t *testing.T) {
	inOrder := []Pos{{}, {File: "a"}, {"a", 2, 0}, {"a", 2, 9}, {"a", 2, 10}, {"a", 10, 1}, {"b", 1, 1}}
	for i, p := range inOrder {
		for j, q := range inOrder {
			if got, want := sign(p.Compare(q)), sign(i-j); got != want {
				t.Errorf("%#v and %#v compare %d, want %d", p, q, got, want)
			}
		}
	}
	backwards := slices.Clone(inOrder)
	slices.Reverse(backwards)
	slices.SortFunc(backwards, Pos.Compare)
	if !slices.Equal(backwards, inOrder) {
		t.Errorf("sorted %v", backwards)
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestProblemError(t *testing.T) {
	tests := []struct {
		p    Problem
		want string
	}{
		{Problem{Text: "wrong"}, "wrong"},
		{Problem{Text: "wrong", Mend: "do right"}, "wrong; do right"},
		{Problem{Path: "volumes[0]", Text: "wrong"}, "volumes[0]: wrong"},
		{Problem{Pos: Pos{"s.yaml", 3, 5}, Path: "volumes[0].target", Text: "wrong", Mend: "do right"},
			"s.yaml:3:5: volumes[0].target: wrong; do right"},
	}
	for _, test := range tests {
		if got := test.p.Error(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
