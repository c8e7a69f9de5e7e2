package apply_test

import (
	"testing"

	"glusterd-shares/pkg/state"
)

const (
	narrowed = "serve export-dir=/a(10.0.0.2) rpc-auth-allow=10.0.0.2"
	gaveUp   = " is not certain to hold, after 3 tries: see glusterd's log, and who else changes it; where gluster answered with a failure, " +
		"glusterd may not have stored what it shows, which no later plan can tell: set it by hand until gluster says success"
	oneSerial = `
		lock
		observe
		` + narrowed + `
		observe
		` + narrowed + `
		observe
		unlock`
	threeTries = `
		lock
		observe
		` + narrowed + `
		observe
		` + narrowed + `
		observe
		` + narrowed + `
		observe
		unlock`
)

// A write whose outcome is not known is made again until it is known.
func TestDoubt(t *testing.T) {
	play(t, []scene{
		{
			name: "it was not made", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{lost("serve", 1)}, ok: true,
			log: oneSerial, steps: "done: " + narrowed,
		},
		{
			name: "it was made", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{unanswered("serve", 1)}, ok: true,
			log: oneSerial, steps: "done: " + narrowed,
		},
		{
			name: "it was made in memory alone", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{unstored("serve", 1)}, ok: true,
			log: oneSerial, steps: "done: " + narrowed,
		},
		{
			name: "it was not made, and something else is wanted by now", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{lost("serve", 1), meanwhile("observe", 2, set("export-dir=/a(10.0.0.1),/x(10.0.0.1)"))}, ok: true,
			log: `
				lock
				observe
				` + narrowed + `
				observe
				serve export-dir=/a(10.0.0.2),/x(10.0.0.1),
				observe
				unlock`,
			steps:   "failed: " + narrowed + "\ndone: serve export-dir=/a(10.0.0.2),/x(10.0.0.1),",
			remarks: []string{replanned},
		},
		{
			name: "it was not made, and somebody else has done it in other words", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{lost("serve", 1), meanwhile("observe", 2, set("export-dir=/a(10.0.0.2/32)", "rpc-auth-allow=10.0.0.2"))}, ok: true,
			log: `
				lock
				observe
				` + narrowed + `
				observe
				serve export-dir=/a(10.0.0.2/32)
				observe
				unlock`,
			steps: "failed: " + narrowed + "\ndone: serve export-dir=/a(10.0.0.2/32)",
		},
		{
			name: "nothing is ever known to be made, and somebody else has done it in other words", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{lost("serve", 0), meanwhile("observe", 2, set("export-dir=/a(10.0.0.2/32)", "rpc-auth-allow=10.0.0.2"))},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				serve export-dir=/a(10.0.0.2/32)
				observe
				serve export-dir=/a(10.0.0.2/32)
				observe
				unlock`,
			steps: "unknown: " + narrowed + "\nunknown: serve export-dir=/a(10.0.0.2/32)", err: "nfs.export-dir" + gaveUp,
		},
		{
			name: "it is never made", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{lost("serve", 0)},
			log:    threeTries, steps: "unknown: " + narrowed, err: "nfs.export-dir" + gaveUp,
		},
		{
			name: "it is never stored", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{unstored("serve", 0)},
			log:    threeTries, steps: "unknown: " + narrowed, err: "nfs.export-dir" + gaveUp,
		},
		{
			name: "it was made, and refused at the second try", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{unanswered("serve", 1), fails("serve", 1)},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				` + narrowed + `
				unlock`,
			steps: "unknown: " + narrowed, err: "it went wrong", is: errFault,
		},
		{
			name: "glusterd is dead from then on", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{lost("serve", 1), fails("observe", 2)},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				unlock`,
			steps: "unknown: " + narrowed, err: "read the volume: it went wrong", is: errFault,
		},
		{
			name: "it is taken and ignored once", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{ignored("serve", 1)}, ok: true,
			log: oneSerial, steps: "done: " + narrowed,
		},
		{
			name: "it is taken and ignored", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{ignored("serve", 0)},
			log:    threeTries, steps: "failed: " + narrowed, err: "nfs.export-dir" + gaveUp,
		},
		{
			name: "it is refused", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{fails("serve", 1)},
			log: `
				lock
				observe
				` + narrowed + `
				unlock`,
			steps: "failed: " + narrowed, err: "it went wrong", is: errFault,
		},
	})
}

// What the later writes rest on is made for certain before them.
func TestDoubtOfAnEarlierWrite(t *testing.T) {
	const grant = "serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1"
	twice := `
		lock
		observe
		serve export-volumes=off
		observe
		serve export-volumes=off
		observe
		` + grant + `
		observe
		unlock`
	play(t, []scene{
		{
			name: "closing whole volumes is not stored", desired: "a: 10.0.0.1", actual: fresh + "\n/a",
			faults: []*fault{unstored("serve", 1)}, ok: true,
			log: twice, steps: "done: serve export-volumes=off\ndone: " + grant,
		},
		{
			name: "closing whole volumes is done for one of them", desired: "a: 10.0.0.1", actual: fresh + "\ngv1 disable=on\n/a",
			faults: []*fault{halfDone("serve", 1, state.ErrUnknownOutcome)}, ok: true,
			log: twice, steps: "done: serve export-volumes=off\ndone: " + grant,
		},
		{
			name: "closing whole volumes is never stored", desired: "a: 10.0.0.1\nb: 10.0.0.1", actual: fresh + "\n/a",
			faults: []*fault{unstored("serve export-volumes", 0)},
			log: `
				lock
				observe
				serve export-volumes=off
				observe
				serve export-volumes=off
				observe
				serve export-volumes=off
				observe
				unlock`,
			steps: `
				unknown: serve export-volumes=off
				not started: mkdir /b
				not started: serve disable=off export-dir=/a(10.0.0.1),/b(10.0.0.1) rpc-auth-allow=10.0.0.1`,
			err: "nfs.export-volumes" + gaveUp,
		},
		{
			name: "cutting access is not stored", desired: "a: 10.0.0.2\nb: 10.0.0.2", actual: served,
			faults: []*fault{unstored("serve", 1)}, ok: true,
			log: `
				lock
				observe
				` + narrowed + `
				observe
				` + narrowed + `
				observe
				mkdir /b
				observe
				serve export-dir=/a(10.0.0.2),/b(10.0.0.2)
				observe
				unlock`,
			steps: `
				done: ` + narrowed + `
				done: mkdir /b
				done: serve export-dir=/a(10.0.0.2),/b(10.0.0.2)`,
		},
	})
}
