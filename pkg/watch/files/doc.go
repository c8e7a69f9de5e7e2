// Package files tells of each distinct content of the state files, once it has
// come to rest.
//
//	events, the poll, a request -> schedule: when to look
//	a look: watch -> read -> a pause -> read again -> equal? -> parse -> Look
//
// An event only says that it is time to look; what has changed is decided by the
// hash of what is read. Events come from the directories on the way to the files,
// every symlink included: a watch on a file would end with the first save that
// puts a new file in its place, and who swaps a symlink never names the file. A
// poll stands behind them, since file systems that are served by others tell of
// nothing, and the kernel gives out only so many watches.
//
// Whatever happens to the files, the Desired of a Look was asked for by files that
// could all be read and understood. What is empty, gone or half written gives an
// error instead.
package files
