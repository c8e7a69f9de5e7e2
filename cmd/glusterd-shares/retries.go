package main

import (
	"fmt"
	"sync"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/state"
)

// retries tells on stderr, once for each volume, that gluster is asked again: until
// that is given up, seconds pass in which nothing else is said. It is told of every
// try, by several goroutines at once.
func (a *app) retries(t state.Target) func(gluster.Command) {
	why := map[gluster.Result]string{
		gluster.DaemonDown: "glusterd does not answer",
		gluster.Busy:       "glusterd is busy, or can't mount the volume now",
		gluster.Lost:       "the connection was lost",
	}
	var once sync.Once
	return func(c gluster.Command) {
		if said, passes := why[c.Result]; passes && c.Again {
			once.Do(func() {
				a.telling.Lock()
				defer a.telling.Unlock()
				a.progress.clear()
				fmt.Fprintf(a.std.err, "%s: %s: asking again\n", t, said)
			})
		}
	}
}
