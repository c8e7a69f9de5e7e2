package remote

import (
	"context"
	"fmt"
	"net"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// agentTimeout is how long the agent may take to tell its keys.
const agentTimeout = 5 * time.Second

// agentKeys are the keys of the agent, and an end to it: the keys sign as long as
// the connection to it lasts.
func (s Settings) agentKeys(ctx context.Context) (keys []ssh.Signer, end func(), err error) {
	if s.AgentSocket == "" {
		return nil, func() {}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, agentTimeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", s.AgentSocket)
	if err != nil {
		return nil, func() {}, fmt.Errorf("the agent of SSH_AUTH_SOCK can't be asked: %w", err)
	}
	end = func() { _ = conn.Close() } // it was only asked
	stop := context.AfterFunc(ctx, end)
	keys, err = agent.NewClient(conn).Signers()
	if !stop() || err != nil {
		end()
		return nil, func() {}, fmt.Errorf("the agent of SSH_AUTH_SOCK doesn't tell its keys: %w", err)
	}
	return keys, end, nil
}

// agentIdentity is a key of the agent, or a certificate with its key.
func agentIdentity(signer ssh.AlgorithmSigner) identity {
	key := signer.PublicKey()
	if parsed, err := ssh.ParsePublicKey(key.Marshal()); err == nil {
		key = parsed
	}
	cert, _ := key.(*ssh.Certificate)
	return identity{"of the agent, " + fingerprint(key), signer, cert}
}
