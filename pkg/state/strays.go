package state

// Strays are what a volume has that no share declares, beside its exports. They
// are looked for in the root of the volume and in the directories on the way to
// its shares; what is in a share is the share's own.
type Strays struct {
	Dirs []string // by path; without Gluster's own and this tool's own

	// Limits are the directories with a limit that are no share's, with what
	// they hold, by path. Where they can't be told LimitsUnknown says why.
	Limits        map[string]Usage
	LimitsUnknown string

	More   []string // directories with more in them than was looked at, by path
	Unread []Unread // what could not be looked at
}

// Unread is something that could not be read, and why.
type Unread struct {
	What string // a path, or words such as "the use of directories"
	Why  string
}
