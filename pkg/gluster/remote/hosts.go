package remote

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"glusterd-shares/pkg/state"
)

// PasswordVariable is the variable of the environment in which whoever starts the program
// may give the password. It is not read here.
const PasswordVariable = "GLUSTERD_SHARES_SSH_PASSWORD"

// Settings say how all hosts of a run are reached.
type Settings struct {
	SSH state.SSH

	// Home is the directory of whoever runs this: ~ in paths, and the place of
	// .ssh.
	Home string

	// AgentSocket is where the agent listens, as in SSH_AUTH_SOCK; empty: there
	// is none.
	AgentSocket string

	// Password logs in where no key does; SSH.PasswordFile goes before it.
	Password Secret

	// Ask asks a person for a secret, and gives up when the context ends; nil:
	// there is nobody.
	Ask func(ctx context.Context, prompt string) (Secret, error)

	// Dial makes a connection; nil: over TCP.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Log is told at level info of connections that were lost and are made again,
	// at level debug of all, and of what login shells print; nil: nobody is.
	Log *slog.Logger
}

// Hosts are the hosts of one run. There is one connection to each, for all who
// use it, or several where the host takes few commands at a time on one.
type Hosts struct {
	settings Settings
	keyring  *keyring

	mu     sync.Mutex
	hosts  map[string]*Host // by user@host
	closed bool
}

// New makes the hosts; nothing is read and nobody is contacted yet.
func New(s Settings) *Hosts {
	if s.Dial == nil {
		s.Dial = (&net.Dialer{}).DialContext
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.SSH.Port == 0 {
		s.SSH.Port = 22
	}
	if s.SSH.KnownHosts == "" {
		s.SSH.KnownHosts = "~/.ssh/known_hosts"
	}
	return &Hosts{settings: s, keyring: &keyring{settings: s, turn: make(chan struct{}, 1), unlocked: map[string]ssh.AlgorithmSigner{}}, hosts: map[string]*Host{}}
}

// Host is the host of a target, as state.Target has user and host. It is the same
// each time.
func (hs *Hosts) Host(user, host string) *Host {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	at := user + "@" + host
	if hs.hosts[at] == nil {
		hs.hosts[at] = newHost(hs.settings, hs.keyring, user, host)
		hs.hosts[at].closed = hs.closed
	}
	return hs.hosts[at]
}

// Keep ends the connections to the hosts that are not needed, and with them what is
// still at work there. One that is asked for again later is reached anew.
func (hs *Hosts) Keep(needed func(user, host string) bool) {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	for at, h := range hs.hosts {
		if !needed(h.user, h.host) {
			hs.settings.Log.Debug("ssh: not needed any more", "host", h.shown)
			h.close()
			delete(hs.hosts, at)
		}
	}
}

// Close ends all connections, and with them what is still at work on the hosts.
func (hs *Hosts) Close() {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	hs.closed = true
	for _, h := range hs.hosts {
		h.close()
	}
}

// Where a setting says nothing.
const defaultConnectTimeout = 15 * time.Second

func (s Settings) connectTimeout() time.Duration {
	if s.SSH.ConnectTimeout == 0 {
		return defaultConnectTimeout
	}
	return time.Duration(s.SSH.ConnectTimeout) * time.Second
}

// path gives a path with ~ as a path from the root.
func (s Settings) path(p string) string {
	if rest, is := strings.CutPrefix(p, "~/"); is {
		return filepath.Join(s.Home, rest)
	}
	return p
}

// shown is what errors call a host: user@host, with the port where it is not the
// usual one.
func (s Settings) shown(user, host string) string {
	if s.SSH.Port != 22 {
		return user + "@" + net.JoinHostPort(host, strconv.Itoa(s.SSH.Port))
	}
	return user + "@" + host
}
