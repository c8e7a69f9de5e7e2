// Package flow holds the tests of the whole line on the sandbox: observe,
// compute, apply, observe again, with nothing replaced but the cluster.
package flow
