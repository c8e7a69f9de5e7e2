// Package status tells at a glance what the shares of a volume are like: how
// much each holds, who may mount it, and whether it is what the state file says.
//
//	Plan + Actual -> Of -> Volume -> render
//
// What has drifted is what the plan would change, and nothing else: there is no
// second comparison. The package is as pure as diff.
package status
