// Package diff is the pure core: from what should be and what is it computes
// a Plan, a value of typed actions that everything after it consumes.
//
//	desired + actual -> Compute -> Plan -> Guard -> render, apply, Simulate
//
// Compute is total and deterministic. It does no I/O and knows no server's
// options: how access is decoded from settings, and which settings grant the
// access that is wanted, is the Server's.
//
// For each share, the decision is:
//
//	directory   missing         make it, after its parents
//	            there           set owner, group and mode where declared and different
//	            something else  hold the share
//	            held            leave it; access may only narrow
//	access      same            nothing, whatever the text of the settings
//	            different       one Serve for the whole volume
//	            lost, and directories to make    a narrowing Serve before them
//
// For a share that is absent it is:
//
//	access      declared for nobody, like any other
//	directory   missing         nothing, but to finish a purge
//	            there           its limit taken away, then to the trash, last of all
//	            to be retained  left alone
//	            something else, or with an export or a limit of others in it    a problem
//
// and for each export that no share declares: kept as it is, or revoked.
package diff
