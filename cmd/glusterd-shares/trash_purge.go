package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/state"
)

func (a *app) trashPurgeCommand() *cobra.Command {
	var flags trashFlags
	var age string
	cmd := &cobra.Command{
		Use:   "purge [--older-than AGE] [NAME...] -f PATH",
		Short: "Delete directories in the trash for good",
		Long: `purge deletes directories in the trash for good: those that are named, or those that were
removed longer ago than AGE; where both are given, those for which both hold. NAME is
the id of an entry, or the name of a share where the trash holds one of that name only.
It asks nothing, says what it deletes, and touches nothing outside the trash. What it
has not deleted when it is broken off is deleted by the next one.`,
		Example: `  glusterd-shares trash purge --older-than 30d -f state.yaml
  glusterd-shares trash purge scratch -f state.yaml
  glusterd-shares trash purge 20261125T162030Z-scratch-k2v7qxhd -f state.yaml`,
		Args: func(cmd *cobra.Command, names []string) error {
			_, err := parseAge(age)
			switch {
			case age == "" && cmd.Flags().Changed("older-than"):
				err = errors.New("--older-than is empty: write a number of days or hours, such as 30d or 12h")
			case age == "" && len(names) == 0:
				err = errors.New("say what to delete: by NAME, or by --older-than")
			}
			return err
		},
		ValidArgsFunction: a.completeNames(absentShares),
		RunE: func(cmd *cobra.Command, names []string) error {
			ctx, cancel := flags.bounded(cmd.Context())
			defer cancel()
			a.end(a.purge(ctx, names, age, flags))
			return nil
		},
	}
	a.trashCommandFlags(cmd, &flags, 0, true)
	cmd.Flags().StringVar(&age, "older-than", "", "only what was removed longer ago than this `AGE`: 30d, or 12h")
	return cmd
}

// ageForm takes no more than a time.Duration does, which is 292 years.
var ageForm = regexp.MustCompile(`^([1-9][0-9]{0,4})([dh])$`)

// parseAge reads a number of days or hours; nothing is no age at all.
func parseAge(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	m := ageForm.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("--older-than %q: write a number of days or hours, such as 30d or 12h, of five digits at most", s)
	}
	n, err := strconv.Atoi(m[1])
	hours := time.Duration(n) * time.Hour
	if m[2] == "d" {
		hours *= 24
	}
	return hours, err
}

func (a *app) purge(ctx context.Context, names []string, age string, flags trashFlags) result {
	older, err := parseAge(age)
	if err != nil {
		return result{command: "trash purge", usage: err}
	}
	r, s := a.openTrash(ctx, "trash purge")
	if s == nil {
		return r
	}
	if len(names) > 0 {
		r.failure = oneEach(ctx, s, names)
	}
	if now := time.Now(); r.failure == nil {
		r.eachTrash(s, func(j *job) ([]trashEntry, error) {
			return a.underLock(ctx, j, flags.lockTimeout, func(_ state.Serving, entries []trashEntry) []trashEntry {
				entries = lying(entries)
				if len(names) > 0 {
					entries = anyNamed(entries, names)
				}
				return a.purgeAll(ctx, j, olderThan(entries, now, older))
			})
		})
	}
	r.failure = errors.Join(r.failure, s.close())
	return r
}

// oneEach refuses names that the trash doesn't hold, and those that it holds more
// than once, in one volume or in several: which one is meant can't be told, nor where
// a volume can't be read.
func oneEach(ctx context.Context, s *session, names []string) error {
	var errs []error
	var all []trashEntry
	for _, j := range s.jobs {
		_, entries, err := listTrash(ctx, j)
		all = append(all, entries...)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", j.volume.Target, err))
		}
	}
	if len(errs) == 0 {
		for _, name := range once(names) {
			errs = append(errs, onlyOneLying(named(all, name), name))
		}
	} else if len(s.jobs) > 1 {
		errs = append(errs, errors.New("say with --volume which trash is meant"))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%w\nnothing was deleted", err)
	}
	return nil
}

// onlyOneLying is onlyOne of the entries whose directory is in the trash.
func onlyOneLying(entries []trashEntry, name string) error {
	there := lying(entries)
	if len(there) == 0 && len(entries) > 0 {
		return fmt.Errorf("%s is in its place, and the trash holds nothing of it but a note: end that by trash restore, or let the next apply that changes anything clear it away", entries[0].Note.Path)
	}
	return onlyOne(there, name)
}

// lying are the entries whose directory is in the trash. The notes of the others are all
// that tells of a limit that is gone.
func lying(entries []trashEntry) []trashEntry {
	return slices.DeleteFunc(slices.Clone(entries), func(t trashEntry) bool { return t.InPlace })
}

// anyNamed are the entries of any of the names, each once.
func anyNamed(entries []trashEntry, names []string) []trashEntry {
	return slices.DeleteFunc(slices.Clone(entries), func(t trashEntry) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return isNamed(t, name) })
	})
}

// olderThan leaves out what was removed less long ago, or at a time that can't be
// told. No age leaves out nothing.
func olderThan(entries []trashEntry, now time.Time, age time.Duration) []trashEntry {
	return slices.DeleteFunc(slices.Clone(entries), func(t trashEntry) bool {
		when, err := t.When()
		return age > 0 && (err != nil || now.Sub(when) < age)
	})
}

// purgeAll deletes the entries one after the other. One that can't be deleted
// doesn't keep the others.
func (a *app) purgeAll(ctx context.Context, j *job, entries []trashEntry) []trashEntry {
	p := a.newProgress()
	defer p.clear()
	for i, t := range entries {
		if t.err != nil {
			continue // what can't be looked at stays
		}
		fmt.Fprintf(a.std.err, "%s: deleting %d of %d: %s\n", t.target, i+1, len(entries), render.Escape(t.ID))
		err := j.endpoint.Purge(ctx, t.ID, func(removed int) { p.say(fmt.Sprintf("%s: %d files deleted", t.ID, removed)) })
		p.clear()
		if entries[i].err = err; err == nil {
			entries[i].outcome = outcomeDeleted
		}
		a.auditTrash("purge", entries[i])
	}
	return entries
}
