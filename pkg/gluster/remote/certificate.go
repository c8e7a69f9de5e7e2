package remote

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"glusterd-shares/pkg/state"
)

// withCertificate is the key with the certificate that lies beside it, and why the
// host may not take that for the user, who has to decide it all the same: it has the
// clock that counts, and may know other names for the user.
func withCertificate(path string, signer ssh.Signer, user string) (id identity, doubts []string, err error) {
	beside := path + "-cert.pub"
	cert, err := readCertificate(beside)
	if err != nil {
		return id, nil, err
	}
	if !bytes.Equal(cert.Key.Marshal(), signer.PublicKey().Marshal()) {
		return id, nil, state.Advised(fmt.Errorf("%s is the certificate of another key, %s, than %s", beside, fingerprint(cert), path), "have this key signed")
	}
	certified, err := ssh.NewCertSigner(cert, signer)
	if err != nil {
		return id, nil, fmt.Errorf("%s can't be used with its key: %w", beside, err)
	}
	usable, err := algorithmSigner(path, certified)
	return identity{path, usable, cert}, doubtsOf(beside, cert, user), err
}

// readCertificate reads the certificate of a user that has not expired.
func readCertificate(file string) (*ssh.Certificate, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	public, _, _, _, err := ssh.ParseAuthorizedKey(text)
	cert, is := public.(*ssh.Certificate)
	switch {
	case err != nil || !is:
		return nil, fmt.Errorf("%s is not a certificate", file)
	case cert.CertType != ssh.UserCert:
		return nil, fmt.Errorf("%s is the certificate of a host, not of a user", file)
	case cert.ValidBefore != ssh.CertTimeInfinity && !time.Now().Before(moment(cert.ValidBefore)):
		return nil, state.Advised(fmt.Errorf("%s was good until %s", file, instant(cert.ValidBefore)), "have the key signed anew")
	}
	return cert, nil
}

// doubtsOf are why the host may not take a certificate for the user.
func doubtsOf(file string, cert *ssh.Certificate, user string) (doubts []string) {
	if time.Now().Before(moment(cert.ValidAfter)) {
		doubts = append(doubts, fmt.Sprintf("%s is good from %s on and no sooner: see the clock of this machine, and wait or have the key signed anew", file, instant(cert.ValidAfter)))
	}
	switch names := cert.ValidPrincipals; {
	case len(names) == 0:
		doubts = append(doubts, fmt.Sprintf("%s names nobody whom it is for: have the key signed with ssh-keygen -n %s", file, user))
	case !slices.Contains(names, user):
		doubts = append(doubts, fmt.Sprintf("%s is for %s, and not for %s: have the key signed with ssh-keygen -n %s", file, list(names), user, user))
	}
	return doubts
}

// about is what to know of a certificate that a host doesn't take.
func about(cert *ssh.Certificate) string {
	until := "for ever"
	if cert.ValidBefore != ssh.CertTimeInfinity {
		until = "until " + instant(cert.ValidBefore)
	}
	with := ""
	if len(cert.CriticalOptions) > 0 {
		with = ", with " + list(slices.Sorted(maps.Keys(cert.CriticalOptions)))
	}
	return fmt.Sprintf("for %s, good %s, signed by %s%s", list(cert.ValidPrincipals), until, fingerprint(cert.SignatureKey), with)
}

func list(words []string) string { return said(strings.Join(words, ", ")) }

func moment(seconds uint64) time.Time { return time.Unix(int64(seconds), 0) }

func instant(seconds uint64) string { return moment(seconds).UTC().Format(time.RFC3339) }
