package gluster

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Version is the version of Gluster. Text is what it calls itself, such as
// 3.6.2beta3; the numbers are what versions are compared by.
type Version struct {
	Text                string
	Major, Minor, Patch int
}

// MinVersion is the oldest Gluster that this tool works with.
var MinVersion = Version{Text: "3.5", Major: 3, Minor: 5}

// ParseVersion reads the leading numbers of a version: 10.3, 3.6.2beta3.
func ParseVersion(s string) (Version, error) {
	v := Version{Text: s}
	for i, field := range []*int{&v.Major, &v.Minor, &v.Patch} {
		digits := s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
		n, err := strconv.Atoi(digits)
		if err != nil && i > 0 {
			break
		}
		if err != nil {
			return Version{}, fmt.Errorf("%q is not a version of Gluster", escape(v.Text, maxShownArg))
		}
		*field = n
		rest, more := strings.CutPrefix(s[len(digits):], ".")
		if !more {
			break
		}
		s = rest
	}
	return v, nil
}

// String gives the version as Gluster writes it.
func (v Version) String() string { return v.Text }

// AtLeast reports whether v is w or newer.
func (v Version) AtLeast(w Version) bool {
	return cmp.Or(v.Major-w.Major, v.Minor-w.Minor, v.Patch-w.Patch) >= 0
}

// Version asks for the version of the gluster program, which is that of the
// packages on the host; glusterd need not run.
func (c *Client) Version(ctx context.Context) (Version, error) {
	return asked(ctx, func(n int) (Version, error) {
		v, err := c.version(ctx)
		c.ran(versionArgs, n, err)
		return v, err
	})
}

var versionArgs = []string{"--version"}

func (c *Client) version(ctx context.Context) (Version, error) {
	args := versionArgs
	ans, err := c.run(ctx, commandTimeout, "", args...)
	text := ans.Stdout + ans.Stderr
	if err == nil && ans.Code == 0 {
		line, _, _ := strings.Cut(ans.Stdout, "\n")
		words := strings.Fields(line)
		if len(words) < 2 || words[0] != "glusterfs" {
			err = fmt.Errorf("the first line is not \"glusterfs VERSION\"")
		} else if v, parseErr := ParseVersion(words[1]); parseErr == nil {
			return v, nil
		} else {
			err = parseErr
		}
	}
	return Version{}, &Error{Args: args, Code: ans.Code, Text: text, Err: err}
}
