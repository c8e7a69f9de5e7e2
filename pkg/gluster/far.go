package gluster

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
)

// Far is a machine that can only be reached by running commands on it, as a
// Host. One is for one volume: what changes it is done under the lock of that.
type Far struct {
	Shell Shell

	// Name is what the target calls it.
	Name string

	// Server is the host that a mount asks for the volume, as glusterfs
	// --volfile-server takes it; empty: localhost, which is that machine.
	Server string

	// MountPointBase is the directory there below which volumes are mounted
	// that are not mounted yet.
	MountPointBase string

	// Log is told of mounts that can't be used; nil: nobody is.
	Log *slog.Logger

	locked atomic.Pointer[string] // the program there that has the volume's lock; nil: none does
}

var _ Host = (*Far)(nil)

// lock is the lock that has to be there still where something is changed; empty for
// what changes nothing, and where there is none.
func (r *Far) lock(ctx context.Context) string {
	if held := r.locked.Load(); held != nil && IsUnbroken(ctx) {
		return *held
	}
	return ""
}

// Reach implements Host.
func (r *Far) Reach(ctx context.Context) error { return r.Shell.Connect(ctx) }

// Whoami tells by whom what is run there is run.
func (r *Far) Whoami(ctx context.Context) (user string, root bool, err error) {
	ans, err := r.ask(ctx, "look up", whoamiScript, "")
	if err != nil {
		return "", false, r.told(err)
	}
	fields := ans.fields()
	if len(fields) != 3 {
		return "", false, r.told(errNotUnderstood)
	}
	return fields[2], fields[1] == "0", nil
}

// Gluster runs the gluster program there. The error wraps ErrNoGluster where the
// program never ran.
func (r *Far) Gluster(ctx context.Context, stdin string, args ...string) (Answer, error) {
	mark := rand.Text()
	input := ""
	if stdin != "" {
		input = "commands"
	}
	ans, err := r.Shell.Run(ctx, stdin, glusterScript.argv(mark, append([]string{r.lock(ctx), input}, args...)...)...)
	text, begun, _ := between(mark, ans.Stdout)
	stdout, ran := strings.CutPrefix(text, "run\x00")
	never := Answer{Code: -1}
	switch {
	case errors.Is(err, ErrNotRun):
		return never, fmt.Errorf("%w: %w", ErrNoGluster, byShell(err))
	case err == nil && !begun && ans.Code != 0:
		return never, r.told(fmt.Errorf("%w: %s", ErrNoGluster, said(ans)))
	case err == nil && !begun:
		return ans, r.told(errNotUnderstood)
	case err == nil && strings.HasPrefix(text, "no\x00lost\x00"):
		return never, r.told(fmt.Errorf("%w: %w", ErrNoGluster, errLost))
	case err == nil && !ran:
		return never, r.told(fmt.Errorf("%w: %w", ErrNoGluster, &missingProgram{"it", "glusterfs-cli (Debian) or glusterfs-server"}))
	case err != nil:
		err = byShell(err)
	}
	ans.Stdout = stdout
	return ans, err
}

func (r *Far) accounts() Accounts { return Accounts{r.getent} }

// Numbers implements Host.
func (r *Far) Numbers(ctx context.Context, owners, groups []string) (ofOwners, ofGroups map[string]uint32, err error) {
	return r.accounts().Numbers(ctx, owners, groups)
}

// Names implements Host.
func (r *Far) Names(ctx context.Context, uid, gid uint32) (owner, group string, err error) {
	return r.accounts().Names(ctx, uid, gid)
}

// getent asks the one there for all keys, with one command.
func (r *Far) getent(ctx context.Context, keys []Key) ([]Answer, error) {
	var stdin strings.Builder
	for _, k := range keys {
		stdin.WriteString(k.Database + " " + encode(k.Name) + "\n")
	}
	ans, err := r.ask(ctx, "look up", numbersScript, stdin.String())
	if _, is := errors.AsType[*missingProgram](err); is {
		err = noGetent(keys)
	}
	if err != nil {
		return nil, r.told(err)
	}
	fields := ans.fields()
	if len(fields) != 2*len(keys)+1 {
		return nil, r.told(errNotUnderstood)
	}
	var out []Answer
	for i := range keys {
		code, err := strconv.Atoi(fields[2*i])
		if err != nil {
			return nil, r.told(errNotUnderstood)
		}
		out = append(out, Answer{Code: code, Stdout: fields[2*i+1], Stderr: fields[2*i+1]})
	}
	return out, nil
}

// Local reports whether host is a name or an address of that machine. The name by
// which it was reached is one.
func (r *Far) Local(ctx context.Context, host string) (bool, error) {
	if strings.EqualFold(host, r.Name) {
		return true, nil
	}
	ans, err := r.ask(ctx, "look up", machineScript, "", host)
	if err != nil {
		return false, r.told(err)
	}
	fields := ans.fields()
	if len(fields) != 6 {
		return false, r.told(errNotUnderstood)
	}
	m := machine{name: fields[3], addrs: addressesIn(fields[4], fields[5])}
	m.resolve = func(context.Context, string, string) ([]netip.Addr, error) {
		return resolvedBy(host, fields[1], fields[2])
	}
	return m.is(ctx, host)
}

// resolvedBy reads what "getent ahosts" answers. It can't tell a name that nobody
// knows from one of which nobody says.
func resolvedBy(host, code, text string) ([]netip.Addr, error) {
	var out []netip.Addr
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 0 {
			if a, err := netip.ParseAddr(words[0]); err == nil {
				out = append(out, a)
			}
		}
	}
	if code != "0" || len(out) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return out, nil
}

// addressesIn are the addresses of a machine as its kernel lists them: those of
// fib_trie that are called local, and those of if_inet6.
func addressesIn(fibTrie, inet6 string) []netip.Addr {
	var out []netip.Addr
	var last netip.Addr
	for line := range strings.Lines(fibTrie) {
		words := strings.Fields(line)
		if len(words) == 2 && words[0] == "|--" {
			last, _ = netip.ParseAddr(words[1])
		}
		if len(words) == 3 && words[0] == "/32" && words[2] == "LOCAL" && last.IsValid() {
			out = append(out, last)
		}
	}
	for line := range strings.Lines(inet6) {
		digits, _, _ := strings.Cut(line, " ")
		b, err := hex.DecodeString(digits)
		if a, ok := netip.AddrFromSlice(b); ok && err == nil {
			out = append(out, a)
		}
	}
	return out
}
