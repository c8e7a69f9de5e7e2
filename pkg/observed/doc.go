// Package observed lets a plan be made where there is no cluster: it keeps what was
// read of volumes in a file, and tells what that file knows of a volume as another
// state file may declare it.
//
//	cluster -Record-> state.Observation -> Document -> file
//	file -Read-> Document -Of-> state.Observation -For-> state.Actual -> diff.Compute
//
// For is as strict as a look at the cluster: what the file doesn't tell of was not
// looked at, and is never taken for absent. That a directory is not there it believes
// where the directory was looked at, or where all names were listed in the one that
// it would lie in. Of anything else there is a problem, which says to observe again,
// with the file that declares it.
//
// The file has no secrets in it: of a volume's options only those of the NFS server
// (nfs.*), which are addresses, paths and switches; no names of files, and of
// directories only those that are declared, exported or limited, or whose names are
// taken in the directories where shares may lie.
package observed
