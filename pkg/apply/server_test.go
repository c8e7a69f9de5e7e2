package apply_test

import (
	"testing"
	"testing/synctest"
	"time"

	"glusterd-shares/pkg/apply"
	"glusterd-shares/pkg/state"
)

const (
	revived = "the NFS server was not running on g1 after a write, and was started again (gluster volume start gv0 force)"
	dead    = "the cluster is not as it was when the plan was made: volumes[0].target: the NFS server is not running on g1; revive it: gluster volume start gv0 force"
)

// A write can kill the NFS server, for all volumes.
func TestServer(t *testing.T) {
	withRevive := `
		lock
		observe
		` + narrowed + `
		observe
		revive
		observe
		unlock`
	play(t, []scene{
		{
			name: "it dies of a write", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults: []*fault{meanwhile("observe", 2, killServer), {on: "revive", slow: 100 * time.Millisecond}},
			log:    withRevive, steps: "done: " + narrowed, remarks: []string{revived},
		},
		{
			name: "nobody knows whether it was started again", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults: []*fault{meanwhile("observe", 2, killServer), unanswered("revive", 1)},
			log:    withRevive, steps: "done: " + narrowed, remarks: []string{revived},
		},
		{
			name: "it can't be started again", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{meanwhile("observe", 2, killServer), fails("revive", 1)},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				revive
				unlock`,
			steps: "done: " + narrowed,
			err:   "start the NFS server again, which is not running on g1: it went wrong", is: errFault,
		},
		{
			name: "it dies of the next write again", desired: "a: 10.0.0.2\nb: 10.0.0.3", actual: served,
			faults: []*fault{meanwhile("observe", 2, killServer), meanwhile("mkdir", 1, killServer)},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				revive
				observe
				mkdir /b
				observe
				unlock`,
			steps: `
				done: ` + narrowed + `
				done: mkdir /b
				not started: serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31`,
			remarks: []string{revived}, err: dead, is: apply.ProblemsError{},
		},
		{
			name: "it is dead before the first write", desired: "a: 10.0.0.2", actual: served,
			faults: []*fault{meanwhile("observe", 1, killServer)},
			log:    "lock\nobserve\nunlock",
			steps:  "not started: " + narrowed, err: dead, is: apply.ProblemsError{},
		},
		{
			name: "the volume is stopped meanwhile, and nothing of it served", desired: "a: 10.0.0.2\nb: 10.0.0.3", actual: served,
			faults: []*fault{meanwhile("observe", 2, stopVolume)},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				unlock`,
			steps: `
				done: ` + narrowed + `
				not started: mkdir /b
				not started: serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31`,
			err: "the cluster is not as it was when the plan was made: volumes[0].target: the volume gv0 is not started; start it: gluster volume start gv0",
			is:  apply.ProblemsError{},
		},
		{
			name: "it restarts by itself", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults: []*fault{meanwhile("observe", 2, restartServer)},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				unlock`,
			steps:   "done: " + narrowed,
			remarks: []string{"the NFS server on g1 restarted by itself: its clients were cut off for a moment"},
		},
		{
			name: "it takes its time to start", desired: "a: 10.0.0.1", actual: fresh + " export-volumes=off\n/a", ok: true,
			faults: []*fault{{on: "serve", slow: 500 * time.Millisecond}},
			log: `
				lock
				observe
				serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1
				observe
				observe
				observe
				observe
				unlock`,
			steps: "done: serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1",
		},
	})
}

// Who loses access keeps it on a node that can't be reached.
func TestServerOutOfReach(t *testing.T) {
	leaves := func(f *fake) { f.peers[0].Connected = false }
	const granted = "serve export-dir=/a(10.0.0.1|10.0.0.2/31) rpc-auth-allow=10.0.0.1,10.0.0.2/31"
	log := func(write string) string { return "lock\nobserve\n" + write + "\nobserve\nunlock" }
	play(t, []scene{
		{
			name: "before the write", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults: []*fault{meanwhile("lock", 1, leaves)},
			log:    log(narrowed), steps: "done: " + narrowed,
			remarks: []string{"not so when the plan was shown: volumes[0].target: g1 can't be reached: who loses access here keeps it there until it is back; " +
				"bring the node back, or keep its NFS server off the network"},
		},
		{
			name: "before a write that is made again", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults: []*fault{meanwhile("lock", 1, leaves), lost("serve", 1)},
			log:    oneSerial, steps: "done: " + narrowed,
			remarks: []string{"not so when the plan was shown: volumes[0].target: g1 can't be reached: who loses access here keeps it there until it is back; " +
				"bring the node back, or keep its NFS server off the network"},
		},
		{
			name: "around the write", desired: "a: 10.0.0.2", actual: served, ok: true,
			faults: []*fault{meanwhile("observe", 2, leaves)},
			log:    log(narrowed), steps: "done: " + narrowed,
			remarks: []string{"g1 can't be reached since access was taken away: who lost it may keep it there until the node is back"},
		},
		{
			name: "around the write that closes whole volumes", desired: "a: 10.0.0.1 10.0.0.2", ok: true, allow: everything, actual: `
				gv0 disable=off export-volumes=off export-dir=/a(10.0.0.1|10.0.0.2) rpc-auth-allow=10.0.0.1,10.0.0.2
				gv1 disable=off export-volumes=on
				/a`,
			faults: []*fault{meanwhile("observe", 2, leaves)},
			log:    log("serve export-volumes=off"), steps: "done: serve export-volumes=off",
			remarks: []string{"g1 can't be reached since access was taken away: who lost it may keep it there until the node is back"},
		},
		{
			name: "around a write that takes nothing away", desired: "a: 10.0.0.1 10.0.0.2 10.0.0.3", actual: served, ok: true,
			faults: []*fault{meanwhile("observe", 2, leaves)},
			log:    log(granted), steps: "done: " + granted,
		},
	})
}

// A server that never comes up is started again once, and given up after its
// time.
func TestServerNeverStarts(t *testing.T) {
	play(t, []scene{{
		name: "after the first export", desired: "a: 10.0.0.1", actual: fresh + " export-volumes=off\n/a",
		faults: []*fault{{on: "serve", slow: 24 * time.Hour}, halfDone("revive", 1, nil)},
		log:    "lock\nobserve\nserve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1\n" + polls(151) + "revive\n" + polls(150) + "unlock",
		steps:  "done: serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1",
		remarks: []string{
			"the NFS server was not running on g1, g2 after a write, and was not seen to come up on g1, g2 when it was started again (gluster volume start gv0 force)",
		},
		err: "the cluster is not as it was when the plan was made: volumes[0].target: the NFS server is not running on g1, g2; " +
			"revive it: gluster volume start gv0 force",
		is: apply.ProblemsError{},
	}})
}

// A server that could not start with what was set is started when the last of
// it is gone, and not before.
func TestServerStartsWhenItCan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake("a: 10.0.0.1", `
			gv0 disable=off export-volumes=off export-dir=/a(10.0.0.*) rpc-auth-allow=10.0.0.1
			gv1 disable=on
			/a`)
		killServer(f)
		r := f.apply(t.Context(), t, apply.Options{})
		wantText(t, "log", `
			lock
			observe
			serve export-volumes=off
			observe
			serve export-dir=/a(10.0.0.1),
			observe
			revive
			observe
			unlock`, f.logged())
		if !r.OK() {
			t.Errorf("error %v", r.Err)
		}
	})
}

func polls(n int) string {
	var out string
	for range n {
		out += "observe\n"
	}
	return out
}

// What can't be read while the server is waited for ends the run.
func TestServerUnreadable(t *testing.T) {
	play(t, []scene{{
		name: "while it starts", desired: "a: 10.0.0.1", actual: fresh + " export-volumes=off\n/a",
		faults: []*fault{{on: "serve", slow: time.Second}, fails("observe", 3).with(state.ErrUnknownOutcome)},
		log: `
			lock
			observe
			serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1
			observe
			observe
			unlock`,
		steps: "done: serve disable=off export-dir=/a(10.0.0.1) rpc-auth-allow=10.0.0.1",
		err:   "read the volume: it is not known whether the change was made",
	}, {
		name: "when it was started again", desired: "a: 10.0.0.2", actual: served,
		faults: []*fault{meanwhile("observe", 2, killServer), fails("observe", 2)},
		log: `
			lock
			observe
			` + narrowed + `
			observe
			revive
			observe
			unlock`,
		steps:   "done: " + narrowed,
		remarks: []string{"the NFS server was not running on g1 after a write, and was not seen to come up on g1 when it was started again (gluster volume start gv0 force)"},
		err:     "read the volume: it went wrong", is: errFault,
	}})
}
