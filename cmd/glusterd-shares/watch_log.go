package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
	"glusterd-shares/pkg/watch"
)

// watchLog tells in the log what the daemon does: what it changes, and what has
// turned. Where nothing happens it says nothing above debug.
type watchLog struct{ log *slog.Logger }

func (w *watchLog) started(files []string, flags watchFlags, listening string) {
	w.log.Info("watching", "files", files, "interval", flags.interval.String(), "on_drift", flags.onDrift, "listening", listening)
}

// ending tells the steps that were begun: the end may not wait until they are over.
func (w *watchLog) ending(begun string) {
	w.log.LogAttrs(context.Background(), slog.LevelInfo, "ending: what is under way is finished first", said(slog.String("begun", begun))...)
}

func (w *watchLog) ended(why error) { w.log.Info("ended", "reason", why) }

// Took implements watch.Observer.
func (w *watchLog) Took(d state.Desired) {
	shares := 0
	for _, v := range d.Volumes {
		shares += len(v.Shares)
	}
	w.log.Info("state taken", "files", len(d.Files), "volumes", len(d.Volumes), "shares", shares)
}

// Refused implements watch.Observer. Each mistake is a line.
func (w *watchLog) Refused(err error) {
	const message = "bad state: what was desired before stays"
	problems := statefile.Problems(err)
	if m, ok := errors.AsType[mistakes](err); ok {
		problems = m
	}
	for _, p := range problems {
		w.log.LogAttrs(context.Background(), slog.LevelError, message, said(
			slog.String("at", p.Pos.String()), slog.String("path", p.Path),
			slog.String("problem", p.Text), slog.String("mend", p.Mend))...)
	}
	if len(problems) > 0 {
		return
	}
	for line := range lines(err.Error()) {
		w.log.Error(message, "problem", line)
	}
}

// Dropped implements watch.Observer.
func (w *watchLog) Dropped(t state.Target) {
	w.log.Info("no longer in the state: the volume stays as it is", "volume", t.String())
}

// Unclosed implements watch.Observer.
func (w *watchLog) Unclosed(t state.Target, err error) {
	w.log.Warn("what was opened for the volume can't be put back", "volume", t.String(), "error", err)
}

// Looking implements watch.Observer.
func (w *watchLog) Looking(state.Target) {}

// Looked implements watch.Observer.
func (w *watchLog) Looked(state.Target) {}

// Hastened implements watch.Observer.
func (w *watchLog) Hastened() {}

// Reconciled implements watch.Observer. Each step is a line.
func (w *watchLog) Reconciled(r watch.Result) {
	log := w.log.With("volume", r.Volume.Target.String())
	if r.Report != nil {
		logSteps(log, r.Volume, *r.Report)
	}
	log.Debug("reconciled", "new", r.New, "is", string(r.Kind))
}

func logSteps(log *slog.Logger, v state.Volume, r apply.Report) {
	for _, s := range r.Steps {
		c := watch.ChangeOf(s.Action)
		attrs := append(changeAttrs(c), slog.String("outcome", string(s.Outcome)))
		if s.Err != nil {
			attrs = append(attrs, slog.Any("error", s.Err))
		}
		log.LogAttrs(context.Background(), levelOf(s.Outcome), "change", attrs...)
		if serve, is := s.Action.(diff.Serve); is && s.Outcome == apply.Done {
			logAccess(log, v, serve)
		}
		if s.Outcome == apply.Done && purges(v, c) {
			log.Warn("moved to the trash, not deleted for good: trash purge, run by hand, does that", "share", c.Share, "at", place(c.Pos))
		}
	}
	for _, remark := range r.Remarks {
		log.Warn("note", "text", remark)
	}
	if errors.Is(r.Err, apply.ErrStopped) {
		log.Warn("stopped", "error", r.Err)
	}
}

// logAccess tells of each directory whose clients are others by a write of access.
// What may be undeclared, or of another volume, is as much a change.
func logAccess(log *slog.Logger, v state.Volume, s diff.Serve) {
	p := diff.Plan{Volume: v, Before: s.Old, After: s.New, Actions: []diff.Action{s}}
	for _, a := range p.Access() {
		if !a.Changed() {
			continue
		}
		c := watch.Change{Share: a.Share, Path: a.Path, Action: "access", Pos: a.Pos}
		c.Old, c.New = render.Admitted(a)
		if a.Share == "" {
			c.Pos = s.Pos
		}
		attrs := append(changeAttrs(c), slog.String("effect", render.Effect(a)))
		if a.Volume != s.New.Volume {
			attrs = append(attrs, slog.String("other_volume", a.Volume))
		}
		if a.Whole {
			attrs = append(attrs, slog.Bool("whole_volume", true))
		}
		log.LogAttrs(context.Background(), slog.LevelInfo, "change", attrs...)
	}
}

func levelOf(o apply.Outcome) slog.Level {
	switch o {
	case apply.Done:
		return slog.LevelInfo
	case apply.NotStarted:
		return slog.LevelWarn
	}
	return slog.LevelError
}

// changeAttrs leave out what a change doesn't have.
func changeAttrs(c watch.Change) []slog.Attr {
	return said(
		slog.String("share", c.Share), slog.String("action", c.Action), slog.String("path", c.Path),
		slog.String("old", c.Old), slog.String("new", c.New), slog.String("at", place(c.Pos)),
	)
}

// said are the attributes that are not empty.
func said(attrs ...slog.Attr) []slog.Attr {
	return slices.DeleteFunc(attrs, func(a slog.Attr) bool { return a.Value.String() == "" })
}

// place is "file:line".
func place(p state.Pos) string {
	p.Column = 0
	return p.String()
}

// purges reports whether the change retires a directory of which the file says that
// it is to be deleted for good.
func purges(v state.Volume, c watch.Change) bool {
	return c.Action == "retire" && slices.ContainsFunc(v.Shares, func(s state.Share) bool {
		return s.Name == c.Share && s.OnDelete == state.Purge
	})
}

// Turned implements watch.Observer. What was said before is not said again.
func (w *watchLog) Turned(t state.Target, old, now watch.Condition) {
	log := w.log.With("volume", t.String())
	if old.Kind != now.Kind {
		old = watch.Condition{Kind: old.Kind, Warnings: old.Warnings}
	}
	if now.Kind == watch.InSync && old.Kind != watch.Unknown && old.Kind != now.Kind {
		log.Info("in sync again", "was", string(old.Kind))
	}
	for _, why := range unsaid(now.Why, old.Why) {
		log.Log(context.Background(), severity(now.Kind), string(now.Kind), "why", why)
	}
	for _, c := range unsaid(now.Pending, old.Pending) {
		log.LogAttrs(context.Background(), slog.LevelWarn, "drift, only reported", changeAttrs(c)...)
	}
	for _, warning := range unsaid(now.Warnings, old.Warnings) {
		log.Warn("warning", "text", warning)
	}
}

func severity(k watch.Kind) slog.Level {
	if k == watch.Refused || k == watch.Failed {
		return slog.LevelError
	}
	return slog.LevelWarn
}

func unsaid[T comparable](now, said []T) []T {
	return slices.DeleteFunc(slices.Clone(now), func(x T) bool { return slices.Contains(said, x) })
}
