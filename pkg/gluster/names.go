package gluster

import (
	"context"
	"fmt"
	"math"
	"os/exec"
	"strconv"
	"strings"
)

// Owners looks up users. A name that is a number stands for itself.
func (l *Local) Owners(ctx context.Context, names []string) (map[string]uint32, error) {
	return lookUp(ctx, "passwd", names)
}

// Groups looks up groups. A name that is a number stands for itself.
func (l *Local) Groups(ctx context.Context, names []string) (map[string]uint32, error) {
	return lookUp(ctx, "group", names)
}

// Names look up what a user and a group are called.
func (l *Local) Names(ctx context.Context, uid, gid uint32) (owner, group string, err error) {
	if owner, err = nameOf(ctx, "passwd", uid); err == nil {
		group, err = nameOf(ctx, "group", gid)
	}
	return owner, group, err
}

// nameOf is what a number is called; empty where nobody knows it.
func nameOf(ctx context.Context, database string, id uint32) (string, error) {
	_, name, _, err := getent(ctx, database, strconv.FormatUint(uint64(id), 10))
	return name, err
}

// lookUp asks getent, which knows what the name service switch knows: LDAP and
// the like too, unlike os/user in a program without cgo. It asks for one name
// at a time, since a directory may answer with another spelling than the one
// that it was asked for.
func lookUp(ctx context.Context, database string, names []string) (map[string]uint32, error) {
	out := map[string]uint32{}
	for _, name := range names {
		if n, ok := parseID(name); ok {
			out[name] = n
			continue
		}
		if !askable(name) {
			continue
		}
		n, _, ok, err := getent(ctx, database, name)
		if err != nil {
			return nil, err
		}
		if ok {
			out[name] = n
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

// getentUnknown is getent's exit status for a name that nobody knows.
const getentUnknown = 2

func getent(ctx context.Context, database, name string) (id uint32, called string, found bool, err error) {
	path, err := exec.LookPath("getent")
	if err != nil {
		return 0, "", false, fmt.Errorf("looking up %q: getent is not in PATH; install it (libc-bin, glibc-common), or write numbers for owners and groups", name)
	}
	ans, err := command{path: path, args: []string{database, name}, limit: maxOutput}.run(ctx)
	switch {
	case err != nil:
		return 0, "", false, fmt.Errorf("getent %s %s: %w", database, quoteArg(name), err)
	case ans.Code == getentUnknown:
		return 0, "", false, nil
	case ans.Code != 0:
		return 0, "", false, fmt.Errorf("getent %s %s: exit status %d: %s", database, quoteArg(name), ans.Code, escape(ans.Stderr, maxShownText))
	}
	line, _, _ := strings.Cut(ans.Stdout, "\n")
	if fields := strings.Split(line, ":"); len(fields) >= 4 {
		called = fields[0]
		id, found = parseID(fields[2])
	}
	if !found {
		return 0, "", false, fmt.Errorf("getent %s %s: no number in %q", database, quoteArg(name), escape(line, maxShownText))
	}
	return id, called, true, nil
}

// parseID reads the number of a user or group. The highest one means "leave it
// as it is" to chown and is nobody's.
func parseID(s string) (uint32, bool) {
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil && n != math.MaxUint32
}
