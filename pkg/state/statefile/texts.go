package statefile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"slices"

	"glusterd-shares/pkg/state"
)

// Texts are the state files that some paths name as they were read once: what is
// hashed is what is parsed.
type Texts struct {
	files  []File
	unread []state.Problem
}

// Read reads the state files that the paths name, without understanding them. It
// can be repeated, as Load can't where it is given something that is used up by
// reading: standard input, and what is neither a file nor a directory, is a
// mistake here. Each call looks for the files afresh.
func Read(paths []string) Texts { return (&finder{}).read(paths) }

// ReadOnce is Read for one time, where what the paths name may be used up by it, and
// "-" is stdin, which may be nil otherwise.
func ReadOnce(paths []string, stdin io.Reader) Texts {
	return (&finder{stdin: stdin, waits: true}).read(paths)
}

// Files are those that could be read, in the order of their names.
func (t Texts) Files() []File { return t.files }

func (f *finder) read(paths []string) Texts {
	f.find(paths)
	files, unread := readAll(f.sources)
	return Texts{files, append(f.problems, unread...)}
}

// Parse puts together what the texts say, as Load does.
func (t Texts) Parse() (state.Desired, error) { return parse(t.files, t.unread) }

// Hash is the same for two readings that Parse can't tell apart: of the same
// names, the same bytes, and the same trouble with reading them.
func (t Texts) Hash() [sha256.Size]byte {
	sum := sha256.New()
	piece := func(text []byte) {
		// Its length first, so that nothing can move from one piece to the next.
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(text))))
		sum.Write(text)
	}
	piece(binary.BigEndian.AppendUint64(nil, uint64(len(t.files))))
	for _, f := range t.files {
		piece([]byte(f.Name))
		piece(f.Text)
	}
	for _, problem := range t.unread {
		piece([]byte(problem.Error()))
	}
	return [sha256.Size]byte(sum.Sum(nil))
}

// Ended reports whether each text has come to its end as texts do, with a newline. One
// that has not may be half of what somebody is writing.
func (t Texts) Ended() bool {
	return !slices.ContainsFunc(t.files, func(f File) bool { return len(f.Text) > 0 && !bytes.HasSuffix(f.Text, []byte("\n")) })
}
