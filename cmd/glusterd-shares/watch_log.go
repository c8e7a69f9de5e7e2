package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/state/statefile"
	"glusterd-shares/pkg/watch"
)

// watchLog tells in the log what the daemon does: what it changes, and what has
// turned. Where nothing happens it says nothing above debug.
type watchLog struct {
	log     *slog.Logger
	exports map[state.Target]undeclared // as they were seen last
}

func (w *watchLog) started(files []string, flags watchFlags, listening string) {
	w.log.Info("watching", "files", files, "interval", flags.interval.String(), "on_drift", flags.onDrift, "listening", listening)
}

// ending tells the steps in hand: the end may not wait until they are over.
func (w *watchLog) ending(inHand string) {
	w.log.LogAttrs(context.Background(), slog.LevelInfo, "ending: what is under way is finished first", said(slog.String("in_hand", inHand))...)
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
	delete(w.exports, t)
	w.log.Warn("no longer in the state: the volume stays as it is, and nothing keeps it so", "volume", t.String())
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

// Stepped implements watch.Observer. Each step is a line, and each directory whose
// clients are others by it.
func (w *watchLog) Stepped(s watch.Step) {
	log := w.log.With("volume", s.Volume.Target.String())
	cause := slog.String("cause", string(s.Cause))
	a := watch.AccountOf(s.Volume, s.Action)
	attrs := append(changeAttrs(a.Change), slog.String("outcome", string(s.Outcome)), cause)
	if s.Was != "" {
		attrs = append(attrs, slog.String("was", string(s.Was)))
	}
	if s.Err != nil {
		attrs = append(attrs, slog.Any("error", s.Err))
	}
	level := levelOf(s.Step, s.Cause)
	log.LogAttrs(context.Background(), level, "change", attrs...)
	if s.Outcome != apply.Done {
		return
	}
	for _, c := range a.Access {
		log.LogAttrs(context.Background(), level, "change", append(changeAttrs(c), cause)...)
	}
	if s.Vanished {
		log.Warn(watch.Vanished, "share", a.Share, "path", a.Path)
	}
	if a.Note != "" {
		log.Log(context.Background(), level, "note", "text", a.Note)
	}
	if purges(s.Volume, a.Change) {
		log.Warn("moved to the trash, not deleted for good: trash purge, run by hand, does that", "share", a.Share, "at", place(a.Pos))
	}
}

// Reconciled implements watch.Observer. The steps were told by Stepped.
func (w *watchLog) Reconciled(r watch.Result) {
	log := w.log.With("volume", r.Volume.Target.String())
	if r.Report != nil {
		logReport(log, *r.Report)
	}
	w.logExports(log, r)
	log.Debug("reconciled", "new", r.New, "is", string(r.Kind))
}

// logReport tells what the steps don't.
func logReport(log *slog.Logger, r apply.Report) {
	if n := r.Count(apply.NotStarted); n > 0 {
		log.Warn("not started", "steps", n)
	}
	for _, remark := range r.Remarks {
		log.Warn("note", "text", remark)
	}
	if errors.Is(r.Err, apply.ErrStopped) {
		log.Warn("stopped", "error", r.Err)
	}
}

// levelOf is a warning where somebody else had changed what is mended.
func levelOf(s apply.Step, c watch.Cause) slog.Level {
	switch {
	case s.Outcome != apply.Done:
		return slog.LevelError
	case c == watch.ByDrift:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// changeAttrs leave out what a change doesn't have.
func changeAttrs(c watch.Change) []slog.Attr {
	attrs := said(
		slog.String("share", c.Share), slog.String("action", c.Action), slog.String("path", c.Path),
		slog.String("old", c.Old), slog.String("new", c.New), slog.String("at", place(c.Pos)),
		slog.String("effect", c.Effect), slog.String("other_volume", c.OtherVolume),
	)
	if c.Whole {
		attrs = append(attrs, slog.Bool("whole_volume", true))
	}
	return attrs
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
	if now.Kind == watch.Drifted {
		for _, c := range unsaid(changes(now.Pending), changes(old.Pending)) {
			log.LogAttrs(context.Background(), slog.LevelWarn, "drift, only reported", changeAttrs(c)...)
		}
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

// changes are the accounts as lines: who gains and who loses, then what is set for it.
func changes(accounts []watch.Account) []watch.Change {
	var out []watch.Change
	for _, a := range accounts {
		out = append(append(out, a.Access...), a.Change)
	}
	return out
}

func unsaid[T comparable](now, said []T) []T {
	return slices.DeleteFunc(slices.Clone(now), func(x T) bool { return slices.Contains(said, x) })
}
