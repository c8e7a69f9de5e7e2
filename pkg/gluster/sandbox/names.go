package sandbox

import (
	"context"
	"hash/fnv"
	"strconv"
)

// Names that aren't known elsewhere get a number from this range on.
const (
	firstID = 10000
	countID = 50000
)

// Numbers gives every name a number: root is 0, a number is itself, and any
// other name has one that is always the same.
func (h *sandboxHost) Numbers(_ context.Context, owners, groups []string) (ofOwners, ofGroups map[string]uint32, err error) {
	return numbers(owners), numbers(groups), nil
}

// Names knows root alone: of other names only the numbers are recorded.
func (h *sandboxHost) Names(_ context.Context, uid, gid uint32) (owner, group string, err error) {
	root := func(id uint32) string {
		if id == 0 {
			return "root"
		}
		return ""
	}
	return root(uid), root(gid), nil
}

func numbers(names []string) map[string]uint32 {
	out := map[string]uint32{}
	for _, name := range names {
		out[name] = Number(name)
	}
	return out
}

// Number is the number of a user or a group in the sandbox: root has 0, a number is
// itself, and any other name has one that is always the same.
func Number(name string) uint32 {
	if name == "root" {
		return 0
	}
	if n, err := strconv.ParseUint(name, 10, 32); err == nil {
		return uint32(n)
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return firstID + h.Sum32()%countID
}
