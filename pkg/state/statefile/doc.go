// Package statefile turns a state file, which is YAML, into state.Desired.
//
//	text -> document -> inspect -> read by the table of keys -> join -> state.Desired
//
// What keys there are, what they hold and what they mean stands in one table,
// the sections in keys.go. The decoder, the JSON Schema and the reference are
// all made from it, so none of them can fall behind.
//
// Every mistake in a file is told at once, in the order of the file, each with
// its position, its path in the document, what is wrong and what would be
// right. Only a text that is no YAML at all stops at its first mistake.
package statefile
