// Package watch is the loop of the daemon: it keeps volumes what the state files
// say, as the files and the volumes change.
//
//	looks at the files -> what is desired -\
//	                                        one volume at a time: Observe -> plan -> Apply
//	interval, backoff, a word to look now -/
//
// Content that is not valid changes nothing: what was desired before it still is.
// Each volume has a time of its own at which it is looked at next. One volume at a
// time is reconciled, to its end; new content is taken in between.
//
// What the loop does with a volume:
//
//	new content    carried out, and directories of absent shares are moved to the trash,
//	               until it got through once
//	later          drift is repaired or only reported; no directory goes
//	a problem, a guard's no    told; looked at again after the interval
//	an error       told; tried again soon, and then less and less often
//
// The guards judge new content by all that it takes away, and a repair by what there
// was when the volume was last seen as it should be: what somebody opened since then
// is closed, however much it is. That is so also while new content is refused: who is
// in neither that nor the content before is shut out (narrow).
//
// It deletes nothing for good and switches no guard off: that is for a person to do.
package watch
