// Package takeover makes a state file of what exists on a volume, for whoever
// kept it by other means so far.
//
//	Actual -> Candidates -> their directories are read -> Actual -> Of -> Found
//	Found -> text -> statefile.Parse -> diff.Compute -> what the next plan would do -> File
//
// What it declares grants what the server admits today, and a plan for it has
// nothing to do wherever that can be. For each directory that is exported, that
// has a limit, or that lies in the volume's root, the decision is:
//
//	no name for a share                     leave it
//	several entries, or one that can't be   leave it
//	read, names hosts or nobody, is reached
//	by another path, or of which can't be
//	told whom it admits
//	missing, or no directory                leave it
//	an entry that admits nobody today       leave it: to declare it would take the entry out
//	inside a share whose clients are not    leave it, the inner one: its entry stays, and
//	all its own                             who reaches it does so already
//	anything else                           a share, with the clients that are admitted
//
// What is left is not declared, so that it is kept to the byte, and the file says
// in a comment what it is, why it was left, and what to do. The package is as
// pure as diff.
package takeover
