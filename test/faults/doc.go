// Package faults tries the laws of safety. Each scenario is a cluster, a state file and
// what has to be done; the run that does it is broken at each of its steps in each way
// that a step can break, and judged: by the simulated NFS server at every write, by
// what is on the volumes, by what the report says of it, and by what the next runs do.
//
// Each case has a name, SCENARIO/STEP/FAULT, and is run alone by
//
//	FAULTS=all go test ./test/faults -run '^TestFaults$/^SCENARIO$/^STEP$/^FAULT$'
//
// FAULTS=list, with -v, tries none and prints the names that -run picks.
package faults
