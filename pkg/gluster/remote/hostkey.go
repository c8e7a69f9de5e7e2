package remote

import (
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// hostKeys judge whether a host is the one that is meant. All errors are *Error.
type hostKeys interface {
	// algorithms are those by which the host may prove itself, the best first.
	// With others it may show a key that isn't known though another one of its
	// keys is.
	algorithms() []string

	// check is nil for a key that is the host's.
	check(key ssh.PublicKey) error

	// again reports whether the key that was refused may be one of several: then
	// algorithms are others now.
	again() bool

	// none is the error for a host that can do none of the algorithms, but these.
	none(has []string) error
}

// Those of keys and those of certificates. SHA-1 is no proof any more: ssh-rsa and
// its certificates are not among them, but keys of that type are, by SHA-2.
var (
	plainAlgorithms = []string{
		ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521,
		ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256,
	}
	certificateAlgorithms = []string{
		ssh.CertAlgoED25519v01, ssh.CertAlgoECDSA256v01, ssh.CertAlgoECDSA384v01, ssh.CertAlgoECDSA521v01,
		ssh.CertAlgoRSASHA512v01, ssh.CertAlgoRSASHA256v01,
	}
)

// algorithmsOf are those of plainAlgorithms by which keys of these types sign.
func algorithmsOf(keyTypes []string) []string {
	var out []string
	for _, a := range plainAlgorithms {
		if slices.Contains(keyTypes, typeOf(a)) {
			out = append(out, a)
		}
	}
	return out
}

// typeOf is the type of the keys that sign by an algorithm.
func typeOf(algorithm string) string {
	if strings.HasPrefix(algorithm, "rsa-sha2-") {
		return ssh.KeyAlgoRSA
	}
	return algorithm
}

// fingerprint gives a key as ssh-keygen -l does: its kind and its hash. Of a
// certificate it is that of the key in it.
func fingerprint(key ssh.PublicKey) string {
	if cert, is := key.(*ssh.Certificate); is {
		key = cert.Key
	}
	return kind(key.Type()) + " " + ssh.FingerprintSHA256(key)
}

// kind is what ssh-keygen -t calls a type of keys.
func kind(keyType string) string {
	switch {
	case strings.HasPrefix(keyType, "ecdsa-"):
		return "ecdsa"
	case strings.HasPrefix(keyType, "ssh-"):
		return strings.TrimPrefix(keyType, "ssh-")
	}
	return keyType
}

// kinds are those of algorithms, each once.
func kinds(algorithms []string) string {
	var out []string
	for _, a := range algorithms {
		if k := kind(typeOf(a)); !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return strings.Join(out, ", ")
}

// look is how an admin sees on the host itself which key it has.
func look(key ssh.PublicKey) string {
	return "on the host, ssh-keygen -lf /etc/ssh/ssh_host_" + kind(key.Type()) + "_key.pub shows the right one"
}
