package main

import (
	"context"
	"errors"
	"log/slog"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
)

// audit logs every change each time that it was tried, at level info: what it is, from
// what to what, what came of it, and who runs this; again where something else has come
// of it than was said. The report has the same; a run that is killed has no report.
func (a *app) audit(t state.Target) func(apply.Step, apply.Outcome) {
	log := a.log.With("volume", t.String(), "by", gluster.ThisUser())
	return func(s apply.Step, _ apply.Outcome) {
		log.LogAttrs(context.Background(), slog.LevelInfo, "change", stepAttrs(s)...)
	}
}

// auditRevived logs that the NFS server of a volume was started again.
func (a *app) auditRevived(t state.Target) func(error) {
	return func(err error) {
		a.logChange(err, slog.String("volume", t.String()), slog.String("by", gluster.ThisUser()), slog.String("action", "revive-nfs-server"))
	}
}

// auditTrash logs what became of an entry of the trash that was asked for something.
func (a *app) auditTrash(action string, t trashEntry) {
	attrs := []slog.Attr{
		slog.String("volume", t.target.String()), slog.String("by", gluster.ThisUser()),
		slog.String("action", action), slog.String("entry", t.ID),
	}
	if t.Note != nil {
		attrs = append(attrs, slog.String("path", t.Note.Path))
	}
	a.logChange(t.err, attrs...)
}

func (a *app) logChange(err error, attrs ...slog.Attr) {
	outcome := apply.Done
	switch {
	case errors.Is(err, state.ErrUnknownOutcome):
		outcome = apply.Unknown
	case err != nil:
		outcome = apply.Failed
	}
	attrs = append(attrs, slog.String("outcome", string(outcome)))
	if err != nil {
		attrs = append(attrs, slog.Any("error", err))
	}
	a.log.LogAttrs(context.Background(), slog.LevelInfo, "change", attrs...)
}

func stepAttrs(s apply.Step) []slog.Attr {
	attrs := append(changeAttrs(watch.ChangeOf(s.Action)), slog.String("outcome", string(s.Outcome)))
	if s.Err != nil {
		attrs = append(attrs, slog.Any("error", s.Err))
	}
	return attrs
}
