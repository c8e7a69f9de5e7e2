package statefile

import (
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
