package statefile

import (
	"fmt"
	"io"
	"os"

	"glusterd-shares/pkg/state"
)

// maxBytes is the largest state file that is read. Ten thousand shares of ten
// clients each, every client with a note, come to about 9 MiB.
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
	return Parse(name, text)
}

// Parse reads a state file's text; file is what positions call it. The error
// is nil or a *multierror.Error with a state.Problem for each mistake, in the
// order of the file; Problems gets them out again. With an error the result is
// the zero Desired: half a state file is never acted on.
func Parse(file string, text []byte) (state.Desired, error) {
	d := &decoder{file: file}
	want := d.decode(text)
	if err := d.problems.err(); err != nil {
		return state.Desired{}, err
	}
	return want, nil
}
