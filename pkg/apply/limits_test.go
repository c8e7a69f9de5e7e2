package apply_test

import "testing"

// Limits are set all in one go, after the directories and before anybody is let
// in. A share whose limit can't be set gains nobody.
func TestLimits(t *testing.T) {
	const all = "a size=1000: 10.0.0.1 10.0.0.2\nb size=2000: 10.0.0.3"
	const grantBoth = "serve export-dir=/a(10.0.0.1|10.0.0.2),/b(10.0.0.3) rpc-auth-allow=10.0.0.1,10.0.0.2/31"
	play(t, []scene{
		{
			name: "the first limits of a volume", actual: served, desired: all, ok: true,
			log: `
				lock
				observe
				mkdir /b
				enable quota
				limits 2
				limit /a 1000
				limit /b 2000
				observe
				` + grantBoth + `
				observe
				unlock`,
			steps: `
				done: mkdir /b
				done: enable quota
				done: limit /a 1000
				done: limit /b 2000
				done: ` + grantBoth,
		},
		{
			name: "one differs, one is to go, one stays", ok: true,
			actual:  served + "\n/b\n/c\nquota /a=1000 /b=2000 /c=3000",
			desired: "a size=1500: 10.0.0.1 10.0.0.2\nb size=none:\nc size=3000:",
			log: `
				lock
				observe
				limits 2
				limit /a 1500
				limit /b 0
				observe
				unlock`,
			steps: "done: limit /a 1500\ndone: limit /b 0",
		},
		{
			name: "one fails", actual: served, desired: all,
			faults: []*fault{fails("limit /b", 1)},
			log: `
				lock
				observe
				mkdir /b
				enable quota
				limits 2
				limit /a 1000
				limit /b 2000
				observe
				unlock`,
			steps: `
				done: mkdir /b
				done: enable quota
				done: limit /a 1000
				failed: limit /b 2000`,
			held: map[string]string{"b": "it went wrong"},
		},
		{
			name: "quota can't be switched on", actual: served, desired: all,
			faults: []*fault{fails("enable quota", 1)},
			log: `
				lock
				observe
				mkdir /b
				enable quota
				observe
				unlock`,
			steps: `
				done: mkdir /b
				failed: enable quota
				not started: limit /a 1000
				not started: limit /b 2000`,
			held: map[string]string{"a": "it went wrong", "b": "it went wrong"},
		},
		{
			name: "nobody hears what became of it", actual: served, desired: all,
			faults: []*fault{unanswered("limit /b", 1)},
			log: `
				lock
				observe
				mkdir /b
				enable quota
				limits 2
				limit /a 1000
				limit /b 2000
				observe
				unlock`,
			steps: `
				done: mkdir /b
				done: enable quota
				done: limit /a 1000
				unknown: limit /b 2000`,
			held: map[string]string{"b": "it is not known whether the change was made"},
		},
		{
			name: "it is said to be done, and is not", actual: served, desired: all,
			faults: []*fault{ignored("limit /b", 1)},
			log: `
				lock
				observe
				mkdir /b
				enable quota
				limits 2
				limit /a 1000
				limit /b 2000
				observe
				unlock`,
			steps: `
				done: mkdir /b
				done: enable quota
				done: limit /a 1000
				failed: limit /b 2000`,
			held: map[string]string{"b": "its limit reads back as none"},
		},
		{
			name: "who has to go does not wait for limits", ok: true, actual: served, desired: "a size=1000: 10.0.0.2 10.0.0.3",
			log: `
				lock
				observe
				` + narrowed + `
				observe
				enable quota
				limits 1
				limit /a 1000
				observe
				serve export-dir=/a(10.0.0.2/31) rpc-auth-allow=10.0.0.2/31
				observe
				unlock`,
			steps: `
				done: ` + narrowed + `
				done: enable quota
				done: limit /a 1000
				done: serve export-dir=/a(10.0.0.2/31) rpc-auth-allow=10.0.0.2/31`,
		},
	})
}
