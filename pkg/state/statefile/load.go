package statefile

import (
	"io"

	"glusterd-shares/pkg/state"
)

// maxBytes is how large all state files together may be. Ten thousand shares of
// ten clients each, every client with a note, come to about 9 MiB.
const maxBytes = 16 << 20

// Load reads the state files that the paths name and puts together what they
// say. A path is a file's name, a directory's, for all state files below it, or
// "-" for stdin, which may be nil otherwise. The error is as Parse gives it, and
// tells as well of what can't be read. Each call looks for the files afresh.
func Load(paths []string, stdin io.Reader) (state.Desired, error) {
	return ReadOnce(paths, stdin).Parse()
}

// File is the text of a state file.
type File struct {
	Name string // what positions call it
	Text []byte
}

// Parse puts together what the files say, whatever their order. The error is nil
// or a *multierror.Error with a state.Problem for each mistake, in the order of
// the files' names and in each of the positions; Problems gets them out again.
// With an error the result is the zero Desired: half a state is never acted on.
func Parse(files ...File) (state.Desired, error) {
	return parse(files, nil)
}

// parse is Parse where there is more that can't be read.
func parse(files []File, unread []state.Problem) (state.Desired, error) {
	s := &set{partial: len(unread) > 0}
	for _, problem := range unread {
		s.problems.add(problem)
	}
	if len(files) == 0 && !s.partial {
		s.problems.add(state.Problem{Text: "there is nothing to read", Mend: "name a state file"})
	}
	want := s.decode(files)
	if err := s.problems.err(); err != nil {
		return state.Desired{}, err
	}
	return want, nil
}
