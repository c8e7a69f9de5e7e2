package remote

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"

	"glusterd-shares/pkg/gluster"
)

// Owners looks up users, as a gluster.Host does.
func (h *Host) Owners(ctx context.Context, names []string) (map[string]uint32, error) {
	return h.accounts().Owners(ctx, names)
}

// Groups looks up groups, as a gluster.Host does.
func (h *Host) Groups(ctx context.Context, names []string) (map[string]uint32, error) {
	return h.accounts().Groups(ctx, names)
}

// Names look up what numbers are called, as a gluster.Host does.
func (h *Host) Names(ctx context.Context, uid, gid uint32) (owner, group string, err error) {
	return h.accounts().Names(ctx, uid, gid)
}

func (h *Host) accounts() gluster.Accounts { return gluster.Accounts{Getent: h.getent} }

// getentAll asks getent for one key after the other. After each answer comes a line
// with the mark and getent's exit status; what getent complains of is in the answer.
const getentAll = `mark=$1 database=$2; shift 2; for key; do getent "$database" "$key" </dev/null 2>&1; printf '\n%s %s\n' "$mark" $?; done`

// getent asks for all keys with one command: each has its price on the way.
func (h *Host) getent(ctx context.Context, database string, keys []string) ([]gluster.Answer, error) {
	mark := rand.Text()
	ans, err := h.Exec(ctx, Command{Args: append([]string{"sh", "-c", getentAll, "sh", mark, database}, keys...), Plain: true})
	if err != nil {
		return nil, err
	}
	rest := ans.Stdout
	var out []gluster.Answer
	for range keys {
		text, after, marked := strings.Cut(rest, "\n"+mark+" ")
		status, after, whole := strings.Cut(after, "\n")
		code, err := strconv.Atoi(status)
		if !marked || !whole || err != nil {
			return nil, &Error{Host: h.shown, Kind: ErrRefused, Ran: true, Text: fmt.Sprintf("getent %s gave no answer that can be read: exit status %d, %s", database, ans.Code, said(ans.Stdout+ans.Stderr))}
		}
		out = append(out, gluster.Answer{Stdout: text, Stderr: text, Code: code})
		rest = after
	}
	return out, nil
}
