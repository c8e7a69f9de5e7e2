package remote

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"glusterd-shares/pkg/state"
)

// Secret is a text that is never printed: fmt and slog show that there is one,
// wherever it is. The zero Secret is none.
type Secret struct {
	text *string // fmt can't follow it out of a field that is not exported
}

// NewSecret makes a secret of a text; of an empty one, none.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// reveal gives the text.
func (s Secret) reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Format implements fmt.Formatter.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// MarshalText keeps the secret out of JSON and of logs.
func (Secret) MarshalText() ([]byte, error) { return []byte("[secret]"), nil }

// maxSecretFile is more than any key has bytes.
const maxSecretFile = 1 << 20

// readSecretFile reads a file that must be its owner's alone. What is wrong with
// it is told with the mend. The text of one that others may use comes with the error:
// it may be no secret at all.
func readSecretFile(path string) ([]byte, error) {
	// Something that is no file must not be waited for.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a plain file", path)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxSecretFile+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxSecretFile {
		return nil, fmt.Errorf("%s is longer than %d bytes: no key, no password", path, maxSecretFile)
	}
	return text, private(info, path)
}

// private makes sure that nobody else can read the file.
func private(info fs.FileInfo, path string) error {
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return state.Advised(fmt.Errorf("%s is a secret that others may use (its mode is %04o)", path, mode), "take that from them: chmod 600 "+quote(path))
	}
	if st, is := info.Sys().(*syscall.Stat_t); is && int(st.Uid) != os.Geteuid() && st.Uid != 0 {
		return state.Advised(fmt.Errorf("%s is a secret that belongs to another user (%d)", path, st.Uid), fmt.Sprintf("take it over: chown %d %s", os.Geteuid(), quote(path)))
	}
	return nil
}

// readSecretLine reads a file that holds one line: a password or a passphrase.
func readSecretLine(path string) (Secret, error) {
	text, err := readSecretFile(path)
	if err != nil {
		return Secret{}, err
	}
	line := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	switch {
	case line == "":
		return Secret{}, fmt.Errorf("%s is empty; write the secret into it, on one line", path)
	case strings.ContainsAny(line, "\r\n\x00"):
		return Secret{}, fmt.Errorf("%s holds more than one line; write nothing but the secret into it", path)
	}
	return NewSecret(line), nil
}
