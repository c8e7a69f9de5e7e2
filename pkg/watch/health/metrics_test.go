package health_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
)

// everything is a daemon of which each metric has a value.
func everything(t *testing.T, test func(*testing.T, *daemon)) {
	told(t, func(d *daemon) {
		stories["everyday"](d)
		stories["trouble"](d)
	}, test)
}

// The names and helps are as Prometheus' conventions want them.
func TestMetricsLint(t *testing.T) {
	everything(t, func(t *testing.T, d *daemon) {
		problems, err := testutil.GatherAndLint(d.metrics.Registry())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	})
}

// described are the metrics of our own as docs/monitoring.md has them: a line is
// | `name` | type | labels | help |.
func described(d *daemon) (lines, names []string, err error) {
	families, err := d.metrics.Registry().Gather()
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "glusterd_shares_") {
			continue
		}
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, "`"+l.GetName()+"`")
		}
		kind := strings.ToLower(f.GetType().String())
		lines = append(lines, "| `"+f.GetName()+"` | "+kind+" | "+strings.Join(labels, ", ")+" | "+f.GetHelp()+" |")
		names = append(names, f.GetName())
	}
	return lines, names, err
}

// The table of the manual is what the registry gives.
func TestMetricsAreDocumented(t *testing.T) {
	const manual = "../../../docs/monitoring.md"
	everything(t, func(t *testing.T, d *daemon) {
		want, _, err := described(d)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(manual)
		if err != nil {
			t.Fatal(err)
		}
		table := regexp.MustCompile("(?m)^\\| `glusterd_shares_.*$")
		if *update {
			text = replaceTable(text, table, strings.Join(want, "\n"))
			if err := os.WriteFile(manual, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got := table.FindAllString(string(text), -1); !slices.Equal(got, want) {
			t.Errorf("%s has\n%s\nwant\n%s", manual, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

func replaceTable(text []byte, table *regexp.Regexp, rows string) []byte {
	found := table.FindAllIndex(text, -1)
	if found == nil {
		return text
	}
	return slices.Concat(text[:found[0][0]], []byte(rows), text[found[len(found)-1][1]:])
}

// Each metric that an alert rule names is there.
func TestAlertsNameMetrics(t *testing.T) {
	everything(t, func(t *testing.T, d *daemon) {
		_, names, err := described(d)
		if err != nil {
			t.Fatal(err)
		}
		rules, err := os.ReadFile("../../../packaging/prometheus/alerts.yaml")
		if err != nil {
			t.Fatal(err)
		}
		used := regexp.MustCompile(`\bglusterd_shares_\w+`).FindAllString(string(rules), -1)
		if len(used) == 0 {
			t.Fatal("the rules name no metric")
		}
		for _, name := range used {
			base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_count"), "_sum")
			if !slices.Contains(names, base) {
				t.Errorf("the rules name %s, which is no metric", name)
			}
		}
	})
}
