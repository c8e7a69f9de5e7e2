package main

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
	"glusterd-shares/pkg/watch/health"
)

// undeclared are the exports of a volume that no share declares, by path.
type undeclared map[string]health.Export

// logExports tells of each undeclared export that was not there at the look before,
// and of each that is gone. At the first look those are told that reach into a share,
// and the number of all: they are kept on purpose, or nobody knows of them.
func (w *watchLog) logExports(log *slog.Logger, r watch.Result) {
	now, seen := health.Undeclared(r)
	if !seen {
		return
	}
	is := undeclared{}
	for _, e := range now {
		is[e.Path] = e
	}
	was, known := w.exports[r.Volume.Target]
	if w.exports == nil {
		w.exports = map[state.Target]undeclared{}
	}
	w.exports[r.Volume.Target] = is
	if !known && len(is) > 0 {
		log.Info("undeclared exports", "number", len(is), "paths", strings.Join(slices.Sorted(maps.Keys(is)), " "))
	}
	for _, path := range slices.Sorted(maps.Keys(is)) {
		e := is[path]
		if _, before := was[path]; before || !known && len(e.Near) == 0 {
			continue
		}
		log.LogAttrs(context.Background(), slog.LevelWarn, "undeclared export: no share declares it",
			said(slog.String("path", path), slog.String("clients", e.String()), slog.String("reaches_into", strings.Join(e.Near, ", ")))...)
	}
	for _, path := range slices.Sorted(maps.Keys(was)) {
		if _, still := is[path]; !still {
			log.Info("undeclared export is gone", "path", path)
		}
	}
}
