package apply_test

import (
	"testing"

	"glusterd-shares/pkg/apply"
)

const inTheWay = "a symlink is in the way at /b: move it aside, or give the share another name"

// What stands in the place of a share's directory keeps access for nobody.
func TestInTheWay(t *testing.T) {
	const exported = `
		gv0 disable=off export-volumes=off export-dir=/a(10.0.0.1|10.0.0.2),/b(10.0.0.1) rpc-auth-allow=10.0.0.1,10.0.0.2
		/a
		/b`
	cut := func(b string) string { return "serve export-dir=/a(10.0.0.2)" + b + " rpc-auth-allow=10.0.0.2" }
	play(t, []scene{
		{
			name: "after the plan", desired: "a: 10.0.0.2\nb: 10.0.0.3", actual: exported, allow: everything,
			faults:  []*fault{meanwhile("lock", 1, putSymlink("/b"))},
			log:     "lock\nobserve\n" + cut("") + "\nobserve\nunlock",
			steps:   "done: " + cut(""),
			held:    map[string]string{"b": inTheWay},
			remarks: []string{replanned},
		},
		{
			name: "after the write", desired: "a: 10.0.0.2\nb: 10.0.0.3", actual: exported, allow: everything,
			faults: []*fault{meanwhile("observe", 2, putSymlink("/b"))},
			log: `
				lock
				observe
				serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31
				observe
				unlock`,
			steps: "done: serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31",
			held:  map[string]string{"b": inTheWay},
		},
		{
			name: "until the lock is had", desired: "a: 10.0.0.2\nb: 10.0.0.3", ok: true, allow: everything,
			actual: exported, before: putSymlink("/b"),
			faults: []*fault{meanwhile("lock", 1, chmod("/b", 0o755))},
			log: `
				lock
				observe
				serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31
				observe
				unlock`,
			steps:   "done: serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31",
			remarks: []string{replanned},
		},
		{
			name: "and nothing else is to be done", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.1 10.0.0.3",
			actual: exported, before: putSymlink("/b"),
			held: map[string]string{"b": inTheWay},
		},
		{
			name: "of what goes: no note tells who had access, and so the report does", desired: "a: 10.0.0.1 10.0.0.2\nb absent=trash:",
			actual: exported, before: putSymlink("/b"),
			log: `
				lock
				observe
				announce /b
				observe
				serve export-dir=/a(10.0.0.1|10.0.0.2)
				observe
				unlock`,
			steps:   "done: serve export-dir=/a(10.0.0.1|10.0.0.2)",
			held:    map[string]string{"b": "a symlink is in the way at /b: move it aside, or write on_delete: retain"},
			remarks: []string{"that 10.0.0.1 had access to /b could not be noted: no directory is at /b now"},
		},
	})
}

const byOther = "its directory was changed by somebody else meanwhile"

// A share whose directory can't be made what it should be gains nobody; the
// others go on.
func TestHeld(t *testing.T) {
	play(t, []scene{
		{
			name: "a directory can't be made", actual: served, desired: `
				a: 10.0.0.1 10.0.0.2
				b: 10.0.0.3
				c: 10.0.0.4`,
			faults: []*fault{fails("mkdir /b", 1)},
			log: `
				lock
				observe
				mkdir /b
				mkdir /c
				observe
				serve export-dir=/a(10.0.0.1|10.0.0.2),/c(10.0.0.4) rpc-auth-allow=10.0.0.1,10.0.0.2,10.0.0.4
				observe
				unlock`,
			steps: `
				failed: mkdir /b
				done: mkdir /c
				done: serve export-dir=/a(10.0.0.1|10.0.0.2),/c(10.0.0.4) rpc-auth-allow=10.0.0.1,10.0.0.2,10.0.0.4`,
			held: map[string]string{"b": "it went wrong"},
		},
		{
			name: "the only one can't be made, and the volume is not served yet", desired: "a: 10.0.0.1", actual: fresh + " export-volumes=off",
			faults: []*fault{fails("mkdir /a", 1)},
			log: `
				lock
				observe
				mkdir /a
				observe
				unlock`,
			steps: "failed: mkdir /a",
			held:  map[string]string{"a": "it went wrong"},
		},
		{
			name: "an exported one can't be changed", desired: "a mode=0700: 10.0.0.2 10.0.0.3", actual: served,
			faults: []*fault{fails("setperm /a", 1)},
			log: `
				lock
				observe
				setperm /a 0700
				observe
				` + narrowed + `
				observe
				unlock`,
			steps: "failed: setperm /a 0700\ndone: " + narrowed,
			held:  map[string]string{"a": "it went wrong"},
		},
		{
			name: "the directory above can't be made", actual: served, desired: `
				a: 10.0.0.1 10.0.0.2
				t/b: 10.0.0.3
				t/c: 10.0.0.4`,
			faults: []*fault{fails("mkdir /t", 1)},
			log: `
				lock
				observe
				mkdir /t
				mkdir /t/c
				observe
				unlock`,
			steps: `
				failed: mkdir /t
				failed: mkdir /t/c
				not started: mkdir /t/b`,
			held: map[string]string{"t/b": "it went wrong", "t/c": "no such directory: /t"},
		},
		{
			name: "made, but not given to its owner", desired: "a: 10.0.0.1 10.0.0.2\nb mode=0770 owner=7: 10.0.0.3", actual: served,
			faults: []*fault{halfDone("mkdir /b", 1, errFault)},
			log: `
				lock
				observe
				mkdir /b 0770 owner=7
				observe
				unlock`,
			steps: "failed: mkdir /b 0770 owner=7",
			held:  map[string]string{"b": "it went wrong"},
		},
		{
			name: "made, as far as anybody knows", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.3", actual: served,
			faults: []*fault{unanswered("mkdir /b", 1)},
			log: `
				lock
				observe
				mkdir /b
				observe
				unlock`,
			steps: "unknown: mkdir /b",
			held:  map[string]string{"b": "it is not known whether the change was made"},
		},
		{
			name: "removed by somebody else before the grant", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.3", actual: served,
			faults: []*fault{meanwhile("observe", 2, remove("/b"))},
			log: `
				lock
				observe
				mkdir /b
				observe
				unlock`,
			steps: "done: mkdir /b",
			held:  map[string]string{"b": byOther},
		},
		{
			name: "changed by somebody else before the grant", desired: "a mode=0755: 10.0.0.2 10.0.0.3\nb: 10.0.0.3", actual: served,
			faults: []*fault{meanwhile("mkdir /b", 1, chmod("/a", 0o777))},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				mkdir /b
				observe
				serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31
				observe
				unlock`,
			steps: `
				done: ` + narrowed + `
				done: mkdir /b
				done: serve export-dir=/a(10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.2/31`,
			held: map[string]string{"a": byOther},
		},
		{
			name: "what was cut is given back meanwhile, and cut again", desired: "a: 10.0.0.2\nb: 10.0.0.3", actual: served,
			faults: []*fault{fails("mkdir /b", 1), meanwhile("observe", 3, set("export-dir=/a(10.0.0.1|10.0.0.2)", "rpc-auth-allow=10.0.0.1,10.0.0.2"))},
			log: `
				lock
				observe
				` + narrowed + `
				observe
				mkdir /b
				observe
				` + narrowed + `
				observe
				unlock`,
			steps: `
				done: ` + narrowed + `
				failed: mkdir /b
				done: ` + narrowed,
			held: map[string]string{"b": "it went wrong"},
		},
		{
			name: "changed by somebody else after the grant", desired: "a mode=0755: 10.0.0.1 10.0.0.2 10.0.0.3", actual: served,
			faults: []*fault{meanwhile("observe", 2, chmod("/a", 0o777))},
			log: `
				lock
				observe
				serve export-dir=/a(10.0.0.1|10.0.0.2/31) rpc-auth-allow=10.0.0.1,10.0.0.2/31
				observe
				unlock`,
			steps: "done: serve export-dir=/a(10.0.0.1|10.0.0.2/31) rpc-auth-allow=10.0.0.1,10.0.0.2/31",
			held:  map[string]string{"a": byOther},
		},
		{
			name: "made by somebody else first", desired: "a: 10.0.0.1 10.0.0.2\nb mode=0770: 10.0.0.3", actual: served, ok: true,
			faults: []*fault{meanwhile("lock", 1, chmod("/b", 0o777))},
			log: `
				lock
				observe
				setperm /b 0770
				observe
				serve export-dir=/a(10.0.0.1|10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.1,10.0.0.2/31
				observe
				unlock`,
			steps: `
				done: setperm /b 0770
				done: serve export-dir=/a(10.0.0.1|10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.1,10.0.0.2/31`,
		},
		{
			name: "the volume is stopped meanwhile", desired: "a: 10.0.0.1 10.0.0.2\nb: 10.0.0.3", actual: served,
			faults: []*fault{{on: "mkdir /b", skip: true, err: errFault, before: stopVolume}},
			log: `
				lock
				observe
				mkdir /b
				observe
				unlock`,
			steps: `
				failed: mkdir /b
				not started: serve export-dir=/a(10.0.0.1|10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.1,10.0.0.2/31`,
			held: map[string]string{"b": "it went wrong"},
			err:  "the cluster is not as it was when the plan was made: volumes[0].target: the volume gv0 is not started; start it: gluster volume start gv0",
			is:   apply.ProblemsError{},
		},
	})
}
