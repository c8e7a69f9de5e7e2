// Package savedplan keeps a plan in a file, so that what was approved is what is
// applied, or nothing is.
//
//	state files + actual + plan -> Document -> file
//	file -Read-> Document -Desired, Plans-> what was desired and planned
//	what was planned + what is planned now -Compare-> Differences
//
// The file has the state files as they were read, what was found of each volume, and
// the plan as it was shown. Reading it computes the plan again: where that is not the
// one that the file shows, somebody has changed one of them, or another version of
// the program plans otherwise, and it is refused. There are no secrets in it; of what
// was found there is what observe writes: as much as the plan was made of, or, where it
// was made against what was observed, all of that.
//
// Two plans are the same where they do the same to the same volume, in the same order,
// from the same beginning: its id; every action with old and new, of a directory that
// goes also which one it is; who may mount what before and after; the undeclared exports
// that are kept; the shares that are held, and why; and the problems. Not part of it is
// what moves by itself or is only told: how much directories hold, warnings and notes,
// and options that the plan neither reads for access nor writes.
package savedplan
