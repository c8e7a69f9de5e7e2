package state

// Reserved are the directories in the root of a volume that are nobody's shares,
// by name, with whose they are.
var Reserved = map[string]string{
	".glusterfs":       "Gluster's own",
	".trashcan":        "Gluster's own",
	".glusterd-shares": "this program's own",
}
