//go:build e2e

package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// grants says which clients may mount which directories of a volume: "alpha"
// to "1 2". A directory with nobody is one that nobody may mount.
type grants map[string]string

// closed is what nobody may mount on any volume: the whole of it, by every
// spelling, and what nobody declared.
var closed = grants{"": "", ".": "", unlisted: "", ".glusterd-shares": "", ".glusterd-shares/closed": ""}

// mount is a path as one client asks for it.
type mount struct {
	client int
	path   string
}

// mounts lists the directories of a volume that the grants name, and those that
// are closed always, each for every client: true where it is granted.
func (g grants) mounts(vol string) map[mount]bool {
	all := maps.Clone(closed)
	maps.Copy(all, g)
	out := map[mount]bool{}
	for dir, who := range all {
		path := strings.TrimSuffix("/"+vol+"/"+dir, "/")
		for n := range clients {
			out[mount{n + 1, path}] = slices.Contains(strings.Fields(who), fmt.Sprint(n+1))
		}
	}
	return out
}

// refusals are the answers by which the server denies a mount. That nobody
// answers is none of them.
var refusals = append(denials, "NOENT")

// denials are those that are about the client. What a server that has just started
// does not serve yet it says is not there.
var denials = []string{"ACCES", "PERM"}

// ExpectMounts checks with every client that what the grants name can be
// mounted by exactly those clients, and what is closed by nobody.
func (b *Bed) ExpectMounts(vol string, g grants) {
	b.Helper()
	want := g.mounts(vol)
	paths := slices.Sorted(func(yield func(string) bool) {
		for m := range want {
			if m.client == 1 && !yield(m.path) {
				return
			}
		}
	})
	for n := 1; n <= clients; n++ {
		b.Eventually(func() string {
			for path, word := range b.Client(n).Ask(paths...) {
				granted := want[mount{n, path}]
				if granted && word != "OK" || !granted && !slices.Contains(refusals, word) {
					return fmt.Sprintf("client %d got %s for %s; granted: %t", n, word, path, granted)
				}
			}
			return ""
		})
	}
}
