package statefile

import (
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"glusterd-shares/pkg/state"
)

const (
	// componentPattern is what a part of a share's name may be. This list of
	// what is allowed is a security control: what it lets through can't be
	// mistaken for anything else in an option of Gluster, a path or a
	// command. Gluster 10.3 takes blanks out of an option's value, cuts it at
	// commas and parentheses, and does not start its NFS server any more
	// after a quote or a backslash.
	componentPattern = `[A-Za-z0-9_][A-Za-z0-9._+@-]*`
	namePattern      = `^` + componentPattern + `(/` + componentPattern + `)*$`

	maxComponent = 255 // bytes; the limit of Linux file systems
)

var component = regexp.MustCompile(`^` + componentPattern + `$`)

// shareName reads the name of a share. A name that can't be used comes back
// empty.
func (d *decoder) shareName(v value) string {
	if d.fault(v, nameFault(v.Value)) {
		return ""
	}
	return v.Value
}

func nameFault(name string) fault {
	bare := strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '/' }), "/")
	parts := strings.Split(name, "/")
	owner, isReserved := state.Reserved[strings.SplitN(bare, "/", 2)[0]]
	switch {
	case bare == "":
		return fault{quote(name) + " names no directory", "write one below the volume's root, such as alpha; a volume can't be shared as a whole"}
	case isReserved:
		return fault{quote(name) + " is " + owner, "choose another directory"}
	case strings.HasPrefix(name, "/"):
		return fault{quote(name) + " begins with a slash, but names are relative to the volume's root", "write " + bare}
	case bare != name:
		return fault{quote(name) + " has a slash too many", "write " + bare}
	}
	for _, part := range parts {
		if f := componentFault(part); f.found() {
			return f
		}
	}
	return fault{}
}

func componentFault(part string) fault {
	switch {
	case part == "." || part == "..":
		return fault{quote(part) + " in a name", "write the way from the volume's root without it"}
	case strings.HasSuffix(part, ".."): // Gluster 10.3 refuses a value that holds ../ anywhere
		return fault{quote(part) + " ends in two dots, which Gluster takes for a way up", "choose another name"}
	case len(part) > maxComponent:
		return faultf("shorten it", "the part %s has %d bytes, the limit is %d", quote(part), len(part), maxComponent)
	case !component.MatchString(part):
		return fault{badCharacter(part), "use letters, digits and . _ + @ -, and begin with a letter, a digit or _"}
	}
	return fault{}
}

// badCharacter names what keeps part from being a component.
func badCharacter(part string) string {
	for i, r := range part {
		if s := string(r); !component.MatchString("a" + s) {
			return fmt.Sprintf("%s holds the character %q", quote(part), s)
		} else if i == 0 && !component.MatchString(s) {
			return fmt.Sprintf("%s begins with %q", quote(part), s)
		}
	}
	return quote(part) + " is no name" // not reached: one of its characters is to blame
}

// Name is a share's name as a state file has it: quoted where YAML would read
// something else, such as the number 2024.
func Name(name string) string {
	text, err := yaml.Marshal(name)
	if err != nil {
		return quote(name)
	}
	return strings.TrimSuffix(string(text), "\n")
}
