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
// and for each export that no share declares: kept as it is, or revoked.
package diff
