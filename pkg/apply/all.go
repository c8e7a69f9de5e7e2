package apply

import (
	"context"

	"glusterd-shares/pkg/diff"
)

// Job is a plan to be carried out, as Apply does.
type Job struct {
	Plan    diff.Plan
	Target  Target
	Options Options
}

// All carries out the plans of several volumes, and returns their reports in the same
// order. A volume's trouble stops no other.
//
// They go one after the other as they are given, but those whose directories go come
// last, and where they are several in two parts: what goes of the first waits until access
// is as it should be on all of them. To delete a directory may take hours, and nobody who
// loses access to another volume keeps it as long.
func All(ctx context.Context, jobs []Job) []Report {
	reports := make([]Report, len(jobs))
	var going []int
	for i, j := range jobs {
		if len(j.Plan.Retirements()) > 0 {
			going = append(going, i)
		} else {
			reports[i] = Apply(ctx, j.Plan, j.Target, j.Options)
		}
	}
	if len(going) == 1 {
		j := jobs[going[0]]
		reports[going[0]] = Apply(ctx, j.Plan, j.Target, j.Options)
		return reports
	}
	started := make([]*Started, len(going))
	for n, i := range going {
		started[n] = Start(ctx, jobs[i].Plan, jobs[i].Target, jobs[i].Options)
	}
	for n, i := range going {
		reports[i] = started[n].Finish(ctx)
	}
	return reports
}
