package statefile

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"

	"glusterd-shares/pkg/state"
)

// DefaultMountPointBase is where volumes are mounted when no state file says
// anything else.
const DefaultMountPointBase = "/run/glusterd-shares"

const (
	defaultServer = "gluster-nfs"

	mountPointBasePattern = `^(/[A-Za-z0-9._+@-]+)+$`

	// maxNote is how many characters a note may have.
	maxNote = 200
)

var (
	mountPointBase = regexp.MustCompile(mountPointBasePattern)

	pathShape       = shape{forms: textForm, what: "a path that begins with / or ~/", pattern: `^(/|~/)`}
	secretPathShape = shape{forms: textForm, what: "the path of the secret's file, which begins with / or ~/", pattern: `^(/|~/)`, secret: true}
	portShape       = shape{forms: numberForm, what: "a number from 1 to 65535", min: 1, max: 65535}

	secondsShape = shape{forms: numberForm, what: "a number of seconds from 1 to 600", min: 1, max: 600}

	fingerprintShape = shape{forms: textForm, what: "a fingerprint such as SHA256:...", pattern: `^SHA256:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$`}
)

// decoder reads one file of a set.
type decoder struct {
	*set
	file string
}

// document reads a file as far as it can be read by itself; what may need the
// groups of other files is left for later. It is nil where the file can't be
// judged.
func (d *decoder) document(text []byte) *document {
	before := d.problems.mark()
	root := d.root(text)
	if root == nil || !d.inspect(root) {
		return nil
	}
	top := value{root, ""}
	if !d.fits(top, shape{forms: mappingForm, what: `a mapping: "version: 1", "volumes: [...]"`}) {
		return nil
	}
	doc := &document{}
	doc.place = read(d, fileSection, top, doc)
	if doc.foreign != nil {
		d.problems.backTo(before)
		d.problems.add(*doc.foreign)
		return nil
	}
	return doc
}

// root reads a file's text as YAML; nil where it is none.
func (d *decoder) root(text []byte) *yaml.Node {
	if d.bytes += len(text); d.bytes > maxBytes {
		d.tooMuch(state.Problem{Pos: state.Pos{File: d.file}}, "the file is larger than 16 MiB", "the files up to this one come to more than 16 MiB")
		return nil
	}
	var root *yaml.Node
	text, problem := plainText(d.file, text)
	if problem == nil {
		root, problem = oneDocument(d.file, text)
	}
	if problem != nil {
		d.problems.add(*problem)
	}
	return root
}

// tooMuch tells that there is more than is read: in the one file, or in all of
// them up to this one. The files behind it are left alone, since each would
// only say the same.
func (d *decoder) tooMuch(at state.Problem, one, all string) {
	d.full = true
	at.Text, at.Mend = one, "name clients that many shares have in common as a group in host_groups"
	if d.begun > 1 {
		at.Text = all
	}
	d.problems.add(at)
}

// problem reports what is wrong with a value.
func (d *decoder) problem(v value, text, mend string) {
	d.problems.add(state.Problem{Pos: d.pos(v.Node), Path: v.path, Text: text, Mend: mend})
}

// fault reports a fault of a value, if it is one.
func (d *decoder) fault(v value, f fault) bool {
	if f.found() {
		d.problem(v, f.text, f.mend)
	}
	return f.found()
}

// version accepts the one version there is. A file of another is not judged
// any further: what its keys mean is unknown.
func (d *decoder) version(v value, doc *document) {
	if v.Value != version {
		doc.foreign = &state.Problem{Pos: d.pos(v.Node), Path: v.path,
			Text: fmt.Sprintf("version %s of the format is not known", v.Value), Mend: `this program reads "version: 1"`}
	}
}

// number reads a number that has to lie within the bounds of its key's shape.
func (d *decoder) number(v value, s shape) int {
	n, err := strconv.Atoi(v.Value)
	if err != nil || strconv.Itoa(n) != v.Value || n < s.min || n > s.max {
		d.problem(v, "the number "+v.Value+" can't stand here", "write "+s.what)
	}
	return n
}

func (d *decoder) mountPointBase(v value) string {
	switch p := v.Value; {
	case !strings.HasPrefix(p, "/"):
		d.problem(v, quote(p)+" is not an absolute path", "write it from the root: "+DefaultMountPointBase)
	case path.Clean(p) != p:
		d.problem(v, quote(p)+" is a roundabout path", "write "+path.Clean(p))
	case !mountPointBase.MatchString(p):
		d.problem(v, quote(p)+" can't hold mount points", "write a directory of its own, of letters, digits and . _ + @ -, such as "+DefaultMountPointBase)
	}
	return v.Value
}

// keyFile reads the path of a file of ssh. One that is wrong says nothing.
func (d *decoder) keyFile(v value, s shape) setting[string] {
	switch p := v.Value; {
	case strings.ContainsFunc(p, unprintable):
		d.problem(v, s.show(v)+" holds a character that can't be printed", "remove it")
	case !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "~/") && s.secret:
		d.problem(v, s.show(v)+" is no path that begins with / or ~/", "write "+s.what)
	case !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "~/"):
		d.problem(v, s.show(v)+" depends on where the program is started", "write "+s.what)
	default:
		return settingOf(d, v, p)
	}
	return setting[string]{}
}

var fingerprint = regexp.MustCompile(fingerprintShape.pattern)

// fingerprint reads the fingerprint of a host's key.
func (d *decoder) fingerprint(v value) string {
	if !fingerprint.MatchString(v.Value) {
		d.problem(v, quote(v.Value)+" is not the SHA256 fingerprint of a key", "write SHA256: and the 43 characters that this shows on the host: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub")
	}
	return v.Value
}

func (d *decoder) note(v value) string {
	switch n := len([]rune(v.Value)); {
	case strings.ContainsFunc(v.Value, unprintable):
		d.problem(v, "the note holds a line break or another character that can't be printed", "write it on one line")
	case n > maxNote:
		d.problem(v, fmt.Sprintf("the note has %d characters, the limit is %d", n, maxNote), "shorten it")
	}
	return v.Value
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }
