package gluster

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"glusterd-shares/pkg/state"
)

// Accounts are the users and groups that a host knows. It asks getent, which knows
// what the name service switch knows: LDAP and the like too, unlike os/user in a
// program without cgo.
type Accounts struct {
	// Getent asks for each of the keys, one at a time, since a directory may
	// answer with another spelling than the one that it was asked for. It gives
	// the answers in the order of the keys.
	Getent func(ctx context.Context, keys []Key) ([]Answer, error)
}

// Key is what getent is asked for: a name or a number of a database.
type Key struct{ Database, Name string }

func (k Key) String() string { return k.Database + " " + quoteArg(k.Name) }

func (l *Local) accounts() Accounts { return Accounts{getent} }

// Numbers implements Host.
func (l *Local) Numbers(ctx context.Context, owners, groups []string) (ofOwners, ofGroups map[string]uint32, err error) {
	return l.accounts().Numbers(ctx, owners, groups)
}

// Names look up what a user and a group are called.
func (l *Local) Names(ctx context.Context, uid, gid uint32) (owner, group string, err error) {
	return l.accounts().Names(ctx, uid, gid)
}

// Numbers is Numbers of a Host.
func (a Accounts) Numbers(ctx context.Context, owners, groups []string) (ofOwners, ofGroups map[string]uint32, err error) {
	ofOwners, asked := numbersIn("passwd", owners)
	ofGroups, more := numbersIn("group", groups)
	numbers := map[string]map[string]uint32{"passwd": ofOwners, "group": ofGroups}
	asked = append(asked, more...)
	found, err := a.ask(ctx, asked)
	if err != nil {
		return nil, nil, err
	}
	for i, f := range found {
		if f.known {
			numbers[asked[i].Database][asked[i].Name] = f.id
		}
	}
	return ofOwners, ofGroups, nil
}

// numbersIn are the names that are numbers themselves, and what has to be asked for
// the others.
func numbersIn(database string, names []string) (numbers map[string]uint32, asked []Key) {
	numbers = map[string]uint32{}
	for _, name := range names {
		if n, ok := state.ParseAccount(name); ok {
			numbers[name] = n
		} else if askable(name) {
			asked = append(asked, Key{database, name})
		}
	}
	return numbers, asked
}

// Names is Names of a Host.
func (a Accounts) Names(ctx context.Context, uid, gid uint32) (owner, group string, err error) {
	found, err := a.ask(ctx, []Key{
		{"passwd", strconv.FormatUint(uint64(uid), 10)},
		{"group", strconv.FormatUint(uint64(gid), 10)},
	})
	if err != nil {
		return "", "", err
	}
	return found[0].name, found[1].name, nil
}

// askable keeps from getent what it would take for an option or for a number,
// and what can't be a name in any database.
func askable(name string) bool {
	_, err := strconv.ParseInt(name, 10, 64)
	return err != nil && name != "" && name[0] != '-' && !strings.ContainsAny(name, ":\n\x00")
}

// account is what getent says of a key.
type account struct {
	known bool
	name  string // as the database has it
	id    uint32
}

// ask asks for the keys, and gives what is known of each.
func (a Accounts) ask(ctx context.Context, keys []Key) ([]account, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	answers, err := a.Getent(ctx, keys)
	if err != nil {
		return nil, err
	}
	if len(answers) != len(keys) {
		return nil, fmt.Errorf("getent gave %d answers to %d questions", len(answers), len(keys))
	}
	out := make([]account, len(keys))
	for i, ans := range answers {
		if out[i], err = parseAccount(ans); err != nil {
			return nil, fmt.Errorf("getent %s: %w", keys[i], err)
		}
	}
	return out, nil
}

// getentUnknown is getent's exit status for a name that nobody knows.
const getentUnknown = 2

func parseAccount(ans Answer) (account, error) {
	switch ans.Code {
	case 0:
	case getentUnknown:
		return account{}, nil
	default:
		return account{}, fmt.Errorf("exit status %d: %s", ans.Code, escape(ans.Stderr, maxShownText))
	}
	line, _, _ := strings.Cut(ans.Stdout, "\n")
	if fields := strings.Split(line, ":"); len(fields) >= 4 {
		if id, ok := state.ParseAccount(fields[2]); ok {
			return account{true, fields[0], id}, nil
		}
	}
	return account{}, fmt.Errorf("no number in %q", escape(line, maxShownText))
}

// getent is the one of this machine.
func getent(ctx context.Context, keys []Key) ([]Answer, error) {
	path, err := exec.LookPath("getent")
	if err != nil {
		return nil, noGetent(keys)
	}
	var out []Answer
	for _, key := range keys {
		ans, err := command{path: path, args: []string{key.Database, key.Name}, limit: maxOutput}.run(ctx)
		if err != nil {
			return nil, fmt.Errorf("getent %s: %w", key, err)
		}
		out = append(out, ans)
	}
	return out, nil
}

func noGetent(keys []Key) error {
	return fmt.Errorf("looking up %q: getent is not in PATH; install it (libc-bin, glibc-common), or write numbers for owners and groups", keys[0].Name)
}
