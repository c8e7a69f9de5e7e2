package statefile

import (
	"fmt"

	"glusterd-shares/pkg/state"
)

// setting is what one key says that holds for more than the place where it
// stands: for all files, or for each place where a volume stands. The zero
// setting says nothing.
type setting[T comparable] struct {
	value T
	pos   state.Pos
	path  string
}

// settingOf is a key's value with the place where it stands.
func settingOf[T comparable](d *decoder, v value, x T) setting[T] {
	return setting[T]{x, d.pos(v.Node), v.path}
}

func (s setting[T]) said() bool { return s.pos != state.Pos{} }

// or is what the key says, or the default where it is said nowhere.
func (s setting[T]) or(otherwise T) T {
	if s.said() {
		return s.value
	}
	return otherwise
}

// agree takes in what the key says at a further place. To leave it out is to
// leave it to the others, whatever the default is.
func agree[T comparable](p *problems, first *setting[T], further setting[T]) {
	switch {
	case !further.said():
	case !first.said():
		*first = further
	case first.value != further.value:
		p.add(state.Problem{Pos: further.pos, Path: further.path,
			Text: fmt.Sprintf("%s stands here, but %s at %s", quote(fmt.Sprint(further.value)), quote(fmt.Sprint(first.value)), first.pos),
			Mend: "write the same at both, or leave it out at one of them"})
	}
}

// settings are the keys of a file that hold for all files.
type settings struct {
	ssh            ssh
	mountPointBase setting[string]
}

// agree takes in what a further file says.
func (s *settings) agree(p *problems, further settings) {
	agree(p, &s.mountPointBase, further.mountPointBase)
	s.ssh.agree(p, further.ssh)
}
