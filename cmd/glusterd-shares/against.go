package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster/gnfs"
	"glusterd-shares/pkg/observed"
	"glusterd-shares/pkg/state"
)

// againstFlags say what a plan stands on where no cluster is read.
type againstFlags struct {
	file   string        // what observe wrote
	maxAge time.Duration // 0: any
	state  []string      // state files that the cluster is taken to be as
}

func (g *againstFlags) register(f *pflag.FlagSet) {
	f.StringVar(&g.file, "against", "", "read no cluster, but this `FILE` that observe wrote; - is standard input")
	f.StringArrayVar(&g.state, "against-state", nil, "read no cluster, but take it to be what this state file says, at `PATH`, and nothing else to be there (repeatable)")
	f.DurationVar(&g.maxAge, "max-age", 0, "with --against, refuse a file that is older than this `TIME`, such as 24h; 0: take any")
}

// given reports whether no cluster is to be read.
func (g againstFlags) given() bool { return g.file != "" || len(g.state) > 0 }

// check refuses what doesn't go together.
func (g againstFlags) check(a *app) error {
	var errs []error
	if g.maxAge > 0 && g.file == "" {
		errs = append(errs, errors.New("--max-age is for --against"))
	}
	if g.file != "" && len(g.state) > 0 {
		errs = append(errs, errors.New("a plan stands on what was observed or on a state file: leave out --against, or --against-state"))
	}
	if g.given() && a.sandboxDir != "" {
		errs = append(errs, errors.New("with --against and --against-state no cluster is read, and no sandbox: leave out --sandbox"))
	}
	if slices.Contains(a.files, "-") && slices.Contains(append(g.state, g.file), "-") {
		errs = append(errs, errors.New("standard input can't be both the state file and what it is planned against"))
	}
	return errors.Join(errs...)
}

// planAgainst is plan where what was observed stands for the cluster.
func (a *app) planAgainst(ctx context.Context, flags planFlags, g againstFlags) (result, *session) {
	r := result{command: "plan", showCommands: flags.showCommands}
	name, text, err := a.readDocument(ctx, g.file)
	if err != nil {
		r.unread(err)
		return r, nil
	}
	doc, problems := observed.Read(name, text)
	if doc.Sandbox != nil {
		a.sandboxDir = *doc.Sandbox
	}
	desired, mistakes, err := a.load(ctx)
	r.sandbox, r.invalid = a.sandboxDir, append(problems, mistakes...)
	if err != nil {
		r.unread(err)
	}
	if err != nil || len(r.invalid) > 0 {
		return r, nil
	}
	o := observation{file: name, observed: doc.Observed, age: time.Since(doc.Observed), program: doc.Program}
	if g.maxAge > 0 && (o.age > g.maxAge || o.age < -time.Minute) {
		r.usage = fmt.Errorf("%s was observed %s, and --max-age is %v: observe again", name, ago(o.age), g.maxAge)
		return r, nil
	}
	r.ground = o
	s := sessionOf(desired, a.leftOut, doc, name)
	s.refuseSameVolume(ctx)
	r.volumes = s.results()
	r.refusals = diff.Guard(s.plans(), flags.allow)
	return r, s
}

// maxDocument is how many bytes a file may have that observe or plan --out wrote.
// What was observed of ten thousand shares comes to about 11 MB.
const maxDocument = 128 << 20

// readDocument reads a file, or standard input where it is called -.
func (a *app) readDocument(ctx context.Context, file string) (name string, text []byte, err error) {
	name = file
	if file == "-" {
		name = "stdin"
	}
	text, err = interruptible(ctx, func() ([]byte, error) {
		var from io.Reader = a.std.in
		if file != "-" {
			f, err := os.Open(file)
			if err != nil {
				return nil, err
			}
			defer f.Close()
			from = f
		}
		return io.ReadAll(io.LimitReader(from, maxDocument+1))
	})
	if len(text) > maxDocument {
		err = fmt.Errorf("%s has more than %d bytes", name, maxDocument)
	}
	return name, text, err
}

// sessionOf is a run on what was observed. No endpoint is in it.
func sessionOf(d state.Desired, leftOut []state.Volume, doc observed.Document, file string) *session {
	s := &session{groups: d.Groups}
	for _, v := range d.Volumes {
		s.jobs = append(s.jobs, observedJob(v, doc, file))
	}
	for _, v := range leftOut {
		j := observedJob(v, doc, file)
		if _, _, found := doc.Of(v.Target); !found {
			j.err = fmt.Errorf("%s doesn't tell of it", file)
		}
		s.leftOut = append(s.leftOut, j)
	}
	return s
}

func observedJob(v state.Volume, doc observed.Document, file string) *job {
	j := &job{volume: v}
	o, unread, found := doc.Of(v.Target)
	switch {
	case !found:
		j.plan = diff.Plan{Volume: v, Unplanned: true, Problems: []state.Problem{{
			Pos: v.Pos, Path: v.Path + ".target",
			Text: fmt.Sprintf("%s doesn't tell of %s", file, v.Target),
			Mend: "observe again, with the state file that declares it",
		}}}
	case unread != nil:
		j.err = unread
	default:
		var unknown []state.Problem
		j.actual, unknown = observed.For(v, o, file)
		j.plan = diff.Compute(v, j.actual, gnfs.Server{})
		j.plan.Problems = append(j.plan.Problems, unknown...)
	}
	return j
}
