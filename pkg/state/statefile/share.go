package statefile

import (
	"glusterd-shares/pkg/state"
)

// share is a share while it is read. It is sound where nothing was wrong with
// it, so that what follows from it is worth telling.
type share struct {
	state.Share
	sound bool
}

var shareShape = shape{forms: mappingForm, what: "a share: a mapping of name, access and more", section: shareSection.describe()}

// shares reads the list of a volume's shares.
func (d *decoder) shares(list value, vol *volume) {
	for _, v := range list.items() {
		if !d.fits(v, shareShape) {
			continue
		}
		before := d.problems.n
		s := share{Share: state.Share{Path: v.path}, sound: true}
		read(d, shareSection, v, &s)
		if s.Absent && s.OnDelete == "" {
			s.OnDelete = state.Trash
		}
		s.sound = s.sound && d.problems.n == before
		vol.shares = append(vol.shares, s)
	}
}
