package takeover

import (
	"errors"
	"fmt"
	"slices"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
)

// File is the state file of what exists on a volume.
type File struct {
	Text []byte // it can be read; nil where there is nothing that it could declare
	Found
	Outlook
}

// ErrNothing: there is nothing on the volume that a state file could declare.
var ErrNothing = errors.New("there is nothing that a state file could declare")

// Site is what a file says beside what was found.
type Site struct {
	Notice string    // a sentence for its head, or empty
	Way    state.Way // how the volume is reached
}

// FileOf makes the state file of what exists on the volume, and tells what the
// next plan for it does: it is read again and the plan computed. The volume was
// observed with the shares of Candidates.
//
// The error is ErrNothing where nothing can be declared; then the file has no text,
// and tells what was found.
func FileOf(t state.Target, a state.Actual, server diff.Server, site Site) (File, error) {
	if err := unplanned(t, a, server); err != nil {
		return File{}, err
	}
	f := File{Found: Of(t, a)}
	if len(f.Shares) == 0 {
		return f, ErrNothing
	}
	v, err := f.read(f.text(Outlook{}, site), site.Way)
	if err != nil {
		return File{}, err
	}
	f.Outlook = outlookOf(diff.Compute(v, a, server))
	f.Text = f.text(f.Outlook, site)
	if _, err := f.read(f.Text, site.Way); err != nil {
		return File{}, err
	}
	return f, nil
}

// unplanned is why the volume can't be taken over at all: it is not there, not
// started, or not here.
func unplanned(t state.Target, a state.Actual, server diff.Server) error {
	p := diff.Compute(state.Volume{Target: t, Undeclared: state.Keep}, a, server)
	if !p.Unplanned {
		return nil
	}
	var errs []error
	for _, x := range p.Problems {
		errs = append(errs, fmt.Errorf("%s; %s", x.Text, x.Mend))
	}
	return errors.Join(errs...)
}

// errMisread: what the text declares is not what was found.
var errMisread = errors.New("it declares something else")

// read reads the text as a run would, and holds it against what was found.
func (f Found) read(text []byte, way state.Way) (state.Volume, error) {
	d, err := statefile.Parse(statefile.File{Name: "state.yaml", Text: text})
	if err == nil && !(f.declaredBy(d) && d.Way() == way) {
		err = errMisread
	}
	if err != nil {
		return state.Volume{}, fmt.Errorf("the file that was made is wrong, which is a fault of this program: %w", err)
	}
	return d.Volumes[0], nil
}

// declaredBy reports whether the state is what was found, and nothing else.
func (f Found) declaredBy(d state.Desired) bool {
	return len(d.Volumes) == 1 && d.Volumes[0].Target == f.Target && d.Volumes[0].Undeclared == state.Keep &&
		slices.EqualFunc(d.Volumes[0].Shares, f.Shares, sameShare)
}

// sameShare compares all that an import declares, and finds anything else.
func sameShare(s, t state.Share) bool {
	return s.Name == t.Name && s.Size == t.Size && s.Clients().Equal(t.Clients()) &&
		!s.Absent && s.Owner+s.Group == "" && !s.Mode.Managed
}
