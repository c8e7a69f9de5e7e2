package gluster

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"syscall"

	"glusterd-shares/pkg/state"
)

// refusal is why a script has not done what it was asked for, or nil where it has.
// op is what it was to do.
func refusal(op string, fields []string) error {
	if fields[0] != "no" {
		return nil
	}
	if len(fields) != 4 {
		return errNotUnderstood
	}
	kind, at, detail := fields[1], fields[2], fields[3]
	switch kind {
	case "errno":
		return &fs.PathError{Op: op, Path: at, Err: errnoIn(detail)}
	case "taken":
		return &fs.PathError{Op: op, Path: at, Err: syscall.EEXIST}
	case "way":
		return &obstacle{at, wayOf(detail)}
	case "root":
		return errRootGone
	case "missing":
		return &missingProgram{at, detail}
	case "other":
		return another(at)
	case "replaced":
		return errReplaced
	case "lost":
		return lostTo(detail)
	}
	return refusedFor(kind, escape(at, maxShownText), escape(detail, maxShownText))
}

// refusedFor is what only one of the scripts refuses for.
func refusedFor(kind, at, detail string) error {
	switch kind {
	case "short":
		return fmt.Errorf("only a part of %s was written", at)
	case "mounted":
		return fmt.Errorf("%s is mounted in %s, unmount it: %w", detail, at, ErrUnsafe)
	case "user":
		return state.Advised(errors.New("only root can mount it"), "name root in the target, or become root there")
	case "fuse":
		return state.Advised(errors.New("it has no /dev/fuse"), mendFUSE)
	case "open":
		return state.Advised(fmt.Errorf("mount_point_base %s can be written by others", at), "give it to root and chmod it 0700")
	case "unmounted":
		return nothingMounted(at)
	case "mount":
		return fmt.Errorf("glusterfs ended with exit status %s: %s", at, detail)
	}
	return fmt.Errorf("%w: %s %s %s", errNotUnderstood, escape(kind, maxShownArg), at, detail)
}

// mendFUSE is for a machine that can't mount anything by FUSE.
const mendFUSE = "load the kernel's module: modprobe fuse"

// lostTo is the error of a lock that another run has, or nobody.
func lostTo(holder string) error {
	if holder == "" {
		return errLost
	}
	return fmt.Errorf("%w: %w", errLost, &heldByOther{holderIn(holder)})
}

// errNotUnderstood: an answer is whole, and not one that the script gives.
var errNotUnderstood = errors.New("its answer is not understood")

// missingProgram is a program that the other machine lacks.
type missingProgram struct{ program, from string }

func (m *missingProgram) Error() string {
	return fmt.Sprintf("%s is not in PATH; %s", m.program, m.Advice())
}

// Advice implements state.Advisor.
func (m *missingProgram) Advice() string { return "install " + m.from }

// errRootGone: what is at the root of a tree is not what was proven to be the
// volume's any more.
var errRootGone = errors.New("the mount of the volume is another one than it was")

// wayOf says in words what is in the way.
func wayOf(detail string) string {
	switch detail {
	case "device":
		return "another file system"
	case "mount":
		return "a mount point"
	case "linked":
		return "a file with a second name"
	}
	mode, err := strconv.ParseUint(detail, 16, 32)
	switch {
	case err != nil:
		return changing
	case mode&syscall.S_IFMT == syscall.S_IFDIR:
		return "a directory"
	}
	return kindOf(uint32(mode))
}

// errnoIn is the error of the system that a program has told last: it ends its
// message with it, after whatever names there are in it.
func errnoIn(said string) error {
	if strings.HasPrefix(said, "mv: ") && strings.Contains(said, " to a subdirectory of itself, ") {
		return syscall.EINVAL // mv looks first
	}
	last := strings.TrimSpace(said)
	last = last[strings.LastIndexByte(last, '\n')+1:]
	words := last[strings.LastIndex(last, ": ")+1:]
	if e, known := errnos[strings.ToLower(strings.TrimSpace(words))]; known {
		return e
	}
	return errors.New(escape(last, maxShownText))
}

// errnos are the errors of the system by what they are called, which is the same
// here and in the C locale.
var errnos = func() map[string]syscall.Errno {
	const last = 133
	out := map[string]syscall.Errno{}
	for e := syscall.Errno(1); e <= last; e++ {
		out[strings.ToLower(e.Error())] = e
	}
	return out
}()
