package faults

// plantedViolations break each law of safety at least once.
var plantedViolations = []violation{
	{
		law: 1, name: "the gate lets in what a kept export lists, not what it admits today",
		edits: []edit{
			{"pkg/gluster/gnfs/want.go", "sets = append(sets, w.mine().admitted(e))", "sets = append(sets, e.clients.all())"},
			{"pkg/gluster/gnfs/kept.go", "out = append(out, w.keptGains(e, next)...)", "_, _ = e, w.keptGains"},
		},
		run: "^TestFaults$/^undeclared-kept$",
	},
	{
		law: 1, name: "whole volumes are closed in one write with the first export",
		edits: []edit{{"pkg/diff/compute.go", `	for _, c := range want.First {
		p.Actions = append(p.Actions, Serve{Stage: Global, ServingChange: c, Pos: p.Volume.Pos})
		now = c.New
	}
`, `	defer func() {
		for _, c := range want.First {
			p.Actions = append(p.Actions, Serve{Stage: Global, ServingChange: c, Pos: p.Volume.Pos})
		}
	}()
`}},
		run: "^TestFaults$/^first-export-beside-others$/^set-",
	},
	{
		law: 1, name: "whole volumes are not closed",
		edits: []edit{{"pkg/gluster/gnfs/want.go", "if !w.start.shut() {", "if false && !w.start.shut() {"}},
		run:   "^TestFaults$/^a-volume-made-later$",
	},
	{
		law: 2, name: "an option is unset where nobody is left",
		edits: []edit{{
			"pkg/gluster/endpoint.go", "	return e.client.Set(ctx, e.volume.Target.Volume, options(c))\n",
			"	if c.New.Settings[\"nfs.rpc-auth-allow\"] == \"0.0.0.0\" {\n" +
				"		_ = e.client.write(ctx, \"volume\", \"reset\", e.volume.Target.Volume, \"nfs.rpc-auth-reject\")\n	}\n" +
				"	return e.client.Set(ctx, e.volume.Target.Volume, options(c))\n",
		}},
		run: "^TestFaults$/^nobody-left$",
	},
	{
		law: 2, name: "one wall instead of two",
		edits: []edit{
			{"pkg/gluster/gnfs/gate.go", "		return closedGate\n", "		return \"*\"\n"},
			{"pkg/gluster/gnfs/want.go", "		return now.allow.Empty()\n", "		return now.allow.IsEverybody()\n"},
		},
		run: "^TestTwoWalls$",
	},
	{
		law: 3, name: "a blank list of limits is none",
		edits: []edit{{"pkg/gluster/quota.go", "		return nil, ErrBlankList\n", "		return map[string]state.Usage{}, nil\n"}},
		run:   "^TestNothingGoesWhileLimitsAreUnknown$",
	},
	{
		law: 3, name: "a list that says nothing of a directory says that it has no limit",
		edits: []edit{{"pkg/gluster/observe.go", "p != \"\" && r.usageErr == nil {", "p != \"\" && r.usageErr == nil && false {"}},
		run:   "^TestFaults$/^to-the-trash$/^list-",
	},
	{
		law: 4, name: "what is to be kept is deleted",
		edits: []edit{{"pkg/gluster/retire.go", "	if r.How != state.Purge {\n", "	if false {\n"}},
		run:   "^TestFaults$/^to-the-trash$",
	},
	{
		law: 4, name: "the mode of what lies in a directory is changed as well",
		edits: []edit{{"pkg/gluster/tree.go", "	return chmodFD(fd, p, mode)\n}\n\n// chmodFD gives", "	_ = unix.Fchmodat(fd, \"data\", mode, 0)\n	return chmodFD(fd, p, mode)\n}\n\n// chmodFD gives"}},
		run:   "^TestFaults$/^permissions$",
	},
	{
		law: 4, name: "a symlink is followed",
		edits: []edit{{"pkg/gluster/walk.go", "unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC", "unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC"}},
		run:   "^TestFaults$/^permissions$/^ch",
	},
	{
		law: 4, name: "whatever stands at the name goes to the trash",
		edits: []edit{{"pkg/gluster/rename.go", "if err == nil && found != id {", "if err == nil && found != id && false {"}},
		run:   "^TestFaults$/^to-the-trash$/^rename-",
	},
	{
		law: 4, name: "a note is removed from data that is in the trash",
		edits: []edit{{"pkg/gluster/retire.go", "	if len(names) > 1 || len(names) == 1 && names[0] != trashedNote {\n", "	if names == nil {\n"}},
		run:   "^TestFaults$/^to-the-trash$/^rename-",
	},
	{
		law: 4, name: "a limit goes before it is written down",
		edits: []edit{{"pkg/apply/retire.go", "if is || a.How == state.Purge || len(", "if true || is || len("}},
		run:   "^TestFaults$/^to-the-trash$/^limits-1$/^killed-after$",
	},
	{
		law: 4, name: "who had access is shut out before that is written down",
		edits: []edit{{"pkg/apply/retire.go", "if tried || l.How == state.Purge || len(", "if true || tried || len("}},
		run:   "^TestFaults$/^to-the-trash$/^set-1$/^killed-after$",
	},
	{
		law: 4, name: "what was noted of a removal is kept when that is taken back",
		edits: []edit{{"pkg/apply/apply.go", "	r.forget(ctx)\n", "	_ = r.forget\n"}},
		run:   "^TestRemovalTakenBack$",
	},
	{
		law: 4, name: "a restore that was killed is not gone on with",
		edits: []edit{{"pkg/gluster/trashed.go", "	if entry.Err == nil && entry.Note != nil {\n", "	if false && entry.Note != nil {\n"}},
		run:   "^TestRestoreIsTakenUp$/^rename-",
	},
	{
		law: 5, name: "clients are let in before directories are made",
		edits: []edit{{"pkg/apply/apply.go", `	if err := r.changeDirs(ctx); err != nil {
		return err
	}
	return r.writeAccess(ctx, func(diff.Serve) bool { return true })
`, `	if err := r.writeAccess(ctx, func(diff.Serve) bool { return true }); err != nil {
		return err
	}
	return r.changeDirs(ctx)
`}},
		run: "^TestFaults$/^create$",
	},
	{
		law: 5, name: "a directory is made wide and narrowed later",
		edits: []edit{{"pkg/gluster/endpoint.go", "		mode = 0o700\n", "		mode = 0o777\n"}},
		run:   "^TestFaults$/^create$",
	},
	{
		law: 5, name: "who has to go waits for directories",
		edits: []edit{{"pkg/diff/compute.go", "	if takesTime(slow) && loses(now, want.Narrow) {\n", "	if false && loses(now, want.Narrow) {\n"}},
		run:   "^TestFaults$/^clients-move$",
	},
	{
		law: 5, name: "a share is opened whose directory could not be made",
		edits: []edit{{"pkg/apply/access.go", "		d.Held = r.report.Held[s.Name]\n", "		d.Held = \"\"\n"}},
		run:   "^TestFaults$/^create$/^(chmod|chown)-",
	},
	{
		law: 5, name: "who has to go on one volume waits for a deletion on another",
		edits: []edit{{"cmd/glusterd-shares/apply.go", "		case s.saved == nil && len(j.plan.Retirements()) > 0:\n", "		case j == nil:\n"}},
		in:    "./cmd/glusterd-shares", run: "^TestScripts$/^apply$",
	},
	{
		law: 5, name: "who has to go on one volume waits for a deletion on another, where both delete",
		edits: []edit{{"cmd/glusterd-shares/apply.go", "	if len(parted) == 1 {\n", "	if len(parted) > 0 {\n"}},
		in:    "./cmd/glusterd-shares", run: "^TestScripts$/^apply$",
	},
	{
		law: 6, name: "what was written is not read back",
		edits: []edit{{
			"pkg/apply/access.go", "		if err := r.write(ctx, *next); err != nil {\n			return err\n		}\n",
			"		if err := r.write(ctx, *next); err != nil {\n			return err\n		}\n		r.last.Actions, r.verified = nil, true\n",
		}},
		run: "^TestFaults$/^grant$/^set-1$",
	},
	{
		law: 6, name: "what was planned is carried out without another look under the lock",
		edits: []edit{{"pkg/apply/apply.go", "	r.unheld, r.last, r.planned = p, p, p\n", "	r.unheld, r.last, r.planned, r.verified = p, p, p, true\n"}},
		run:   "^TestFaults$/^grant$/^lock-1$",
	},
	{
		law: 6, name: "a change that glusterd overlooks is taken for heard",
		edits: []edit{
			{"pkg/gluster/gnfs/told.go", "	nothingToTell := maps.Equal(", "	if true {\n		return next, \"\"\n	}\n	nothingToTell := maps.Equal("},
		},
		run: "^TestFaults$/^clients-swap$",
	},
	{
		law: 7, name: "the lock is not taken",
		edits: []edit{
			{"pkg/gluster/lock.go", "	err := uninterruptedly(func() error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) })\n", "	var err error\n"},
			{"pkg/gluster/lock.go", "	_, err := look(ctx, func() (struct{}, error) { return struct{}{}, l.still() })\n", "	var err error\n"},
		},
		run: "^TestProcessesTogether$",
	},
	{
		law: 7, name: "a lock that was lost is taken for had",
		edits: []edit{{"pkg/apply/access.go", "		if err := r.stillLocked(ctx); err != nil {\n			return err\n		}\n", ""}},
		in:    "./test/flow", run: "^TestNoWriteWithoutTheLock$",
	},
	{
		law: 8, name: "permissions are set that are right already",
		edits: []edit{{"pkg/diff/compute.go", "	return old, next, next != state.Perm{}\n", "	return old, next, true\n"}},
		run:   "^TestFaults$/^permissions$",
	},
	{
		law: 8, name: "the lock is taken where there is nothing to do",
		edits: []edit{{"pkg/apply/apply.go", "	if r.shown.Empty() {\n", "	if false && r.shown.Empty() {\n"}},
		run:   "^TestFaults$/^grant$",
	},
	{
		law: 9, name: "a write of which nobody heard is made again blindly",
		edits: []edit{{"pkg/gluster/retry.go", "	case errors.Is(err, ErrUnknownOutcome):\n		return 1\n", "	case errors.Is(err, ErrUnknownOutcome):\n		return 5\n"}},
		run:   "^TestFaults$/^grant$/^set-1$",
	},
	{
		law: 9, name: "a write of which nobody heard is taken for made",
		edits: []edit{{
			"pkg/gluster/client.go", "	failure.Kinds = classify(failure, write)\n",
			"	failure.Kinds = classify(failure, write)\n	if write && errors.Is(failure, ErrUnknownOutcome) {\n		return r, nil\n	}\n",
		}},
		run: "^TestFaults$/^grant$/^set-1$",
	},
	{
		law: 9, name: "a write that reads back as made is taken for stored",
		edits: []edit{{"pkg/apply/access.go", "		return r.unsure\n", "		r.unsure = nil\n		return nil\n"}},
		run:   "^TestFaults$/^grant$/^set-1$",
	},
	{
		law: 10, name: "the guards count nothing",
		edits: []edit{{"pkg/diff/guard.go", "return of >= 2 && n == of || n >= 3 && 2*n >= of", "return false"}},
		in:    "./cmd/glusterd-shares", run: "^TestScripts$/^guards$",
	},
	{
		law: 10, name: "what is refused is carried out",
		edits: []edit{{"cmd/glusterd-shares/apply.go", "	if !r.refused() && r.pending() {\n", "	if r.pending() {\n"}},
		in:    "./cmd/glusterd-shares", run: "^TestScripts$/^guards$",
	},
	{
		law: 11, name: "what a cluster says reaches a terminal as it is",
		edits: []edit{{"pkg/diff/render/escape.go", "		case strconv.IsPrint(r):\n", "		case true || strconv.IsPrint(r):\n"}},
		in:    "./cmd/glusterd-shares", run: "^TestScripts$/^hostile$",
	},
	{
		law: 11, name: "what gluster prints reaches an error as it is",
		edits: []edit{{"pkg/gluster/escape.go", "		if strconv.IsPrint(r) {\n", "		if true || strconv.IsPrint(r) {\n"}},
		run:   "^TestFaults$/^grant$/^set-1$/^garbage",
	},
	{
		law: 11, name: "arguments reach a shell unquoted",
		edits: []edit{{"pkg/gluster/escape.go", "	case a != \"\" && !strings.ContainsFunc(a, isSpecial):\n", "	case true || isSpecial(' '):\n"}},
		in:    "./pkg/gluster", run: "^TestQuoteArgs$",
	},
}
