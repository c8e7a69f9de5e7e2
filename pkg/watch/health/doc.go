// Package health shows how the daemon and its volumes are, to people and to
// programs.
//
//	watch.Loop -> Board   -> Snapshot -> /livez /readyz /status /
//	           -> Metrics ------------> /metrics
//
// Both are told what happens, as observers of the loop, and keep it under a lock
// that is never held while anybody is answered: the loop waits for no reader.
// Nothing that is shown is a secret, and nothing can be changed here.
package health
