package watch

import "glusterd-shares/pkg/state"

// Observers are told all of it, each in its turn.
type Observers []Observer

// Took implements Observer.
func (all Observers) Took(d state.Desired) {
	for _, o := range all {
		o.Took(d)
	}
}

// Refused implements Observer.
func (all Observers) Refused(err error) {
	for _, o := range all {
		o.Refused(err)
	}
}

// Dropped implements Observer.
func (all Observers) Dropped(t state.Target) {
	for _, o := range all {
		o.Dropped(t)
	}
}

// Looking implements Observer.
func (all Observers) Looking(t state.Target) {
	for _, o := range all {
		o.Looking(t)
	}
}

// Looked implements Observer.
func (all Observers) Looked(t state.Target) {
	for _, o := range all {
		o.Looked(t)
	}
}

// Stepped implements Observer.
func (all Observers) Stepped(s Step) {
	for _, o := range all {
		o.Stepped(s)
	}
}

// Reconciled implements Observer.
func (all Observers) Reconciled(r Result) {
	for _, o := range all {
		o.Reconciled(r)
	}
}

// Turned implements Observer.
func (all Observers) Turned(t state.Target, old, now Condition) {
	for _, o := range all {
		o.Turned(t, old, now)
	}
}

// Hastened implements Observer.
func (all Observers) Hastened() {
	for _, o := range all {
		o.Hastened()
	}
}

// Unclosed implements Observer.
func (all Observers) Unclosed(t state.Target, err error) {
	for _, o := range all {
		o.Unclosed(t, err)
	}
}
