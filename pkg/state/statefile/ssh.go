package statefile

import (
	"glusterd-shares/pkg/state"
)

// ssh is how hosts are reached, while it is read.
type ssh struct {
	privateKey, knownHosts setting[string]
	port                   setting[int]
	pos                    state.Pos
}

// agree takes in what a further file says.
func (s *ssh) agree(p *problems, further ssh) {
	agree(p, &s.privateKey, further.privateKey)
	agree(p, &s.knownHosts, further.knownHosts)
	agree(p, &s.port, further.port)
	if s.pos == (state.Pos{}) {
		s.pos = further.pos
	}
}

func (s *ssh) desired() state.SSH {
	return state.SSH{PrivateKey: s.privateKey.value, KnownHosts: s.knownHosts.value, Port: s.port.value, Pos: s.pos}
}
