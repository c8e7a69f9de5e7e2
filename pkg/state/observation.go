package state

// Observation is an Actual that stands for the cluster where there is none: also for
// a state file that declares more, or something else, than the one that it was made
// for. So it tells as well what was looked at: what is not told of was not, and may
// be there.
type Observation struct {
	Actual Actual `json:"actual"`

	// Looked are the directories of the shares that it was made for, and those on the way
	// to them, by path from the volume's root. Everything was looked at that a plan can
	// need to know of them, whether they are declared as present or as absent, but for
	// what limits those on the way.
	Looked []string `json:"looked"`

	// AskedOwners and AskedGroups are the names of which the directories' host was
	// asked. One that Actual doesn't have, nobody there knows.
	AskedOwners []string `json:"asked_owners"`
	AskedGroups []string `json:"asked_groups"`

	// Listed tells of the volume's root, and of the directories on the way to shares,
	// which names in them are taken, of those that a share could have. One that could
	// not be read, or that holds very many, is missing.
	Listed map[string][]string `json:"listed"`

	// Trash are the ids of the trash's entries. TrashUnread is why there may be more;
	// empty where these are all.
	Trash       []string `json:"trash"`
	TrashUnread string   `json:"trash_unread"`
}
