package status

import "slices"

// Only is the status of these shares of the volume alone. It tells nothing of what
// is not theirs: of the volume's options, and of what no share declares. Problems
// and warnings stay: any one of them can keep a run from all shares. The volume is
// in sync then if the shares are, and there is no problem.
func (v Volume) Only(shares []string) Volume {
	v.Shares = slices.DeleteFunc(slices.Clone(v.Shares), func(s Share) bool { return !slices.Contains(shares, s.Name) })
	v.InSync = !v.NotRead && len(v.Problems) == 0 && !slices.ContainsFunc(v.Shares, func(s Share) bool { return s.State != InSync })
	v.Options, v.Undeclared = nil, nil
	return v
}
