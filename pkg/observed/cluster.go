package observed

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Clusters are views of clusters: how all volumes of one are served, by their names.
// What volumes of the same cluster found is there once: each of them knows of all
// others, and a hundred volumes would fill the file a hundred times.
type Clusters [][]state.Serving

// Take moves how volumes are served out of what was found of one, and says where it is
// now.
func (c *Clusters) Take(a *state.Actual) int {
	view := slices.Clone(a.Others)
	if a.Serving.Volume != "" { // else there is no such volume
		view = append(view, a.Serving)
	}
	slices.SortFunc(view, func(a, b state.Serving) int { return strings.Compare(a.Volume, b.Volume) })
	a.Serving, a.Others = state.Serving{}, nil
	for i, known := range *c {
		if reflect.DeepEqual(known, view) {
			return i
		}
	}
	*c = append(*c, view)
	return len(*c) - 1
}

// Give moves it back.
func (c Clusters) Give(at int, a *state.Actual) error {
	if at < 0 || at >= len(c) {
		return fmt.Errorf("there is no cluster %d", at)
	}
	a.Others = nil
	for i, s := range c[at] {
		switch {
		case i > 0 && c[at][i-1].Volume >= s.Volume:
			return fmt.Errorf("the volumes of cluster %d are not in the order of their names", at)
		case s.Volume != a.Volume.Name:
			a.Others = append(a.Others, s)
		default:
			a.Serving = s
		}
	}
	if a.Serving.Volume != a.Volume.Name {
		return fmt.Errorf("cluster %d has no volume %q", at, a.Volume.Name)
	}
	return nil
}
