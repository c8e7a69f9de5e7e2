package gluster

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Option is one option of a volume as it is to be set.
type Option struct{ Key, Value string }

// glusterd 10.3 writes each option as "key=value" with its line's end into a
// buffer of 4093 bytes, without looking whether it fits, and dies of the rest
// (glusterd-store.c _storeopts). How long a value is safe is the same for every
// option, so that a plan can tell.
const (
	maxValue = 4010            // bytes: the most that a plan has, and some commas
	maxKey   = 4090 - maxValue // bytes
)

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

// check refuses what would not arrive as it is. The CLI drops the white space
// of ASCII (10.3, common-utils.c gf_strip_whitespace), takes an empty value for
// a mistake and a leading dash for an option of its own; a quote or a backslash
// breaks the volfile of every NFS server.
func (o Option) check() error {
	switch {
	case !optionKey.MatchString(o.Key) || len(o.Key) > maxKey:
		return errors.New("no option can have this name")
	case o.Value == "":
		return errors.New("the value is empty, which Gluster can't set")
	case len(o.Value) > maxValue:
		return fmt.Errorf("the value has %d bytes, more than the %d that are safe: glusterd dies of a long one", len(o.Value), maxValue)
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

// breaksOption leaves the white space of other scripts alone: Gluster keeps it.
func breaksOption(r rune) bool {
	return r <= ' ' || r == 0x7f || r == '"' || r == '\\'
}
