package gluster

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Option is one option of a volume as it is to be set.
type Option struct{ Key, Value string }

// maxOption is how long key and value of one option may be together, in bytes.
// glusterd 10.3 writes more than 4090 into a buffer of 4093 without looking,
// and dies (glusterd-store.c _storeopts).
const maxOption = 4000

// Set writes options of one volume with a single command: Gluster checks all
// of them before it takes any. What Gluster would take wrongly, or die of, is
// refused before anything is run.
//
// After ErrUnknownOutcome some, all or none of the options may be set.
func (c *Client) Set(ctx context.Context, volume string, options []Option) error {
	args := []string{"volume", "set", volume}
	seen := map[string]bool{}
	for _, o := range options {
		if err := o.check(); err != nil {
			return fmt.Errorf("volume %s: option %s: %w", escape(volume, maxShownArg), escape(o.Key, maxShownArg), err)
		}
		if seen[o.Key] {
			return fmt.Errorf("volume %s: option %s is to be set twice", escape(volume, maxShownArg), o.Key)
		}
		seen[o.Key] = true
		args = append(args, o.Key, o.Value)
	}
	switch {
	case !volumeName.MatchString(volume):
		return badVolumeName(volume)
	case len(options) == 0:
		return fmt.Errorf("volume %s: there is no option to set", volume)
	}
	return c.write(ctx, args...)
}

// StartForce starts what of a started volume doesn't run, such as a dead NFS
// server; it starts a stopped volume too.
func (c *Client) StartForce(ctx context.Context, volume string) error {
	if !volumeName.MatchString(volume) {
		return badVolumeName(volume)
	}
	return c.write(ctx, "volume", "start", volume, "force")
}

// optionKey is what an option can be called: always in parts, unlike the words
// "help" and "group" that the CLI looks for in the place of a key.
var optionKey = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$`)

// check refuses what would not arrive as it is. The CLI drops white space,
// takes an empty value for a mistake and a leading dash for an option of its
// own; a quote or a backslash breaks the volfile of every NFS server (10.3).
func (o Option) check() error {
	switch n := len(o.Key) + len(o.Value); {
	case !optionKey.MatchString(o.Key):
		return errors.New("no option can have this name")
	case o.Value == "":
		return errors.New("the value is empty, which Gluster can't set")
	case n > maxOption:
		return fmt.Errorf("name and value come to %d bytes, more than the %d that are safe: glusterd dies of a long one", n, maxOption)
	case !utf8.ValidString(o.Value):
		return errors.New("the value is not UTF-8")
	case strings.HasPrefix(o.Value, "-"):
		return errors.New("the value begins with a dash, which gluster would take for an option of its own")
	}
	if i := strings.IndexFunc(o.Value, breaksOption); i >= 0 {
		r, _ := utf8.DecodeRuneInString(o.Value[i:])
		return fmt.Errorf("the value has %q at byte %d, which Gluster drops or breaks on", r, i)
	}
	return nil
}

func breaksOption(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '"' || r == '\\'
}
