package health

import (
	"fmt"
	"time"
)

// pulse tells whether the loop is alive. While it waits for something to do it is;
// while it looks at a volume there are signs.
type pulse struct {
	bound time.Duration // between two signs; 0: none
	at    string        // the volume that is looked at; empty: none is
	last  time.Time     // the last sign
}

// stuck tells why the loop is taken for dead; empty where it is not.
func (p pulse) stuck(now time.Time) string {
	silent := now.Sub(p.last)
	if p.at == "" || p.bound == 0 || silent < p.bound {
		return ""
	}
	return fmt.Sprintf("no sign of the look at %s for %v", p.at, silent.Round(time.Second))
}
