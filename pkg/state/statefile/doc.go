// Package statefile turns state files, which are YAML, into state.Desired.
//
//	paths -> find -> a text for each file
//	text -> document -> inspect -> read by the table of keys, but for groups and volumes
//	all files: their groups -> their volumes -> join -> state.Desired
//
// The files that are read together are a set: groups, limits and problems are
// the set's, positions the files'. Whether it is one file or many makes no
// difference to what may be said.
//
// What keys there are, what they hold and what they mean stands in one table,
// the sections in keys.go. The decoder, the JSON Schema and the reference are
// all made from it, so none of them can fall behind.
//
// Every mistake in the files is told at once, in the order of the files' names
// and of the positions, each with its position, its path in the document, what
// is wrong and what would be right. Only a text that is no YAML at all stops at
// its first mistake. What such a file could have held is not missed in others.
package statefile
