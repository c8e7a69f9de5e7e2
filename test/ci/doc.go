// Package ci holds the tests of examples/ci: the jobs of the workflows are run as
// they stand there, with a forge that answers on loopback and the sandbox for a
// cluster.
package ci
