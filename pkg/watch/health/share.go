package health

import (
	"slices"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/status"
	"glusterd-shares/pkg/watch"
)

// Share is one share, as it was seen last.
type Share struct {
	Name   string
	Absent bool // it should not be there
	State  status.State
	Drift  []status.Drift // what is to be changed
	Held   string         // why its directory was left alone; empty where it was not
	Clients
}

// Clients are who may mount a directory.
type Clients struct {
	Who    []string // nil where Unsure, and where nobody may
	Unsure string   // why can't be told who may mount it, or who else; empty where it can
}

// clientsOf are the addresses, and those that are host names.
func clientsOf(c status.Clients) Clients {
	return Clients{Who: append(c.All().Strings(), c.Names...), Unsure: c.Doubt.Why}
}

// Nobody reports whether it is certain that nobody may mount it.
func (c Clients) Nobody() bool { return len(c.Who) == 0 && c.Unsure == "" }

// carriedOut reports whether the plan was carried out, and what it left was seen.
func carriedOut(r watch.Result) bool {
	return r.Report != nil && r.Kind != watch.Failed && r.Kind != watch.Refused
}

// cutShort reports whether something was carried out, and it is not known what is left.
func cutShort(r watch.Result) bool { return r.Report != nil && !carriedOut(r) && !r.Report.OK() }

// sharesOf are the shares of the volume after a look at it that could read it.
func sharesOf(r watch.Result) []Share {
	var out []Share
	for i, s := range r.Seen.Shares {
		share := Share{Name: s.Name, Absent: r.Volume.Shares[i].Absent, State: s.State, Drift: s.Drift, Held: s.Held, Clients: clientsOf(s.Clients)}
		switch {
		case carriedOut(r):
			share = share.after(r, s.Path)
		case cutShort(r):
			share.State, share.Drift, share.Held = status.Unknown, nil, r.Report.Held[s.Name]
			share.Clients = Clients{Unsure: "not all of the last plan was carried out; the next look tells"}
			if share.Held != "" {
				share.State = status.Held
			}
		}
		out = append(out, share)
	}
	return out
}

// after is the share after the plan was carried out. What is left to a person is still
// to be done.
func (s Share) after(r watch.Result, dir string) Share {
	s.State, s.Held = status.InSync, r.Report.Held[s.Name]
	s.Drift = slices.DeleteFunc(slices.Clone(s.Drift), func(d status.Drift) bool { return d != status.Removal || retired(r, s.Name) })
	s.Clients = clientsOf(status.ClientsOf(r.Served, dir))
	switch {
	case s.Held != "":
		s.State = status.Held
	case len(s.Drift) > 0:
		s.State = status.Drifted
	}
	return s
}

// retired reports whether the share's directory was taken.
func retired(r watch.Result, share string) bool {
	return slices.ContainsFunc(r.Report.Steps, func(s apply.Step) bool {
		_, is := s.Action.(diff.Retire)
		return is && s.Action.Of() == share && s.Outcome == apply.Done
	})
}

// seenBefore is who could mount it when that was seen last.
func (c Clients) seenBefore() Clients {
	c.Unsure = "the volume can't be read; this was seen before"
	if c.Who == nil {
		c.Unsure = "the volume can't be read"
	}
	return c
}

// unseen are shares that could not be looked at now.
func unseen(shares []Share) []Share {
	out := slices.Clone(shares)
	for i := range out {
		out[i].State, out[i].Drift = status.Unknown, nil
		out[i].Clients = out[i].seenBefore()
	}
	return out
}
