package main

import (
	"slices"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/doctor"
)

// Exit codes.
const (
	exitDone    = 0 // done, or nothing to do
	exitFailed  = 1 // failed, or done in part; a share is held
	exitPending = 2 // plan --detailed-exitcode: changes are pending
	exitInvalid = 3 // the state file or the command line
	exitRefused = 4 // a problem, or a guard; nothing was changed
)

// exitCode is derived from what is printed. Where several fit, the first of
// 3, 4, 1, 2, 0 counts.
func (r result) exitCode() int {
	switch {
	case r.usage != nil || len(r.invalid) > 0:
		return exitInvalid
	case r.refused():
		return exitRefused
	case r.failed():
		return exitFailed
	case r.detailed && r.pending():
		return exitPending
	}
	return exitDone
}

// refused reports whether nothing was written because of a problem or a guard.
// What stops an apply later on is a failure: something may have been done.
func (r result) refused() bool {
	if len(r.refusals) > 0 || len(r.differences) > 0 && !r.begun() {
		return true
	}
	for _, v := range r.volumes {
		if v.plan != nil && len(v.plan.Problems) > 0 {
			return true
		}
	}
	return false
}

// begun reports whether any step was tried.
func (r result) begun() bool {
	return slices.ContainsFunc(r.volumes, func(v volumeResult) bool {
		return v.report != nil && v.report.Count(apply.NotStarted) < len(v.report.Steps)
	})
}

func (r result) failed() bool {
	if r.failure != nil {
		return true
	}
	for _, t := range r.trash {
		if t.err != nil {
			return true
		}
	}
	for _, v := range r.volumes {
		failed := v.err != nil || v.report != nil && !v.report.OK()
		if failed || v.heldBack() || v.status != nil && !v.status.Whole() || !doctor.Well(v.checks) {
			return true
		}
	}
	return false
}

// heldBack reports whether the plan, which was not carried out, can't do all
// that the file asks for: something is in the way of a share.
func (v volumeResult) heldBack() bool {
	return v.report == nil && v.plan != nil && len(v.plan.Held) > 0
}

func (r result) pending() bool {
	for _, v := range r.volumes {
		if v.plan != nil && !v.plan.Empty() {
			return true
		}
	}
	return false
}
