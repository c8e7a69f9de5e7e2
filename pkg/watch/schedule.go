package watch

import "time"

const (
	firstBackoff = 5 * time.Second
	maxBackoff   = 5 * time.Minute
)

// backoff is the time to wait after so many errors in a row.
func backoff(failures int) time.Duration {
	d := firstBackoff
	for range failures - 1 {
		d = min(2*d, maxBackoff)
	}
	return d
}

// spread is about d, from nine tenths to eleven, by chance, from 0 to below 1: so
// daemons that were started together don't stay together.
func spread(d time.Duration, chance float64) time.Duration {
	return d - d/10 + time.Duration(chance*float64(d/5))
}
