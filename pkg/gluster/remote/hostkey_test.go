package remote

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// certify makes a host's key one with a certificate.
func certify(t *testing.T, key, authority ssh.Signer, cert ssh.Certificate) ssh.Signer {
	t.Helper()
	cert.Key = key.PublicKey()
	if cert.ValidBefore == 0 {
		cert.ValidBefore = ssh.CertTimeInfinity
	}
	if err := cert.SignCert(rand.Reader, authority); err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewCertSigner(&cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

func TestKnownHosts(t *testing.T) {
	ed, ec, rs := newKey(t, "ed25519"), newKey(t, "ecdsa"), newKey(t, "rsa")
	other, authority := newKey(t, "ed25519"), newKey(t, "ecdsa")
	hostCert := func(names ...string) ssh.Certificate {
		return ssh.Certificate{CertType: ssh.HostCert, ValidPrincipals: names}
	}
	expired := hostCert("host")
	expired.ValidBefore = uint64(time.Now().Add(-time.Hour).Unix())

	entry := func(names string, k ssh.Signer) string {
		return names + " " + strings.TrimSpace(string(ssh.MarshalAuthorizedKey(k.PublicKey())))
	}
	sum := func(k ssh.Signer) string { return ssh.FingerprintSHA256(k.PublicKey()) }
	tests := []struct {
		name  string
		has   []ssh.Signer
		known []string
		host  string // host where it is not said
		port  int
		want  []string // parts of the error; nil: none
	}{
		{name: "the key", has: []ssh.Signer{ed}, known: []string{entry("host", ed)}},
		{name: "an ecdsa key", has: []ssh.Signer{ec}, known: []string{entry("host", ec)}},
		{name: "an rsa key, by SHA-2", has: []ssh.Signer{rs}, known: []string{entry("host", rs)}},
		{name: "one of several keys, not the one that would be taken", has: []ssh.Signer{ed, ec, rs}, known: []string{entry("host", rs)}},
		{name: "one of several known ones", has: []ssh.Signer{ec}, known: []string{"# a comment", "", entry("host", ed), entry("other,host", ec)}},
		{name: "hashed", has: []ssh.Signer{ed}, known: []string{entry(knownhosts.HashHostname("other"), ec), entry(knownhosts.HashHostname("host"), ed)}},
		{name: "a pattern", has: []ssh.Signer{ed}, host: "g1.example.com", known: []string{entry("*.example.com,!g2.example.com", ed)}},
		{name: "a port", has: []ssh.Signer{ed}, port: 2222, known: []string{entry("host", ec), entry("[host]:2222", ed)}},
		{name: "a port, hashed", has: []ssh.Signer{ed}, port: 2222, known: []string{entry(knownhosts.HashHostname("[host]:2222"), ed)}},
		{name: "a port, and known at the usual one", has: []ssh.Signer{ed}, port: 2222, known: []string{entry("host", ed)}},
		{name: "a port, and an authority for all hosts", has: []ssh.Signer{certify(t, ed, authority, hostCert("host"))}, port: 2222, known: []string{entry("@cert-authority *", authority)}},
		{name: "IPv6", has: []ssh.Signer{ed}, host: "fd00::1", known: []string{entry("fd00::1", ed)}},
		{name: "IPv6 and a port", has: []ssh.Signer{ed}, host: "fd00::1", port: 2222, known: []string{entry("[fd00::1]:2222", ed)}},
		{name: "capitals, as ssh writes them", has: []ssh.Signer{ed}, host: "Host", known: []string{entry("host", ed)}},
		{name: "capitals, as ssh-keyscan writes them", has: []ssh.Signer{ed}, host: "Host", known: []string{entry("Host", ed)}},
		{name: "a certificate", has: []ssh.Signer{certify(t, ed, authority, hostCert("host"))}, known: []string{entry("@cert-authority *", authority)}},
		{name: "an rsa certificate", has: []ssh.Signer{certify(t, rs, authority, hostCert("host"))}, known: []string{entry("@cert-authority host", authority)}},
		{name: "a certificate, beside a key that is not known", has: []ssh.Signer{ec, certify(t, ed, authority, hostCert("host"))}, known: []string{entry("@cert-authority host", authority)}},
		{name: "an authority, and the host has no certificate", has: []ssh.Signer{ed}, known: []string{entry("@cert-authority *", authority), entry("host", ed)}},
		{name: "a certificate of somebody, and a known key", has: []ssh.Signer{certify(t, ed, other, hostCert("host"))}, known: []string{entry("@cert-authority *", authority), entry("host", ed)}},

		{name: "unknown", has: []ssh.Signer{ed}, known: []string{entry("other", ed)},
			want: []string{"it shows the key ed25519 " + sum(ed), "has no key of it", "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub", "ssh-keyscan -t ed25519 -p 22 'host' >>'", "ssh.host_key_fingerprint: " + sum(ed)}},
		{name: "another one at the usual port", has: []ssh.Signer{ed}, port: 2222, known: []string{entry("host", other)}, want: []string{"has no key of it", "-p 2222 'host'"}},
		{name: "known at a port alone", has: []ssh.Signer{ed}, known: []string{entry("[host]:2222", ed)}, want: []string{"has no key of it", "-p 22 'host'"}},
		{name: "no file", has: []ssh.Signer{ec}, want: []string{"it shows the key ecdsa " + sum(ec), "there is no file "}},
		{name: "nothing but garbage", has: []ssh.Signer{ed}, known: []string{"host ssh-ed25519 !!"}, want: []string{"ssh.known_hosts can't be read", "line 1"}},
		{name: "changed", has: []ssh.Signer{ed}, known: []string{"#", entry("host", other)},
			want: []string{"it shows the key ed25519 " + sum(ed), "has ed25519 " + sum(other) + " (line 2)", "it is another machine, or its keys were made anew", "ssh-keygen -f ", "-R 'host'"}},
		{name: "changed, at a port", has: []ssh.Signer{ed}, port: 2222, known: []string{entry("[host]:2222", other)}, want: []string{"-R '[host]:2222'"}},
		{name: "changed to another kind", has: []ssh.Signer{ec}, known: []string{entry("host", ed)}, want: []string{`it shows keys of these kinds: "ecdsa"`, "ed25519 " + sum(ed) + " (line 1)"}},
		{name: "revoked", has: []ssh.Signer{ed}, known: []string{entry("host", ed), entry("@revoked *", ed)}, want: []string{sum(ed) + ", which ", ":2 revokes"}},
		{name: "a certificate of another host", has: []ssh.Signer{certify(t, ed, authority, hostCert("other"))}, known: []string{entry("@cert-authority *", authority)},
			want: []string{"its certificate for the key ed25519 " + sum(ed) + ", signed by ecdsa " + sum(authority) + ", is not good", "principal", "ssh-keygen -h -n"}},
		{name: "an expired certificate", has: []ssh.Signer{certify(t, ed, authority, expired)}, known: []string{entry("@cert-authority *", authority)}, want: []string{"is not good", "expired"}},
		{name: "a user's certificate", has: []ssh.Signer{certify(t, ed, authority, ssh.Certificate{CertType: ssh.UserCert, ValidPrincipals: []string{"host"}})},
			known: []string{entry("@cert-authority *", authority)}, want: []string{"is not good"}},
		{name: "a certificate of somebody", has: []ssh.Signer{certify(t, ed, other, hostCert("host"))}, known: []string{entry("@cert-authority *", authority)},
			want: []string{"it shows the key ed25519 " + sum(ed) + " with a certificate that is signed by ed25519 " + sum(other), "/known has an authority, ecdsa " + sum(authority) + " (line 1)",
				"have the key signed by that authority: ssh-keygen -s AUTHORITY -I host -h -n 'host' /etc/ssh/ssh_host_ed25519_key.pub"}},
		{name: "a revoked authority", has: []ssh.Signer{certify(t, ed, authority, hostCert("host"))}, known: []string{entry("@cert-authority *", authority), entry("@revoked *", authority)},
			want: []string{"is not good", "revoked"}},
		{name: "the authority itself is no host", has: []ssh.Signer{authority}, known: []string{entry("@cert-authority *", authority), entry("host", ec)}, want: []string{"it shows the key ecdsa " + sum(authority)}},
		{name: "an authority, and the host has nothing else", has: []ssh.Signer{ed}, known: []string{entry("@cert-authority *", authority)}, want: []string{"it shows the key ed25519 " + sum(ed) + " without a certificate", "/known has an authority, ecdsa " + sum(authority) + " (line 1), and no key of it",
			"have the key signed by that authority: ssh-keygen -s AUTHORITY -I host -h -n 'host' /etc/ssh/ssh_host_ed25519_key.pub", "HostCertificate in the host's sshd_config",
			"or have the key known: on the host, ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub shows the right one; where that is the same: ssh-keyscan -t ed25519 -p 22 'host' >>'"}},
		{name: "an authority, and the host has other keys", has: []ssh.Signer{ec, rs}, known: []string{"", entry("@cert-authority *", authority)},
			want: []string{"it shows the key ecdsa " + sum(ec) + " without a certificate", "(line 2)"}},
		{name: "an authority, and another key than is known", has: []ssh.Signer{ed}, known: []string{entry("@cert-authority *", authority), entry("host", other)},
			want: []string{"it shows the key ed25519 " + sum(ed) + ", but", "it is another machine"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, settings := serve(t)
			s.keys, s.exec = tt.has, says
			settings.SSH.Port = tt.port
			settings.SSH.KnownHosts = "~/known"
			if tt.known != nil {
				write(t, filepath.Join(settings.Home, "known"), strings.Join(tt.known, "\n")+"\n", 0o600)
			}
			judged(t, settings, tt.host, tt.want)
		})
	}
}

// judged runs a command on a host, and checks that it is run, or that the host's
// key is refused for this reason.
func judged(t *testing.T, settings Settings, host string, reason []string) {
	t.Helper()
	if host == "" {
		host = "host"
	}
	hosts := New(settings)
	defer hosts.Close()
	_, err := hosts.Host("root", host).Exec(t.Context(), Command{Args: []string{"x"}})
	if reason == nil {
		if err != nil {
			t.Error(err)
		}
		return
	}
	want(t, err, ErrHostKey, false, reason...)
}

func TestPinnedKey(t *testing.T) {
	ed, ec, rs := newKey(t, "ed25519"), newKey(t, "ecdsa"), newKey(t, "rsa")
	sum := func(k ssh.Signer) string { return ssh.FingerprintSHA256(k.PublicKey()) }
	for _, tt := range []struct {
		name string
		pin  ssh.Signer
		has  []ssh.Signer
		want []string
	}{
		{name: "the only key", pin: ed, has: []ssh.Signer{ed}},
		{name: "the first", pin: ed, has: []ssh.Signer{rs, ec, ed}},
		{name: "the last", pin: rs, has: []ssh.Signer{ed, ec, rs}},
		{name: "another one", pin: newKey(t, "ed25519"), has: []ssh.Signer{ed}, want: []string{"its host keys are ed25519 " + sum(ed) + ", and ssh.host_key_fingerprint is SHA256:"}},
		{name: "none of them", pin: newKey(t, "ed25519"), has: []ssh.Signer{rs, ed, ec}, want: []string{"ed25519 " + sum(ed) + ", ecdsa " + sum(ec) + ", rsa " + sum(rs), "it is another machine"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, settings := serve(t)
			s.keys, s.exec = tt.has, says
			settings.SSH.HostKeyFingerprint = sum(tt.pin)
			if err := os.RemoveAll(filepath.Join(settings.Home, ".ssh")); err != nil {
				t.Fatal(err)
			}
			judged(t, settings, "", tt.want)
			if most := len(tt.has) + 1; s.dials > most {
				t.Errorf("%d connections", s.dials)
			}
		})
	}
}

// A host is what its key says, however often the connection is made anew.
func TestKeyOfAnotherAtReconnect(t *testing.T) {
	bubble(t, func(t *testing.T, s *server, h *Host) {
		run(t, h)
		s.mu.Lock()
		s.keys = []ssh.Signer{newKey(t, "ed25519")}
		s.mu.Unlock()
		s.each(func(c *memConn) { _ = c.Close() })
		_, err := h.Exec(t.Context(), Command{Args: []string{"x"}})
		want(t, err, ErrHostKey, false, "/.ssh/known_hosts has ed25519 ")
	})
}
