package planted

// Violations break each law of safety at least once.
var Violations = []Violation{
	{
		Law: 1, Name: "the gate lets in what a kept export lists, not what it admits today",
		Edits: []Edit{
			{"pkg/gluster/gnfs/want.go", "sets = append(sets, w.mine().admitted(e))", "sets = append(sets, e.clients.all())"},
			{"pkg/gluster/gnfs/kept.go", "out = append(out, w.keptGains(e, next)...)", "_, _ = e, w.keptGains"},
		},
		Run:    "^TestFaults$/^undeclared-kept$",
		Breach: "after set-1, as served: /gv0/legacy mounted by 192.168.7.7, whom neither",
	},
	{
		Law: 1, Name: "whole volumes are closed in one write with the first export",
		Edits: []Edit{{"pkg/diff/compute.go", `	for _, c := range want.First {
		p.Actions = append(p.Actions, Serve{Stage: Global, ServingChange: c, Pos: p.Volume.Pos})
		now = c.New
	}
`, `	defer func() {
		for _, c := range want.First {
			p.Actions = append(p.Actions, Serve{Stage: Global, ServingChange: c, Pos: p.Volume.Pos})
		}
	}()
`}},
		Run:    "^TestFaults$/^first-export-beside-others$/^set-",
		Breach: "before remember gv1, with what glusterd holds: /gv0 mounted by 10.0.0.1, whom neither",
	},
	{
		Law: 1, Name: "whole volumes are not closed",
		Edits:  []Edit{{"pkg/gluster/gnfs/want.go", "if !w.start.shut() {", "if false && !w.start.shut() {"}},
		Run:    "^TestFaults$/^a-volume-made-later$",
		Breach: "after set-1, as served: /gv0 mounted by 10.0.0.2 10.0.0.3, whom neither",
	},
	{
		Law: 1, Name: "exports are written before who may mount them",
		Edits: []Edit{{"pkg/gluster/endpoint.go", "	\"slices\"\n", "	\"slices\"\n	\"strings\"\n"}, {"pkg/gluster/endpoint.go", "	return e.client.Set(ctx, e.volume.Target.Volume, options(c))\n", `	first := options(c)
	for i, o := range first {
		var bare []string
		for _, entry := range strings.Split(o.Value, ",") {
			dir, _, _ := strings.Cut(entry, "(")
			bare = append(bare, dir)
		}
		if o.Key == "nfs.export-dir" {
			first[i].Value = strings.Join(bare, ",")
		}
	}
	if err := e.client.Set(ctx, e.volume.Target.Volume, first); err != nil {
		return err
	}
	return e.client.Set(ctx, e.volume.Target.Volume, options(c))
`}},
		Run:    "^TestFaults$/^grant$",
		Breach: "after set-1, as served: /gv0/alpha mounted by 10.0.1.1 10.0.1.130, whom neither",
		Real:   "limits-blank-after-granting", Says: "was let into",
	},
	{
		Law: 2, Name: "an option is unset where nobody is left",
		Edits: []Edit{{
			"pkg/gluster/endpoint.go", "	return e.client.Set(ctx, e.volume.Target.Volume, options(c))\n",
			`	if key := "nfs.rpc-auth-allow"; c.New.Settings[key] == "0.0.0.0" && c.Old.Settings[key] != "0.0.0.0" {
		for _, key := range []string{"nfs.export-dir", "nfs.rpc-auth-allow", "nfs.export-volumes"} {
			_ = e.client.write(ctx, "volume", "reset", e.volume.Target.Volume, key)
		}
	}
	return e.client.Set(ctx, e.volume.Target.Volume, options(c))
`,
		}},
		Run:    "^TestFaults$/^nobody-left$",
		Breach: "as served: /gv0 mounted by",
	},
	{
		Law: 2, Name: "one wall instead of two",
		Edits: []Edit{
			{"pkg/gluster/gnfs/gate.go", "		return closedGate\n", "		return \"*\"\n"},
			{"pkg/gluster/gnfs/want.go", "		return now.allow.Empty()\n", "		return now.allow.IsEverybody()\n"},
		},
		Run:    "^TestTwoWalls$",
		Breach: "there may mount: map[/gv0:10.0.0.1",
	},
	{
		Law: 3, Name: "a blank list of limits is none",
		Edits: []Edit{{
			"pkg/gluster/quota.go", "	case errors.Is(err, errEmpty):\n		return nil, fmt.Errorf(",
			"	case errors.Is(err, errEmpty):\n		return map[string]state.Usage{}, nil\n	case errors.Is(err, ErrBlankList):\n		return nil, fmt.Errorf(",
		}},
		Run:    "^TestNothingGoesWhileLimitsAreUnknown$",
		Breach: "it is gone, or said to be",
	},
	{
		Law: 3, Name: "a list that says nothing of a directory says that it has no limit",
		Edits:  []Edit{{"pkg/gluster/observe.go", "p != \"\" && r.usageErr == nil {", "p != \"\" && r.usageErr == nil && false {"}},
		Run:    "^TestFaults$/^to-the-trash$/^list-",
		Breach: "limit 1073741824",
	},
	{
		Law: 4, Name: "what is to be kept is deleted",
		Edits:  []Edit{{"pkg/gluster/retire.go", "	if r.How != state.Purge {\n", "	if false {\n"}},
		Run:    "^TestFaults$/^to-the-trash$",
		Breach: "\"data of gv0/gone\" is gone",
		Real:   "program-killed-after-the-trash", Says: "is neither where it was nor in the trash",
	},
	{
		Law: 4, Name: "the mode of what lies in a directory is changed as well",
		Edits:  []Edit{{"pkg/gluster/tree.go", "	return chmodFD(fd, p, mode)\n}\n\n// chmodFD gives", "	_ = unix.Fchmodat(fd, \"data\", mode, 0)\n	return chmodFD(fd, p, mode)\n}\n\n// chmodFD gives"}},
		Run:    "^TestFaults$/^permissions$",
		Breach: "the mode of \"data of gv0/alpha\" is",
	},
	{
		Law: 4, Name: "a symlink is followed",
		Edits:  []Edit{{"pkg/gluster/walk.go", "unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC", "unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC"}},
		Run:    "^TestFaults$/^permissions$/^ch",
		Breach: "after it: outside of the volume",
	},
	{
		Law: 4, Name: "whatever stands at the name goes to the trash",
		Edits:  []Edit{{"pkg/gluster/rename.go", "if err == nil && found != id {", "if err == nil && found != id && false {"}},
		Run:    "^TestFaults$/^to-the-trash$/^rename-",
		Breach: "what was put in the place of /quiet was moved instead",
	},
	{
		Law: 4, Name: "a note is removed from data that is in the trash",
		Edits:  []Edit{{"pkg/gluster/retire.go", "	if len(names) > 1 || len(names) == 1 && names[0] != trashedNote {\n", "	if names == nil {\n"}},
		Run:    "^TestFaults$/^purge$/^rename-",
		Breach: "+ gv0/.glusterd-shares/trash/gone/data/data",
	},
	{
		Law: 4, Name: "a limit goes before it is written down",
		Edits:  []Edit{{"pkg/apply/retire.go", "if is || a.How == state.Purge || len(", "if true || is || len("}},
		Run:    "^TestFaults$/^to-the-trash$/^limits-1$/^killed-after$",
		Breach: "limit:0 mode:0755 on_delete:trash owner:map[name:root number:0] path:/quiet",
	},
	{
		Law: 4, Name: "who had access is shut out before that is written down",
		Edits:  []Edit{{"pkg/apply/retire.go", "if tried || l.How == state.Purge || len(", "if true || tried || len("}},
		Run:    "^TestFaults$/^to-the-trash$/^set-1$/^killed-after$",
		Breach: "clients:[] group:map[name:root number:0] host_names:[] limit:1.073741824e+09",
	},
	{
		Law: 4, Name: "a limit is not put back where the directory stays",
		Edits:  []Edit{{"pkg/apply/retire.go", "	return r.putBack(ctx, back)\n", "	_ = r.putBack\n	return nil\n"}},
		Run:    "^TestFaults$/^to-the-trash$/^rename-",
		Breach: "stays, and its limit is \"\" and was",
	},
	{
		Law: 4, Name: "who had access is not written down in time",
		Edits:  []Edit{{"pkg/apply/retire.go", "	return r.target.Announce(ctx, l)\n}", "	return errors.New(\"not now\")\n}"}},
		Run:    "^TestFaults$/^to-the-trash$/^set-1$",
		Breach: "clients:[]",
	},
	{
		Law: 4, Name: "what was noted of a removal is kept when that is taken back",
		Edits:  []Edit{{"pkg/apply/apply.go", "	r.forget(ctx)\n", "	_ = r.forget\n"}},
		Run:    "^TestRemovalTakenBack$",
		Breach: "and directories only in []",
	},
	{
		Law: 4, Name: "a restore that was killed is not gone on with",
		Edits:  []Edit{{"pkg/gluster/trashed.go", "	if entry.Err == nil && entry.Note != nil {\n", "	if false && entry.Note != nil {\n"}},
		Run:    "^TestRestoreIsTakenUp$/^rename-",
		Breach: "the limit is \"\", and was \"1073741824\"",
	},
	{
		Law: 4, Name: "what is noted of one directory goes with another one's of that name",
		Edits:  []Edit{{"pkg/gluster/forget.go", "n == nil || n.Path != dir {", "n == nil {"}},
		Run:    "^TestFaults$/^one-name-in-the-trash$",
		Breach: "failed: retire /teams/alpha: trash",
	},
	{
		Law: 5, Name: "clients are let in before directories are made",
		Edits: []Edit{{"pkg/apply/apply.go", `	if err := r.changeDirs(ctx); err != nil {
		return err
	}
	return r.writeAccess(ctx, func(diff.Serve) bool { return true })
`, `	if err := r.writeAccess(ctx, func(diff.Serve) bool { return true }); err != nil {
		return err
	}
	if err := r.changeDirs(ctx); err != nil {
		return err
	}
	return r.read(ctx)
`}},
		Run:    "^TestFaults$/^create$",
		Breach: "and its directory is not yet what it should be",
	},
	{
		Law: 5, Name: "a directory is made wide and narrowed later",
		Edits:  []Edit{{"pkg/gluster/endpoint.go", "		mode = 0o700\n", "		mode = 0o777\n"}},
		Run:    "^TestFaults$/^create$",
		Breach: "/gv0/teams is made with the mode drwxrwxrwx, and is to have 0750",
	},
	{
		Law: 5, Name: "a directory gets its mode before its owner",
		Edits: []Edit{{"pkg/gluster/endpoint.go", "	t := e.tree\n	if perm.Owner.Managed ", `	t := e.tree
	if perm.Mode.Managed {
		if err := change(ctx, func() error { return t.Chmod(path, perm.Mode.Bits) }); err != nil {
			return err
		}
	}
	if perm.Owner.Managed `}},
		Run:    "^TestFaults$/^all-at-once$",
		Breach: "before it has its owner and group",
	},
	{
		Law: 5, Name: "who has to go waits for directories",
		Edits:  []Edit{{"pkg/diff/compute.go", "	if takesTime(slow) && loses(now, want.Narrow) {\n", "	if false && loses(now, want.Narrow) {\n"}},
		Run:    "^TestFaults$/^clients-move$",
		Breach: "after mkdir-1: /gv0/alpha still mounted by 10.0.0.1, who has to go",
	},
	{
		Law: 5, Name: "a share is opened whose directory could not be made",
		Edits:  []Edit{{"pkg/apply/access.go", "		d.Held = r.report.Held[s.Name]\n", "		d.Held = \"\"\n"}},
		Run:    "^TestFaults$/^create$/^(chmod|chown)-",
		Breach: "/gv0/teams/one mounted by 10.0.0.2, and its directory is not yet what it should be",
	},
	{
		Law: 5, Name: "who has to go on one volume waits for a deletion on another",
		Edits: []Edit{{"pkg/apply/all.go", "		if len(j.Plan.Retirements()) > 0 {\n", "		if j.Target == nil {\n"}},
		In:    "./cmd/glusterd-shares", Run: "^TestScripts$/^apply$",
		Breach: "no match for `(?s)volume=g1:/gv1 .*action=serve.*volume=g1:/gv0 .*action=retire path=/gone`",
	},
	{
		Law: 5, Name: "who has to go on one volume waits for a deletion on another, where both delete",
		Edits: []Edit{{
			"pkg/apply/all.go", "	started := make([]*Started, len(going))\n",
			"	for _, i := range going {\n		reports[i] = Apply(ctx, jobs[i].Plan, jobs[i].Target, jobs[i].Options)\n	}\n	going = nil\n	started := make([]*Started, len(going))\n",
		}},
		In: "./cmd/glusterd-shares", Run: "^TestScripts$/^apply$",
		Breach: "no match for `(?s)gv0 [^\\n]*action=serve.*gv1 [^\\n]*action=serve.*gv0 [^\\n]*action=retire",
	},
	{
		Law: 6, Name: "what was written is not read back",
		Edits: []Edit{{
			"pkg/apply/access.go", "		if err := r.write(ctx, *next); err != nil {\n			return err\n		}\n",
			"		if err := r.write(ctx, *next); err != nil {\n			return err\n		}\n		r.last.Actions, r.verified = nil, true\n",
		}},
		Run:    "^TestFaults$/^grant$/^set-1$",
		Breach: "it says that it is done, and there is left to do",
		Real:   "disk-full-before-the-run", Says: "said to be as declared",
	},
	{
		Law: 6, Name: "what was planned is carried out without another look under the lock",
		Edits:  []Edit{{"pkg/apply/apply.go", "	r.unheld, r.last, r.planned = p, p, p\n", "	r.unheld, r.last, r.planned, r.verified = p, p, p, true\n"}},
		Run:    "^TestFaults$/^grant$/^lock-1$",
		Breach: "/someone(9.9.9.9) of gv0 is not in what is held: /alpha(10.0.0.1|10.0.0.2),/beta(10.0.1.0/24)",
	},
	{
		Law: 6, Name: "a change that glusterd overlooks is taken for heard",
		Edits: []Edit{
			{"pkg/gluster/gnfs/told.go", "	nothingToTell := maps.Equal(", "	if true {\n		return next, \"\"\n	}\n	nothingToTell := maps.Equal("},
		},
		Run:    "^TestFaults$/^clients-swap$",
		Breach: "in the end there may mount (-wanted +found)",
	},
	{
		Law: 7, Name: "the lock is not taken",
		Edits: []Edit{
			{"pkg/gluster/lock.go", "	err := uninterruptedly(func() error { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) })\n", "	var err error\n"},
			{"pkg/gluster/lock.go", "	_, err := look(ctx, func() (struct{}, error) { return struct{}{}, l.still() })\n", "	var err error\n"},
		},
		Run:    "^TestNoRuleIsLost$",
		Breach: "a rule is lost: there may mount",
	},
	{
		Law: 7, Name: "a lock that was lost is taken for had",
		Edits: []Edit{{"pkg/apply/access.go", "		if err := r.stillLocked(ctx); err != nil {\n			return err\n		}\n", ""}},
		In:    "./test/flow", Run: "^TestNoWriteWithoutTheLock$",
		Breach: "it wrote: --mode=script --xml volume set gv0",
	},
	{
		Law: 7, Name: "a run whose lock was lost goes on over what another one has done",
		Edits: []Edit{{"pkg/apply/lock.go", "	if !r.expected() {\n", "	if false && !r.expected() {\n"}},
		In:    "./pkg/apply", Run: "^TestGoesOnUnderAnotherLock$",
		Breach: "ok true, converged true, want both false",
	},
	{
		Law: 8, Name: "permissions are set that are right already",
		Edits: []Edit{{"pkg/apply/apply.go", "	if r.shown.Empty() {\n", `	if r.shown.Empty() {
		for _, s := range r.shown.Volume.Shares {
			if s.Mode.Managed {
				_ = r.target.SetPerm(ctx, s.Dir(), state.Perm{Mode: s.Mode})
			}
		}
`}},
		Run:    "^TestFaults$/^permissions$",
		Breach: "one more run writes: chmod-1",
	},
	{
		Law: 8, Name: "the lock is taken where there is nothing to do",
		Edits:  []Edit{{"pkg/apply/apply.go", "	if r.shown.Empty() {\n", "	if false && r.shown.Empty() {\n"}},
		Run:    "^TestFaults$/^grant$",
		Breach: "one more run writes: lock-1",
	},
	{
		Law: 9, Name: "a write of which nobody heard is made again blindly",
		Edits:  []Edit{{"pkg/gluster/retry.go", "	case errors.Is(err, ErrUnknownOutcome), errors.Is(err, ErrNoGluster):\n		return 1\n", "	case errors.Is(err, ErrUnknownOutcome):\n		return 5\n	case errors.Is(err, ErrNoGluster):\n		return 1\n"}},
		Run:    "^TestFaults$/^grant$/^set-1$",
		Breach: "law 9: set-2, blindly",
	},
	{
		Law: 9, Name: "a write of which nobody heard is taken for made",
		Edits: []Edit{{
			"pkg/gluster/client.go", "	failure.Kinds = classify(failure, write)\n",
			"	failure.Kinds = classify(failure, write)\n	if write && errors.Is(failure, ErrUnknownOutcome) {\n		return r, nil\n	}\n",
		}},
		Run:    "^TestFaults$/^grant$/^set-1$",
		Breach: "said to be done, and it is not: serve (grant)",
		Real:   "glusterd-killed-before-narrowing", Says: "said to be done, and it is not",
	},
	{
		Law: 9, Name: "a write that reads back as made is taken for stored",
		Edits:  []Edit{{"pkg/apply/access.go", "		return r.unsure\n", "		r.unsure = nil\n		return nil\n"}},
		Run:    "^TestFaults$/^grant$/^set-1$",
		Breach: "it says that it is done, and after a restart of glusterd there is left to do",
	},
	{
		Law: 10, Name: "the guards count nothing",
		Edits: []Edit{{"pkg/diff/guard.go", "return of >= 2 && n == of || n >= 3 && 2*n >= of", "return false"}},
		In:    "./cmd/glusterd-shares", Run: "^TestScripts$/^guards$",
		Breach: "the exit code is 0, want 4",
	},
	{
		Law: 10, Name: "what is refused is carried out",
		Edits: []Edit{{"cmd/glusterd-shares/apply.go", "	if !r.refused() && r.pending() {\n", "	if r.pending() {\n"}},
		In:    "./cmd/glusterd-shares", Run: "^TestScripts$/^guards$",
		Breach: "stdout and refused differ",
	},
	{
		Law: 11, Name: "what a cluster says reaches a terminal as it is",
		Edits: []Edit{{"pkg/diff/render/escape.go", "		case strconv.IsPrint(r):\n", "		case true || strconv.IsPrint(r):\n"}},
		In:    "./cmd/glusterd-shares", Run: "^TestScripts$/^hostile$",
		Breach: "unexpected match for `[\\x1b\\x{202e}\\x{9b}]` found in stdout",
	},
	{
		Law: 11, Name: "what gluster prints reaches an error as it is",
		Edits:  []Edit{{"pkg/gluster/escape.go", "		if strconv.IsPrint(r) {\n", "		if true || strconv.IsPrint(r) {\n"}},
		Run:    "^TestFaults$/^grant$/^set-1$/^garbage",
		Breach: "a terminal would obey it",
	},
	{
		Law: 11, Name: "the password is in the error of a login that is refused",
		Edits: []Edit{{"pkg/gluster/remote/login.go", "what: thePassword, auth", "what: thePassword + \" \" + text, auth"}},
		In:    "./cmd/glusterd-shares", Run: "^TestScripts$/^ssh_secrets$",
		Breach: "unexpected command success",
	},
	{
		Law: 11, Name: "arguments reach a shell unquoted",
		Edits: []Edit{{"pkg/gluster/escape.go", "	case a != \"\" && !strings.ContainsFunc(a, isSpecial):\n", "	case true || isSpecial(' '):\n"}},
		In:    "./pkg/gluster", Run: "^TestQuoteArgs$",
		Breach: "quoteArgs([\"it's $HOME\"]) = it's $HOME, want",
	},
}
