// Package state holds the nouns that everything else speaks of: what a state
// file asks for (Desired, Volume, Share, Rule) and what a cluster has (Actual,
// Serving, Export, Dir), in types that can be compared.
//
// Both ends of the flow are normalised into these types before anything is
// compared: addresses are sets of prefixes, modes are bits, booleans are
// booleans. The package does no I/O, reads no YAML and never logs.
package state
