package state

import "strings"

// maxTrashName is how many bytes of a directory's path stand in the id of its
// entry.
const maxTrashName = 60

// TrashName is what of a directory's path stands in the id of an entry that was
// made for it in the volume's trash: TIME-NAME-RANDOM.
func TrashName(dir string) string {
	name := strings.ReplaceAll(strings.TrimPrefix(dir, "/"), "/", "-")
	return name[:min(len(name), maxTrashName)]
}

// TrashNameOf is the name in an id; empty where it has none.
func TrashNameOf(id string) string {
	_, rest, _ := strings.Cut(id, "-")
	return rest[:max(strings.LastIndexByte(rest, '-'), 0)]
}
