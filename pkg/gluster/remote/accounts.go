package remote

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"

	"glusterd-shares/pkg/gluster"
)

// Numbers looks up users and groups, as a gluster.Host does.
func (h *Host) Numbers(ctx context.Context, owners, groups []string) (ofOwners, ofGroups map[string]uint32, err error) {
	return h.accounts().Numbers(ctx, owners, groups)
}

// Names look up what numbers are called, as a gluster.Host does.
func (h *Host) Names(ctx context.Context, uid, gid uint32) (owner, group string, err error) {
	return h.accounts().Names(ctx, uid, gid)
}

func (h *Host) accounts() gluster.Accounts { return gluster.Accounts{Getent: h.getent} }

// getentAll asks getent for one key after the other. After each answer comes a line
// with the mark and getent's exit status; what getent complains of is in the answer.
const getentAll = `mark=$1; shift; while [ $# -gt 0 ]; do getent "$1" "$2" </dev/null 2>&1; printf '\n%s %s\n' "$mark" $?; shift 2; done`

// getent asks for all keys with one command: each has its price on the way.
func (h *Host) getent(ctx context.Context, keys []gluster.Key) ([]gluster.Answer, error) {
	mark := rand.Text()
	args := []string{"sh", "-c", getentAll, "sh", mark}
	for _, k := range keys {
		args = append(args, k.Database, k.Name)
	}
	ans, err := h.Exec(ctx, Command{Args: args, Plain: true})
	if err != nil {
		return nil, err
	}
	rest := ans.Stdout
	var out []gluster.Answer
	for _, key := range keys {
		text, after, marked := strings.Cut(rest, "\n"+mark+" ")
		status, after, whole := strings.Cut(after, "\n")
		code, err := strconv.Atoi(status)
		if !marked || !whole || err != nil {
			return nil, &Error{Host: h.shown, Kind: ErrRefused, Ran: true, Text: fmt.Sprintf("getent %s gave no answer that can be read: exit status %d, %s", key.Database, ans.Code, said(ans.Stdout+ans.Stderr))}
		}
		out = append(out, gluster.Answer{Stdout: text, Stderr: text, Code: code})
		rest = after
	}
	return out, nil
}
