// Package doctor tells of a volume, one check after the other, whether a run can do
// its work there, and what mends what stands in its way.
//
//	Examination -> Examined -> checks
//	Plan        -> Planned  -> checks
//
// What a plan holds a problem with is not judged a second time. The package is as pure
// as diff.
package doctor
