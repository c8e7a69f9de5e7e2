package gluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"glusterd-shares/pkg/state"
)

type quotaXML struct {
	Limits []limitXML `xml:"limit"`
}

type limitXML struct {
	Path string `xml:"path"`
	Hard string `xml:"hard_limit"`
	Used string `xml:"used_space"`
}

// unlimited stands in place of each number of a directory without a limit, but
// for what is used.
const unlimited = "N/A"

// Usage tells what the directories are limited to and what they hold. One that
// is not there is left out. Quota must be on.
//
// The paths are always named: what Limits gives without them may be blank.
func (c *Client) Usage(ctx context.Context, volume string, paths []string) (map[string]state.Usage, error) {
	if !volumeName.MatchString(volume) {
		return nil, badVolumeName(volume)
	}
	if len(paths) == 0 {
		return map[string]state.Usage{}, nil
	}
	for _, p := range paths {
		if err := checkQuotaPath(p); err != nil {
			return nil, err
		}
	}
	args := append([]string{"volume", "quota", volume, "list"}, paths...)
	r, err := c.list(ctx, args, func(said string) bool { return strings.Contains(said, "Transport endpoint is not connected") })
	if err != nil {
		return nil, err
	}
	usage, err := r.Quota.usage(paths)
	if err != nil {
		return nil, fmt.Errorf("gluster %s: %w", showArgs(args[:4]), err)
	}
	return usage, nil
}

// listTries is how often a list of limits is asked for that is torn.
const listTries = 6

// list asks for a list of limits, again while it is torn: gluster makes a mount
// for each list and takes it away after that, also from another list that is just
// beginning. That one leaves out what it can't look at, and says so on stderr
// alone (10.3).
func (c *Client) list(ctx context.Context, args []string, torn func(said string) bool) (reply, error) {
	for n := 1; ; n++ {
		r, err := c.read(ctx, args...)
		said := r.stderr
		if e, is := errors.AsType[*Error](err); is && errors.Is(err, errEmpty) {
			said = e.Text
		} else if err != nil {
			return r, err
		}
		if !torn(said) {
			return r, err
		}
		err = fmt.Errorf("gluster %s: the list is not whole: %s", showArgs(args[:4]), escape(strings.TrimSpace(said), maxShownText))
		if n == listTries {
			return r, err
		}
		if cause := wait(ctx, c.backoff(n)); cause != nil {
			return r, fmt.Errorf("%w; asked %d times: %w", err, n, cause)
		}
	}
}

var errNoList = errors.New("the answer has no list of limits")

// ErrBlankList: Gluster's list of limits is blank, so that it is not known which
// directories have one. Gluster 10.3 prints nothing at all where the directory
// is gone that got the last limit (cli-cmd-volume.c), whatever other limits
// there are, and where it doesn't reach quotad. That is seldom left without its
// socket where glusterd starts it anew, as at "volume start force".
var ErrBlankList = errors.New("gluster's list of limits is blank, as it is when the directory is gone that got the last limit, or where quotad is not reached; which directories have a limit is not known until another one gets one")

// Limits tells which directories of the volume have a limit, and what they
// hold. Quota must be on. The error wraps ErrBlankList where Gluster doesn't
// tell.
func (c *Client) Limits(ctx context.Context, volume string) (map[string]state.Usage, error) {
	if !volumeName.MatchString(volume) {
		return nil, badVolumeName(volume)
	}
	args := []string{"volume", "quota", volume, "list"}
	r, err := c.list(ctx, args, func(said string) bool { return strings.HasPrefix(said, "/") || strings.Contains(said, "\n/") })
	var e *Error
	switch {
	case errors.As(err, &e) && e.OpErrstr == "No quota configured on volume "+volume:
		return map[string]state.Usage{}, nil
	case errors.Is(err, errEmpty):
		return nil, fmt.Errorf("%w, or quotad is started anew: gluster volume start %s force", ErrBlankList, volume)
	case err != nil:
		return nil, err
	}
	limits, err := r.Quota.limits()
	if err != nil {
		return nil, fmt.Errorf("gluster %s: %w", showArgs(args), err)
	}
	return limits, nil
}

// limits checks that the list speaks of each directory once, and of nothing but
// limits.
func (x *quotaXML) limits() (map[string]state.Usage, error) {
	if x == nil {
		return nil, errNoList
	}
	var paths []string
	for _, lx := range x.Limits {
		paths = append(paths, lx.Path)
		if lx.Hard == unlimited {
			return nil, fmt.Errorf("the list of limits speaks of %q, which has none", escape(lx.Path, maxShownArg))
		}
	}
	return x.usage(paths)
}

// Limited are all directories of the volume that have a limit, sorted. Quota must
// be on. unlisted is why that can't be told.
func (c *Client) Limited(ctx context.Context, volume string) (dirs []string, unlisted string, err error) {
	limits, err := c.Limits(ctx, volume)
	if errors.Is(err, ErrBlankList) {
		return nil, err.Error(), nil
	}
	if err != nil {
		return nil, "", err
	}
	for dir := range limits {
		if _, err := components(dir); err != nil {
			return nil, fmt.Sprintf("gluster's list of limits speaks of %q", escape(dir, maxShownArg)), nil
		}
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs)
	return dirs, "", nil
}

// usage checks that the list speaks of nothing but the paths, of each once.
func (x *quotaXML) usage(paths []string) (map[string]state.Usage, error) {
	if x == nil {
		return nil, errNoList
	}
	out := map[string]state.Usage{}
	for _, lx := range x.Limits {
		_, twice := out[lx.Path]
		if twice || !slices.Contains(paths, lx.Path) {
			return nil, fmt.Errorf("the answer speaks of %q, twice or without being asked", escape(lx.Path, maxShownArg))
		}
		u, err := lx.usage()
		if err != nil {
			return nil, err
		}
		out[lx.Path] = u
	}
	return out, nil
}

func (x limitXML) usage() (u state.Usage, err error) {
	if x.Hard != unlimited {
		u.Limit, err = strconv.ParseUint(x.Hard, 10, 64)
	}
	if err == nil {
		u.Used, err = strconv.ParseUint(x.Used, 10, 64)
	}
	if err != nil {
		return u, fmt.Errorf("the limit %q and the use %q of %q are not numbers", escape(x.Hard, maxShownArg), escape(x.Used, maxShownArg), escape(x.Path, maxShownArg))
	}
	return u, nil
}

// EnableQuota switches quota on. That it is on already is no error.
func (c *Client) EnableQuota(ctx context.Context, volume string) error {
	if !volumeName.MatchString(volume) {
		return badVolumeName(volume)
	}
	err := c.write(ctx, enableQuotaArgs(volume)...)
	var e *Error
	if errors.As(err, &e) && e.OpErrstr == "Quota is already enabled" {
		return nil
	}
	return err
}

// SetLimits gives each directory its limit, or takes it away, and returns an
// error, or nil, for each. One gluster process does all of them: with a process
// each it takes three times as long. What Gluster was too busy for is tried
// again.
func (c *Client) SetLimits(ctx context.Context, volume string, limits []state.Limit) []error {
	errs := make([]error, len(limits))
	var left []int // what is to be tried, as indices of limits
	for i, l := range limits {
		if errs[i] = checkLimit(volume, l); errs[i] == nil {
			left = append(left, i)
		}
	}
	start := time.Now()
	for n := 1; len(left) > 0; n++ {
		var batch []state.Limit
		for _, i := range left {
			batch = append(batch, limits[i])
		}
		answers := c.setLimitsOnce(ctx, volume, batch)
		var again []int
		for j, i := range left {
			errs[i] = answers[j]
			c.ran(limitArgs(volume, limits[i]), n, errs[i])
			if n < tries(answers[j]) {
				again = append(again, i)
			}
		}
		d := c.backoff(n)
		if len(again) == 0 || time.Since(start)+d > retryFor || wait(ctx, d) != nil {
			break
		}
		left = again
	}
	return errs
}

// setLimitsOnce writes commands to the stdin of one gluster, which answers each
// of them with a document of its own and goes on after a refusal. It ends when
// glusterd goes away: of the command in hand, and of those behind it, is not
// known then what became of them.
func (c *Client) setLimitsOnce(ctx context.Context, volume string, limits []state.Limit) []error {
	var stdin strings.Builder
	for _, l := range limits {
		stdin.WriteString(strings.Join(limitArgs(volume, l), " ") + "\n")
	}
	ans, err := c.run(Unbroken(ctx), time.Duration(len(limits))*commandTimeout, stdin.String(), xmlArgs()...)
	documents := answersInOrder(len(limits), ans, err)
	errs := make([]error, len(limits))
	for i, l := range limits {
		e := &Error{Code: ans.Code, Text: notXML(ans.Stdout), Err: cmp.Or(err, errNoAnswer)}
		if i < len(documents) {
			_, e = judge(Answer{Stdout: documents[i]}, nil)
		}
		if e != nil && !(l.Bytes == 0 && hadNone(e)) {
			e.Args = limitArgs(volume, l)
			e.Kinds = classify(e, true)
			errs[i] = e
		}
	}
	return errs
}

// hadNone reports whether a limit could not be taken away because there was none
// (10.3): one that was given up and is done all the same, by and by, is no failure.
func hadNone(e *Error) bool {
	return strings.HasPrefix(e.OpErrstr, "removexattr failed on ") && strings.HasSuffix(e.OpErrstr, " Reason : No data available")
}

var errNoAnswer = errors.New("gluster gave no answer to this command")

// notXML is what gluster said outside of documents: nothing, or why it ended.
func notXML(stdout string) string {
	if strings.Contains(stdout, documentHead) {
		return ""
	}
	return stdout
}

// answersInOrder takes apart what gluster --xml prints for n commands: the answers
// to the first of them, or to all. It is nil where an answer can't be told from
// another one's: where some are missing though gluster went on to its end.
func answersInOrder(n int, ans Answer, err error) []string {
	documents := splitDocuments(ans.Stdout)
	whole := err == nil && ans.Code == 0
	if len(documents) > n || len(documents) < n && (whole || strings.Contains(ans.Stderr, "Usage:")) {
		return nil
	}
	return documents
}

const documentHead = "<?xml"

// splitDocuments gives the whole documents up to the first one that is not.
func splitDocuments(stdout string) []string {
	before, rest, found := strings.Cut(stdout, documentHead)
	if !found || strings.TrimSpace(before) != "" {
		return nil
	}
	var out []string
	for part := range strings.SplitSeq(rest, documentHead) {
		document := documentHead + part
		if !strings.HasSuffix(strings.TrimSpace(document), "</cliOutput>") {
			return out // cut off, or followed by a word of another kind
		}
		out = append(out, document)
	}
	return out
}

func limitArgs(volume string, l state.Limit) []string {
	if l.Bytes == 0 {
		return []string{"volume", "quota", volume, "remove", l.Path}
	}
	return []string{"volume", "quota", volume, "limit-usage", l.Path, strconv.FormatUint(l.Bytes, 10)}
}

func enableQuotaArgs(volume string) []string { return []string{"volume", "quota", volume, "enable"} }

// maxLine is how many bytes a line on gluster's stdin may have, without its end:
// what goes beyond is a line of its own, and so may be the last digits of a limit
// (10.3, cli input.c CMDBUFSIZ).
const maxLine = 1022

// maxLimit is the largest limit that Gluster takes, in bytes.
const maxLimit = 1<<63 - 1

func checkLimit(volume string, l state.Limit) error {
	switch {
	case !volumeName.MatchString(volume):
		return badVolumeName(volume)
	case l.Bytes > maxLimit:
		return fmt.Errorf("the limit of %s is more than Gluster takes", escape(l.Path, maxShownArg))
	case len(strings.Join(limitArgs(volume, l), " ")) > maxLine:
		return fmt.Errorf("the path of %d bytes is too long for gluster, which would cut the command in two", len(l.Path))
	}
	return checkQuotaPath(l.Path)
}

// checkQuotaPath refuses what would not arrive as it is: gluster splits lines
// from its stdin at blanks.
func checkQuotaPath(p string) error {
	if _, err := components(p); err != nil {
		return err
	}
	if strings.ContainsFunc(p, breaksOption) {
		return fmt.Errorf("%q holds a character on which gluster would split it", escape(p, maxShownArg))
	}
	return nil
}
