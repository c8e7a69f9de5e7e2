package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// table is a file of lines "key: value", sorted by key. A value that would not
// come back from its line as it is stands in Go's quotes.
type table map[string]string

// readTable reads a table; found is false where there is no such file. The
// error names file and line.
func readTable(path string) (t table, found bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	t = table{}
	for i, line := range strings.Split(string(text), "\n") {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := t.readLine(line); err != nil {
			return nil, true, fmt.Errorf("%s:%d: %w", path, i+1, err)
		}
	}
	return t, true, nil
}

func (t table) readLine(line string) error {
	// No answer in XML could hold it.
	if i := strings.IndexFunc(line, func(r rune) bool { return r < ' ' && r != '\t' && r != '\r' }); i >= 0 {
		return fmt.Errorf("the line holds the control character %U; remove it", line[i])
	}
	key, value, ok := strings.Cut(line, ": ")
	if !ok || key == "" || strings.TrimSpace(key) != key {
		return fmt.Errorf("%q is not \"key: value\"", line)
	}
	if _, twice := t[key]; twice {
		return fmt.Errorf("%s stands here a second time; remove one of the two", key)
	}
	value = strings.TrimSpace(value)
	if strings.HasPrefix(value, `"`) {
		unquoted, err := strconv.Unquote(value)
		if err != nil {
			return fmt.Errorf("%s: a value that begins with a quote is quoted as in Go, and this one isn't: %s", key, value)
		}
		value = unquoted
	}
	if value == "" {
		return fmt.Errorf("%s has no value; remove the line instead", key)
	}
	t[key] = value
	return nil
}

// write replaces the file in one step, so that who reads it meanwhile sees all
// of the old or all of the new one.
func (t table) write(path string) error {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(&b, "%s: %s\n", key, quote(t[key]))
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(b.String())
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

func quote(value string) string {
	plain := func(r rune) bool { return r >= ' ' && r != 0x7f }
	odd := strings.ContainsFunc(value, func(r rune) bool { return !plain(r) })
	if odd || strings.HasPrefix(value, `"`) || strings.TrimSpace(value) != value {
		return strconv.Quote(value)
	}
	return value
}

// readTableOr reads a table that stands for another where it is missing.
func readTableOr(path string, missing table) (table, error) {
	t, found, err := readTable(path)
	if err == nil && !found {
		t = maps.Clone(missing)
	}
	return t, err
}
