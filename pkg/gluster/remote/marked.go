package remote

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// maxNoise is how much a login shell may print before the command, in bytes.
const maxNoise = 1 << 20

// errNoisy: the login shell prints and prints.
var errNoisy = errors.New("the login shell printed more than 1 MiB before the command")

// marked is a stream that begins after the line with the mark. What stands before
// it is the login shell's.
type marked struct {
	r     *bufio.Reader
	mark  string
	found string // what the line says behind the mark; empty: it has not come
	noise strings.Builder
	begun chan struct{} // closed when the line with the mark has come
}

func newMarked(r io.Reader, mark string) *marked {
	return &marked{r: bufio.NewReader(r), mark: mark + ":", begun: make(chan struct{})}
}

// begin reads up to the mark and tells what it says. The error is io.EOF where the
// stream ends without one.
func (m *marked) begin() (string, error) {
	for m.found == "" {
		line, err := m.r.ReadSlice('\n')
		text := string(line)
		if said, is := strings.CutPrefix(text, m.mark); is && err == nil {
			m.found = strings.TrimSuffix(said, "\n")
			close(m.begun)
			break
		}
		m.noise.WriteString(text)
		if m.noise.Len() > maxNoise {
			return "", errNoisy
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
	}
	return m.found, nil
}

// Read reads what comes after the mark.
func (m *marked) Read(p []byte) (int, error) {
	if _, err := m.begin(); err != nil {
		return 0, err
	}
	return m.r.Read(p)
}
