package gluster

import (
	"context"
	"fmt"
	"math"
	"os/exec"
	"strconv"
	"strings"
)

// Accounts are the users and groups that a host knows. It asks getent, which knows
// what the name service switch knows: LDAP and the like too, unlike os/user in a
// program without cgo.
type Accounts struct {
	// Getent asks the database for each of the keys, one at a time, since a
	// directory may answer with another spelling than the one that it was asked
	// for. It gives the answers in the order of the keys.
	Getent func(ctx context.Context, database string, keys []string) ([]Answer, error)
}

func (l *Local) accounts() Accounts { return Accounts{getent} }

// Owners looks up users. A name that is a number stands for itself.
func (l *Local) Owners(ctx context.Context, names []string) (map[string]uint32, error) {
	return l.accounts().Owners(ctx, names)
}

// Groups looks up groups. A name that is a number stands for itself.
func (l *Local) Groups(ctx context.Context, names []string) (map[string]uint32, error) {
	return l.accounts().Groups(ctx, names)
}

// Names look up what a user and a group are called.
func (l *Local) Names(ctx context.Context, uid, gid uint32) (owner, group string, err error) {
	return l.accounts().Names(ctx, uid, gid)
}

// Owners is Owners of a Host.
func (a Accounts) Owners(ctx context.Context, names []string) (map[string]uint32, error) {
	return a.lookUp(ctx, "passwd", names)
}

// Groups is Groups of a Host.
func (a Accounts) Groups(ctx context.Context, names []string) (map[string]uint32, error) {
	return a.lookUp(ctx, "group", names)
}

// Names is Names of a Host.
func (a Accounts) Names(ctx context.Context, uid, gid uint32) (owner, group string, err error) {
	if owner, err = a.nameOf(ctx, "passwd", uid); err == nil {
		group, err = a.nameOf(ctx, "group", gid)
	}
	return owner, group, err
}

// nameOf is what a number is called; empty where nobody knows it.
func (a Accounts) nameOf(ctx context.Context, database string, id uint32) (string, error) {
	found, err := a.ask(ctx, database, []string{strconv.FormatUint(uint64(id), 10)})
	if err != nil {
		return "", err
	}
	return found[0].name, nil
}

func (a Accounts) lookUp(ctx context.Context, database string, names []string) (map[string]uint32, error) {
	out := map[string]uint32{}
	var asked []string
	for _, name := range names {
		if n, ok := parseID(name); ok {
			out[name] = n
		} else if askable(name) {
			asked = append(asked, name)
		}
	}
	found, err := a.ask(ctx, database, asked)
	if err != nil {
		return nil, err
	}
	for i, f := range found {
		if f.known {
			out[asked[i]] = f.id
		}
	}
	return out, nil
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
func (a Accounts) ask(ctx context.Context, database string, keys []string) ([]account, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	answers, err := a.Getent(ctx, database, keys)
	if err != nil {
		return nil, err
	}
	if len(answers) != len(keys) {
		return nil, fmt.Errorf("getent %s %s: %d answers", database, quoteArgs(keys), len(answers))
	}
	out := make([]account, len(keys))
	for i, ans := range answers {
		if out[i], err = parseAccount(ans); err != nil {
			return nil, fmt.Errorf("getent %s %s: %w", database, quoteArg(keys[i]), err)
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
		if id, ok := parseID(fields[2]); ok {
			return account{true, fields[0], id}, nil
		}
	}
	return account{}, fmt.Errorf("no number in %q", escape(line, maxShownText))
}

// getent is the one of this machine.
func getent(ctx context.Context, database string, keys []string) ([]Answer, error) {
	path, err := exec.LookPath("getent")
	if err != nil {
		return nil, fmt.Errorf("looking up %q: getent is not in PATH; install it (libc-bin, glibc-common), or write numbers for owners and groups", keys[0])
	}
	var out []Answer
	for _, key := range keys {
		ans, err := command{path: path, args: []string{database, key}, limit: maxOutput}.run(ctx)
		if err != nil {
			return nil, fmt.Errorf("getent %s %s: %w", database, quoteArg(key), err)
		}
		out = append(out, ans)
	}
	return out, nil
}

// parseID reads the number of a user or group. The highest one means "leave it
// as it is" to chown and is nobody's.
func parseID(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil && n != math.MaxUint32
}
