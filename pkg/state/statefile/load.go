package statefile

import (
	"fmt"
	"io"
	"os"

	"glusterd-shares/pkg/state"
)

// maxBytes is how large all state files together may be. Ten thousand shares of
// ten clients each, every client with a note, come to about 9 MiB.
const maxBytes = 16 << 20

// Load reads one state file. path is a file's name, or "-" for stdin, which
// may be nil otherwise. Where the file can be read but not accepted, the error
// is as Parse gives it; every other error wraps what the system said.
func Load(path string, stdin io.Reader) (state.Desired, error) {
	if path == "-" {
		return load("stdin", stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return state.Desired{}, fmt.Errorf("the state file can't be read: %w", err)
	}
	defer f.Close()
	return load(path, f)
}

func load(name string, r io.Reader) (state.Desired, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return state.Desired{}, fmt.Errorf("the state file can't be read: %w", err)
	}
	return Parse(File{name, text})
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
	s := &set{}
	if len(files) == 0 {
		s.problems.add(state.Problem{Text: "there is nothing to read", Mend: "name a state file"})
	}
	want := s.decode(files)
	if err := s.problems.err(); err != nil {
		return state.Desired{}, err
	}
	return want, nil
}
