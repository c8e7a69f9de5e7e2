package gluster

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// entry is a name in a directory, and the letter of its kind.
type entry struct {
	kind byte
	name string
}

// List implements Tree.
func (t *farTree) List(p string, most int) (names []string, more bool, err error) {
	entries, err := t.entries(p, most+1)
	if err != nil {
		return nil, false, err
	}
	for _, e := range entries[:min(len(entries), most)] {
		if e.kind == 'd' {
			names = append(names, e.name)
		}
	}
	slices.Sort(names)
	return names, len(entries) > most, nil
}

// Names implements Tree.
func (t *farTree) Names(p string, most int) ([]string, error) {
	entries, err := t.entries(p, most)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.name)
	}
	return names, nil
}

// entries are what is in a directory, so many at most.
func (t *farTree) entries(p string, most int) ([]entry, error) {
	if _, err := components(p); err != nil {
		return nil, err
	}
	ans, err := t.ask("open", 1, listScript, "", p, strconv.Itoa(most+1))
	if err != nil {
		return nil, err
	}
	var out []entry
	for _, f := range ans.fields()[1:] {
		switch {
		case f == "=0":
			return out, nil
		case f != "" && f[0] == '=':
			return nil, t.host.told(&fs.PathError{Op: "list", Path: p, Err: errnoIn(ans.stderr)})
		case len(f) < 2:
			return nil, t.host.told(errNotUnderstood)
		}
		if len(out) == most {
			return out, nil // and there are more
		}
		out = append(out, entry{f[0], f[1:]})
	}
	return nil, t.host.told(fmt.Errorf("list %s: the list has no end", escape(p, maxShownText)))
}

// ReadFile implements Tree.
func (t *farTree) ReadFile(p string, most int) ([]byte, error) {
	if _, err := components(p); err != nil {
		return nil, err
	}
	ans, err := t.ask("open", 1, readScript, "", path.Dir(p), path.Base(p), strconv.Itoa(most+1))
	if err != nil {
		return nil, err
	}
	text, ok := strings.CutPrefix(ans.text, "ok\x00")
	switch {
	case !ok:
		return nil, t.host.told(errNotUnderstood)
	case len(text) > most:
		return nil, tooLong(p, most)
	}
	return []byte(text), nil
}

// WriteFile implements Tree.
func (t *farTree) WriteFile(p string, text []byte) error {
	if err := notRoot(p); err != nil {
		return err
	}
	_, err := t.change("create", writeScript, string(text), path.Dir(p), path.Base(p), strconv.Itoa(len(text)))
	return err
}

// Remove implements Tree.
func (t *farTree) Remove(p string) error {
	if err := mustBeTrash(p); err != nil {
		return err
	}
	_, err := t.change("remove", removeScript, "", path.Dir(p), path.Base(p))
	return err
}

// RemoveSome implements Tree.
func (t *farTree) RemoveSome(p string, most int) (removed int, all bool, err error) {
	if err := mustBeTrash(p); err != nil {
		return 0, false, err
	}
	ans, err := t.change("remove", removeSomeScript, "", path.Dir(p), path.Base(p), strconv.Itoa(most))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, true, nil
	case err != nil:
		return 0, false, err
	}
	fields := ans.fields()
	if len(fields) != 4 {
		return 0, false, t.host.told(errNotUnderstood)
	}
	removed = strings.Count(fields[1], "x")
	switch {
	case errors.Is(errnoIn(fields[3]), fs.ErrNotExist):
		return removed, true, nil
	case removed > 0:
		// What is left may go at the next time: a file system may pass over
		// names while others are removed.
		return removed, false, nil
	}
	first, _, _ := strings.Cut(fields[2], "\n")
	return removed, true, t.host.told(fmt.Errorf("remove %s: %w", escape(p, maxShownText), errnoIn(first)))
}
