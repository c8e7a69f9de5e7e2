package watch_test

import (
	"slices"
	"testing"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
)

// heard is an observer that writes down what it is told.
type heard struct{ words *[]string }

func (h heard) Took(state.Desired)      { *h.words = append(*h.words, "took") }
func (h heard) Refused(error)           { *h.words = append(*h.words, "refused") }
func (h heard) Dropped(state.Target)    { *h.words = append(*h.words, "dropped") }
func (h heard) Looking(state.Target)    { *h.words = append(*h.words, "looking") }
func (h heard) Looked(state.Target)     { *h.words = append(*h.words, "looked") }
func (h heard) Stepped(watch.Step)      { *h.words = append(*h.words, "stepped") }
func (h heard) Reconciled(watch.Result) { *h.words = append(*h.words, "reconciled") }
func (h heard) Turned(state.Target, watch.Condition, watch.Condition) {
	*h.words = append(*h.words, "turned")
}
func (h heard) Hastened()                    { *h.words = append(*h.words, "hastened") }
func (h heard) Unclosed(state.Target, error) { *h.words = append(*h.words, "unclosed") }

func TestObserversAreAllTold(t *testing.T) {
	var one, two []string
	all := watch.Observers{heard{&one}, heard{&two}}
	all.Took(state.Desired{})
	all.Refused(errDown)
	all.Dropped(state.Target{})
	all.Looking(state.Target{})
	all.Looked(state.Target{})
	all.Stepped(watch.Step{})
	all.Reconciled(watch.Result{})
	all.Turned(state.Target{}, watch.Condition{}, watch.Condition{})
	all.Hastened()
	all.Unclosed(state.Target{}, errDown)
	want := []string{"took", "refused", "dropped", "looking", "looked", "stepped", "reconciled", "turned", "hastened", "unclosed"}
	if !slices.Equal(one, want) || !slices.Equal(two, want) {
		t.Errorf("one was told %v, the other %v", one, two)
	}
}
