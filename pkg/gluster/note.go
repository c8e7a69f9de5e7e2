package gluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"os"
	"os/user"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"glusterd-shares/pkg/state"
)

const (
	noteVersion = 1
	maxNote     = 64 << 10 // bytes; a list of clients has 4000 at most

	// maxSharePath is how long a limit's path may be for Gluster, and longer than
	// a state file lets it be.
	maxSharePath = 1023

	// nobodyID stands for no number at all: chown leaves an owner as it is then.
	nobodyID = math.MaxUint32
)

// Note is what stands beside a directory in the trash: what it was. Clients may
// reach it, so nothing in it is ever a reason to let somebody in or to delete.
type Note struct {
	Version  int            `json:"version"`
	Path     string         `json:"path"`  // from the volume's root
	Inode    uint64         `json:"inode"` // of the directory
	Limit    uint64         `json:"limit"` // bytes; 0: none
	Owner    Account        `json:"owner"`
	Group    Account        `json:"group"`
	Mode     string         `json:"mode"`       // octal
	Clients  []string       `json:"clients"`    // that could read and write when it was retired
	ReadOnly []string       `json:"read_only"`  // that could only read
	Names    []string       `json:"host_names"` // clients that are host names
	When     time.Time      `json:"when"`
	By       string         `json:"by"` // user@host
	OnDelete state.OnDelete `json:"on_delete"`
}

// Account is an owner or a group.
type Account struct {
	Number uint32 `json:"number"`
	Name   string `json:"name,omitempty"` // empty: nobody knew it
}

func newNote(r state.Retirement, owner, group string, when time.Time) Note {
	return Note{
		Version: noteVersion, Path: r.Path, Inode: r.ID.Inode, Limit: r.Limit, Mode: fmt.Sprintf("%04o", r.Mode),
		Owner: Account{r.UID, owner}, Group: Account{r.GID, group},
		Clients: list(r.Clients.RW.Strings()), ReadOnly: list(r.Clients.RO.Strings()), Names: list(r.Names),
		When: when, By: ThisUser(), OnDelete: r.How,
	}
}

// recall adds what is not known of the directory any more: its limit and its clients, as
// the first of the earlier notes has them that tells of any. Clients may have written
// those: it is only told again.
func (n *Note) recall(earlier []Note) {
	for _, e := range earlier {
		if n.Limit == 0 {
			n.Limit = e.Limit
		}
		if len(n.Clients)+len(n.ReadOnly)+len(n.Names) == 0 {
			n.Clients, n.ReadOnly, n.Names = list(e.Clients), list(e.ReadOnly), list(e.Names)
		}
	}
}

// list is s, and never null in JSON.
func list(s []string) []string { return append([]string{}, s...) }

func (n Note) text() ([]byte, error) {
	text, err := json.MarshalIndent(n, "", "  ")
	return append(text, '\n'), err
}

// sharePath is what a share's directory can be called.
var sharePath = regexp.MustCompile(`^(/[A-Za-z0-9_][A-Za-z0-9._+@-]*)+$`)

// parseNote reads a note that anybody may have written.
func parseNote(text []byte) (Note, error) {
	var n Note
	if err := json.Unmarshal(text, &n); err != nil {
		return n, fmt.Errorf("the note can't be read: %w", err)
	}
	mode, err := strconv.ParseUint(n.Mode, 8, 32)
	texts := slices.Concat([]string{n.Owner.Name, n.Group.Name, n.By}, n.Clients, n.ReadOnly, n.Names)
	switch {
	case n.Version != noteVersion:
		return n, fmt.Errorf("the note has the version %d, and this program reads %d", n.Version, noteVersion)
	case !sharePath.MatchString(n.Path) || len(n.Path) > maxSharePath:
		return n, errors.New("the note's path is not that of a share")
	case n.Owner.Number == nobodyID || n.Group.Number == nobodyID:
		return n, errors.New("the note's owner is none")
	case err != nil || mode > 0o7777:
		return n, errors.New("the note's mode is none")
	case n.Limit > maxLimit:
		return n, errors.New("the note's limit is more than Gluster takes")
	case !areClients(n.Clients) || !areClients(n.ReadOnly) || slices.ContainsFunc(n.Names, isNoHostName):
		return n, errors.New("the note's clients are none")
	case slices.ContainsFunc(texts, unprintable):
		return n, errors.New("the note holds characters that can't be printed")
	}
	return n, nil
}

// areClients reports whether each of them is an address, a network or any.
func areClients(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool {
		_, noAddr := netip.ParseAddr(w)
		_, noPrefix := netip.ParsePrefix(w)
		return w != "any" && noAddr != nil && noPrefix != nil
	})
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9._/-]{1,255}$`)

func isNoHostName(w string) bool { return !hostName.MatchString(w) }

func unprintable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// ThisUser is who runs this program, and where: user@host.
func ThisUser() string {
	name, host := thisUser()
	return name + "@" + host
}

// thisUser is who runs this program, and where.
func thisUser() (name, host string) {
	host, _ = os.Hostname()
	name = strconv.Itoa(os.Getuid())
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return name, host
}
