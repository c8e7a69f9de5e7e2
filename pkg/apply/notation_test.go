package apply_test

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/state"
)

// parseDesired reads what gv0 should be: a share a line, as in
//
//	revoke
//	a: 10.0.0.1 10.0.0.2
//	b absent=trash:
//	t/b mode=0770 owner=7 size=1000: any
//
// where the line revoke stands for undeclared: revoke.
func parseDesired(text string) state.Volume {
	v := state.Volume{
		Target: state.Target{Host: "g1", Volume: "gv0"}, Serve: "gluster-nfs",
		Undeclared: state.Keep, Path: "volumes[0]",
	}
	for line := range lines(text) {
		if line == "revoke" {
			v.Undeclared = state.Revoke
			continue
		}
		head, clients, _ := strings.Cut(line, ":")
		fields := strings.Fields(head)
		s := state.Share{Name: fields[0]}
		for _, option := range fields[1:] {
			switch k, value, _ := strings.Cut(option, "="); k {
			case "mode":
				s.Mode = state.Mode{Bits: octal(value), Managed: true}
			case "owner":
				s.Owner = value
			case "absent":
				s.Absent, s.OnDelete = true, state.OnDelete(value)
			case "size":
				s.Size = parseSize(value)
			}
		}
		for word := range strings.FieldsSeq(clients) {
			s.Access = append(s.Access, state.Rule{Word: word, To: parseSet(word), Level: state.ReadWrite})
		}
		v.Shares = append(v.Shares, s)
	}
	return v
}

// parseActual reads what the cluster is: a volume a line with its options,
// without their nfs., and the directories of gv0, as in
//
//	gv0 export-volumes=off disable=on
//	/a
//	/b=0700
//	quota /a=1000
func (f *fake) parseActual(text string) {
	for line := range lines(text) {
		if limits, quota := strings.CutPrefix(line, "quota"); quota {
			f.quota = true
			for l := range strings.FieldsSeq(limits) {
				dir, bytes, _ := strings.Cut(l, "=")
				f.limits[dir] = parseSize(bytes).Bytes
			}
			continue
		}
		if dir, mode, _ := strings.Cut(line, "="); strings.HasPrefix(line, "/") {
			d := state.Dir{Kind: state.Directory, Mode: 0o755}
			if mode != "" {
				d.Mode = octal(mode)
			}
			f.dirs[dir] = d
			continue
		}
		fields := strings.Fields(line)
		f.memory[fields[0]] = map[string]string{}
		for _, option := range fields[1:] {
			k, v, _ := strings.Cut(option, "=")
			f.memory[fields[0]]["nfs."+k] = v
		}
	}
}

func parseSize(s string) state.Size {
	if s == state.NoLimit {
		return state.Size{Managed: true}
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		panic(err)
	}
	return state.Size{Bytes: n, Managed: true}
}

func octal(s string) uint32 {
	n, err := strconv.ParseUint(s, 8, 32)
	if err != nil {
		panic(err)
	}
	return uint32(n)
}

func parseSet(word string) state.Set {
	switch {
	case word == "any":
		return state.Everybody
	case strings.Contains(word, "/"):
		return state.SetOf(netip.MustParsePrefix(word))
	}
	return state.SetOf(netip.PrefixFrom(netip.MustParseAddr(word), 32))
}

// lines are the lines that are not empty, without the space around them.
func lines(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// flat is the text without its indentation and empty lines.
func flat(text string) string {
	var out []string
	for line := range lines(text) {
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func permText(p state.Perm) string {
	var out string
	if p.Mode.Managed {
		out += fmt.Sprintf(" %04o", p.Mode.Bits)
	}
	if p.Owner.Managed {
		out += fmt.Sprintf(" owner=%d", p.Owner.Number)
	}
	return out
}

func serveLine(c state.ServingChange) string {
	out := "serve"
	for _, s := range c.Settings() {
		out += fmt.Sprintf(" %s=%s", strings.TrimPrefix(s.Key, "nfs."), s.New)
	}
	return out
}

func retireLine(r state.Retirement) string {
	line := fmt.Sprintf("retire %s %s", r.Path, r.How)
	if len(r.Left) > 0 {
		line += fmt.Sprintf(" left %s", strings.Join(r.Left, " "))
	}
	return line
}

// actionLine is how the fake logs the action.
func actionLine(a diff.Action) string {
	switch a := a.(type) {
	case diff.MakeDir:
		return "mkdir " + a.Path + permText(a.Perm)
	case diff.SetPerm:
		return "setperm " + a.Path + permText(a.New)
	case diff.EnableQuota:
		return "enable quota"
	case diff.Retire:
		return retireLine(a.Retirement)
	case diff.SetLimit:
		return fmt.Sprintf("limit %s %d", a.Path, a.New)
	case diff.Serve:
		return serveLine(a.ServingChange)
	}
	panic(fmt.Sprintf("unknown action %T", a))
}

// stepsText tells what became of each step, one a line.
func stepsText(r apply.Report) string {
	var out []string
	for _, s := range r.Steps {
		out = append(out, string(s.Outcome)+": "+actionLine(s.Action))
	}
	return strings.Join(out, "\n")
}
