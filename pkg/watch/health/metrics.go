package health

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"glusterd-shares/pkg/diff"
	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
	"glusterd-shares/pkg/watch"
)

const prefix = "glusterd_shares_"

// Metrics is a watch.Observer that counts what happens. Labels hold targets of the
// state files and words of the program, and nothing that a cluster says: their
// number is bounded.
type Metrics struct {
	watch.Observers // nothing is made of what is not counted

	registry *prometheus.Registry
	began    time.Time // the look in hand; of the loop alone

	reconciles, drifts, refusals, changes *prometheus.CounterVec
	commands, retries                     *prometheus.CounterVec
	duration                              prometheus.Histogram
}

// NewMetrics returns metrics of their own registry, in which what the board shows
// stands beside what is counted.
func NewMetrics(b *Board, about About) *Metrics {
	m := &Metrics{
		registry:   prometheus.NewRegistry(),
		reconciles: counter("reconciles_total", "Looks at a volume that came to their end, by the condition that the volume was in then.", "volume", "result"),
		drifts:     counter("drift_found_total", "Looks without new content that found something to change, whether it was repaired or only reported.", "volume"),
		refusals:   counter("guard_refusals_total", "Looks at a volume at whose end a guard had refused its plan, by the guard.", "volume", "rule"),
		changes:    counter("changes_total", "Steps of plans, by what they change and what became of them.", "action", "outcome"),
		commands:   counter("gluster_commands_total", "Commands that Gluster was asked, each try, by what was asked and what came of it.", "verb", "result"),
		retries:    counter("gluster_retries_total", "Commands that Gluster was asked again, since the first try failed for a passing reason.", "verb"),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: prefix + "reconcile_duration_seconds", Help: "How long a look at a volume took, with all that was changed.",
			Buckets: []float64{0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600},
		}),
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		m.reconciles, m.drifts, m.refusals, m.changes, m.commands, m.retries, m.duration,
		gauges{b, about},
	)
	return m
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: prefix + name, Help: help}, labels)
}

// Took implements watch.Observer. What is counted of a volume begins at 0, so that
// its first increase is seen as one.
func (m *Metrics) Took(d state.Desired) {
	for _, v := range d.Volumes {
		m.drifts.WithLabelValues(v.Target.String())
		for _, k := range kinds {
			m.reconciles.WithLabelValues(v.Target.String(), Word(k))
		}
	}
}

// Dropped implements watch.Observer.
func (m *Metrics) Dropped(t state.Target) {
	for _, c := range []*prometheus.CounterVec{m.reconciles, m.drifts, m.refusals} {
		c.DeletePartialMatch(prometheus.Labels{"volume": t.String()})
	}
}

// Looking implements watch.Observer.
func (m *Metrics) Looking(state.Target) { m.began = time.Now() }

// Reconciled implements watch.Observer.
func (m *Metrics) Reconciled(r watch.Result) {
	volume := r.Volume.Target.String()
	m.duration.Observe(time.Since(m.began).Seconds())
	m.reconciles.WithLabelValues(volume, Word(r.Kind)).Inc()
	if r.Drifted() {
		m.drifts.WithLabelValues(volume).Inc()
	}
	for _, refusal := range refusalsOf(r) {
		m.refusals.WithLabelValues(volume, refusal.Rule).Inc()
	}
	if r.Report != nil {
		for _, s := range r.Report.Steps {
			m.changes.WithLabelValues(watch.ChangeOf(s.Action).Action, string(s.Outcome)).Inc()
		}
	}
}

// refusalsOf are what the guards say of a plan that was refused for no problem.
func refusalsOf(r watch.Result) []diff.Refusal {
	if r.Kind != watch.Refused || r.Plan == nil || len(r.Plan.Problems) > 0 {
		return nil
	}
	return diff.Guard([]diff.Plan{*r.Plan}, diff.Allow{})
}

// Ran counts a command. It may be called by several goroutines at once.
func (m *Metrics) Ran(c gluster.Command) {
	m.commands.WithLabelValues(c.Verb, string(c.Result)).Inc()
	if c.Again {
		m.retries.WithLabelValues(c.Verb).Inc()
	}
}
