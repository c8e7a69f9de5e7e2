package health

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"glusterd-shares/pkg/watch"
)

// kinds are those that a volume may be of after a look.
var kinds = []watch.Kind{watch.InSync, watch.Withheld, watch.Held, watch.Drifted, watch.Refused, watch.Failed}

// gauges is a collector of what a board shows, at the moment when it is asked.
type gauges struct {
	board *Board
	about About
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prefix+name, help, labels, nil)
}

var (
	buildInfo = desc("build_info", "1, with the version of the program.", "version", "revision", "goversion")
	inSandbox = desc("sandbox", "1 where a stand-in takes the place of the cluster, else 0.")
	ready     = desc("ready", "1 once each volume was looked at with success, as /readyz tells it, else 0.")

	reloadGood = desc("config_last_reload_successful", "1 where the content of the state files that was read last was taken, 0 where it is bad or nothing was taken yet.")
	reloadTime = desc("config_last_reload_success_timestamp_seconds", "When content of the state files was taken last; 0: never.")

	volumeKind    = desc("volume_condition", "1 for the condition that the volume is in, 0 for the others.", "volume", "condition")
	volumeLook    = desc("volume_last_look_timestamp_seconds", "When the last look at the volume came to its end; 0: none did.", "volume")
	volumeSuccess = desc("volume_last_success_timestamp_seconds", "When a look at the volume last left nothing to do but what is left to a person; 0: none did.", "volume")
	volumeShares  = desc("volume_shares", "Shares that the state files declare for the volume, absent ones not counted.", "volume")
	volumeWhole   = desc("volume_served_whole", "1 where clients can mount the volume whole, past every share, else 0.", "volume")
	volumeExports = desc("volume_undeclared_exports", "Exports of the volume that no share declares, but for the volume as a whole.", "volume")
	volumeServer  = desc("volume_unserved", "1 where the volume's server does not run on some node where it should, else 0.", "volume")
	volumeHeld    = desc("volume_held_shares", "Shares whose directory something is in the way of, by the last plan.", "volume")
	volumeDrift   = desc("volume_drifted", "1 where the volume is not what it should be and that is only reported, else 0.", "volume")
	volumePending = desc("volume_pending_changes", "Steps of the last plan of the volume that are not done.", "volume")
	volumeProblem = desc("volume_problems", "Problems of the last plan of the volume, for which nothing of it is carried out.", "volume")
)

// Describe implements prometheus.Collector.
func (g gauges) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		buildInfo, inSandbox, ready, reloadGood, reloadTime,
		volumeKind, volumeLook, volumeSuccess, volumeShares, volumeWhole, volumeExports, volumeServer, volumeHeld, volumeDrift, volumePending, volumeProblem,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (g gauges) Collect(to chan<- prometheus.Metric) {
	s := g.board.Snapshot()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(buildInfo, 1, g.about.Version, g.about.Revision, g.about.Go)
	gauge(inSandbox, truth(g.about.Sandbox != ""))
	gauge(ready, truth(s.Ready))
	gauge(reloadGood, truth(s.Content.Valid()))
	gauge(reloadTime, seconds(s.Content.Taken))
	for _, v := range s.Volumes {
		volumeGauges(gauge, v)
	}
}

func volumeGauges(gauge func(*prometheus.Desc, float64, ...string), v Volume) {
	for _, k := range kinds {
		gauge(volumeKind, truth(v.Kind == k), v.Target, Word(k))
	}
	gauge(volumeLook, seconds(v.Looked), v.Target)
	gauge(volumeSuccess, seconds(v.Success), v.Target)
	gauge(volumeShares, float64(v.present()), v.Target)
	gauge(volumeWhole, truth(v.Whole != nil), v.Target)
	gauge(volumeExports, float64(len(v.Undeclared)), v.Target)
	gauge(volumeServer, truth(v.Unserved), v.Target)
	gauge(volumeHeld, float64(v.Plan.Held), v.Target)
	gauge(volumeDrift, truth(v.Kind == watch.Drifted), v.Target)
	gauge(volumePending, float64(v.Plan.Pending), v.Target)
	gauge(volumeProblem, float64(v.Plan.Problems), v.Target)
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
