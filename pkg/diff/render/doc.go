// Package render shows plans: as text for a terminal, and as values for JSON.
//
//	[]diff.Plan -> Text       what an admin reads before and after apply
//	diff.Plan   -> Document   the same for programs
//
// Both say the same, derived from the same actions and changes of access, and
// both give the same bytes for the same plan. The text shows nothing from a
// state file or a cluster unescaped; JSON keeps every string as it is.
package render
