package sandbox

import (
	"fmt"
	"strconv"
	"strings"
)

// limit is the quota limit of one directory.
type limit struct {
	bytes int64
	order int // glusterd keeps them in the order in which directories got their first
}

// loadLimits reads the volume's limits by directory. A line is "PATH: BYTES",
// and behind it the place in glusterd's order.
func (v *volume) loadLimits() (map[string]limit, error) {
	t, err := readTableOr(v.file("limits"), table{})
	if err != nil {
		return nil, err
	}
	out := map[string]limit{}
	for dir, line := range t {
		bytes, order, _ := strings.Cut(line, " ")
		l := limit{order: 1}
		if l.bytes, err = strconv.ParseInt(bytes, 10, 64); err == nil && order != "" {
			l.order, err = strconv.Atoi(order)
		}
		if err != nil || l.bytes < 1 || l.order < 1 {
			return nil, fmt.Errorf("%s: %s: %q is not a number of bytes, and behind it perhaps a place in the order", v.file("limits"), dir, line)
		}
		out[dir] = l
	}
	return out, nil
}

func limitTable(limits map[string]limit) table {
	t := table{}
	for dir, l := range limits {
		t[dir] = fmt.Sprintf("%d %d", l.bytes, l.order)
	}
	return t
}

func (v *volume) saveLimits(t table) error { return t.write(v.file("limits")) }

func newest(limits map[string]limit) int {
	last := 0
	for _, l := range limits {
		last = max(last, l.order)
	}
	return last
}

// softPercent is the part of a limit from which on Gluster warns.
const softPercent = 80

// write writes the limit, or that there is none, as an element of the list.
func (l limit) write(d *document, dir string, used int64) {
	if l.bytes == 0 {
		const none = "N/A"
		writeLimit(d, []any{dir, none, none, none, used, none, none, none})
		return
	}
	soft := int64(float64(l.bytes) * softPercent / 100)
	exceeded := map[bool]string{true: "Yes", false: "No"}
	writeLimit(d, []any{dir, l.bytes, fmt.Sprintf("%d%%", softPercent), soft, used, max(l.bytes-used, 0),
		exceeded[used > soft], exceeded[used > l.bytes]})
}

var limitElements = []string{
	"path", "hard_limit", "soft_limit_percent", "soft_limit_value", "used_space", "avail_space", "sl_exceeded", "hl_exceeded",
}

func writeLimit(d *document, values []any) {
	d.in("limit", func() {
		for i, name := range limitElements {
			d.leaf(name, values[i])
		}
	})
}
