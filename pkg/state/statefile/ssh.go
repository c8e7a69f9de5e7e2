package statefile

import (
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// ssh is how hosts are reached, while it is read.
type ssh struct {
	privateKey, passphraseFile, passwordFile, knownHosts, fingerprint setting[string]

	port, connectTimeout setting[int]
	become               setting[bool]
	pos                  state.Pos
}

// agree takes in what a further file says.
func (s *ssh) agree(p *problems, further ssh) {
	agree(p, &s.privateKey, further.privateKey)
	agree(p, &s.passphraseFile, further.passphraseFile)
	agree(p, &s.passwordFile, further.passwordFile)
	agree(p, &s.knownHosts, further.knownHosts)
	agree(p, &s.fingerprint, further.fingerprint)
	agree(p, &s.port, further.port)
	agree(p, &s.connectTimeout, further.connectTimeout)
	agree(p, &s.become, further.become)
	if s.pos == (state.Pos{}) {
		s.pos = further.pos
	}
}

func (s *ssh) desired() state.SSH {
	return state.SSH{
		PrivateKey: s.privateKey.value, PassphraseFile: s.passphraseFile.value, PasswordFile: s.passwordFile.value,
		KnownHosts: s.knownHosts.value, HostKeyFingerprint: s.fingerprint.value,
		Port: s.port.value, ConnectTimeout: s.connectTimeout.value, Become: s.become.value, Pos: s.pos,
	}
}

// instead is what to write in place of keys that there are not.
type instead struct {
	words string // the keys, parted by blanks: in lower case, without _ and -
	mend  string
}

// sshInstead are those that other programs have for what is said of SSH here.
var sshInstead = []instead{
	{"password passwd pass sshpass", `no secret stands in a state file; write "password_file", the path of a file that holds it, or set GLUSTERD_SHARES_SSH_PASSWORD`},
	{"passphrase privatekeypassphrase keypassphrase", `no secret stands in a state file; write "private_key_passphrase_file", the path of a file that holds it`},
	{"passphrasefile keypassphrasefile", `write "private_key_passphrase_file"`},
	{"user username login remoteuser ansibleuser", "write the user into the target: user@host:/volume"},
	{"host hostname hosts address server", "write the host into the target: user@host:/volume"},
	{"key sshkey keyfile keypath privatekeyfile identity identityfile identitiesonly", `write "private_key", the path of the key's file`},
	{"cert certificate certfile certificatefile", `remove it: the certificate is taken from FILE-cert.pub beside "private_key"`},
	{"userknownhostsfile knownhostsfile", `write "known_hosts"`},
	{"stricthostkeychecking hostkeychecking insecure insecureskipverify", `remove it: the host's key is always checked; "known_hosts" or "host_key_fingerprint" says which is right`},
	{"hostkey fingerprint", `write "host_key_fingerprint": SHA256: and what follows it in ssh-keygen -lf`},
	{"timeout connectiontimeout", `write "connect_timeout", a number of seconds`},
	{"sudo usesudo becomemethod becomeuser", `write "become: true": sudo makes the user root`},
	{"sudopassword becomepassword becomepass", "remove it: sudo must not ask for a password; doctor --print-sudoers prints what allows that"},
	{"proxyjump proxycommand jumphost bastion", "remove it: run the program on the jump host, or forward a port: ssh -N -L 127.0.0.1:2222:HOST:22 JUMP"},
}

// mendOf is what to write instead of a word; empty where it is none of these.
func mendOf(all []instead, word string) string {
	word = strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(word))
	for _, i := range all {
		if slices.Contains(strings.Fields(i.words), word) {
			return i.mend
		}
	}
	return ""
}
