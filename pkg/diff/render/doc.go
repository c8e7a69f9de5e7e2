// Package render shows plans, and what volumes are like: as text for a terminal, as
// a comment on a pull request, and as values for JSON.
//
//	[]diff.Plan -> Text       what an admin reads before and after apply
//	[]diff.Plan -> Markdown   what a colleague reads who is to approve it
//	diff.Plan   -> Document   the same for programs
//
//	[]status.Volume -> Status          what status prints
//	status.Volume   -> StatusDocument  the same for programs
//
// Those of a group say the same, derived from the same values, and give the same
// bytes for the same values. Text and Markdown show nothing from a state file or a
// cluster unescaped; JSON keeps every string as it is.
package render
