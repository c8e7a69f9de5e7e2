package sandbox

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"

	"glusterd-shares/pkg/gluster"
	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

const setUsage = "volume set <VOLNAME> group <GROUP>"

// option is one option as it is to be set.
type option struct{ key, value string }

// volumeSet is volume set VOLUME KEY VALUE [KEY VALUE...].
func (c *cluster) volumeSet(args []string) (gluster.Answer, error) {
	options, ok := readOptions(args[1:])
	if !ok {
		return usage(setUsage), nil
	}
	err := c.set(args[0], options)
	return c.settle(err, func(d *document, failed *refusal) {
		d.leaf("cliOp", "volSet")
		if failed != nil {
			d.leaf("output", "Set volume unsuccessful")
		} else {
			d.leaf("output", "Set volume successful")
		}
	})
}

// readOptions reads keys and values as the CLI does, which drops all white
// space from a value, but not of the user's own options.
func readOptions(args []string) (options []option, ok bool) {
	if len(args)%2 != 0 {
		return nil, false
	}
	for pair := range slices.Chunk(args, 2) {
		o := option{pair[0], pair[1]}
		if !isUserOption(o.key) {
			o.value = dropSpace(o.value)
		}
		if o.value == "" || o.key == "group" {
			return nil, false
		}
		options = append(options, o)
	}
	return options, true
}

func dropSpace(s string) string {
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// settle makes an answer of what has come of a command: a refusal or a death
// of glusterd is an answer like any other.
func (c *cluster) settle(err error, body func(*document, *refusal)) (gluster.Answer, error) {
	var failed *refusal
	switch {
	case errors.Is(err, errDied):
		return connectionFailed, nil
	case err != nil && !errors.As(err, &failed):
		return gluster.Answer{Code: -1}, err
	}
	return answer(failed, func(d *document) { body(d, failed) }), nil
}

// errDied tells that glusterd has died and what was in its memory is gone.
var errDied = errors.New("glusterd died")

// step is a point at which glusterd may be killed.
func (c *cluster) step(what, volume string) error {
	if err := c.sandbox.step("%s %s", what, volume); err != nil {
		return c.killed()
	}
	return nil
}

func (c *cluster) killed() error {
	if err := c.die(); err != nil {
		return err
	}
	return errDied
}

// set does what glusterd does: it checks all options, changes all of them in
// memory, of every volume where they are global, and then stores and serves
// one volume after the other (glusterd-op-sm.c:2834). A volume that is not
// started is stored only.
func (c *cluster) set(name string, options []option) error {
	if err := c.step("validate", name); err != nil {
		return err
	}
	if err := c.validate(name, options); err != nil {
		return err
	}
	affected := []string{name}
	if slices.ContainsFunc(options, func(o option) bool { return nfsOptions[o.key].global }) {
		affected = c.names()
	}
	return c.commit(name, affected, options)
}

// commit changes options of the affected volumes in memory, then stores and
// serves one volume after the other.
func (c *cluster) commit(name string, affected []string, options []option) error {
	before := maps.Clone(c.volumes[name].memory)
	for _, volume := range affected {
		if err := c.remember(volume, name, options); err != nil {
			return err
		}
	}
	for _, volume := range affected {
		if err := c.store(volume); err != nil {
			return err
		}
		if err := c.reload(volume, before); err != nil {
			return err
		}
	}
	return nil
}

// validate refuses what glusterd refuses. nfs.export-dir changes on the way: its
// double slashes go (glusterd-volgen.c:4635).
func (c *cluster) validate(name string, options []option) error {
	if c.volumes[name] == nil {
		return noVolume(name)
	}
	for i, o := range options {
		if isUserOption(o.key) {
			continue
		}
		if err := checkOption(o.key); err != nil {
			return err
		}
		if o.key == "features.quota" || o.key == "features.inode-quota" {
			return refuse(" 'gluster volume set <VOLNAME> %s %s' is deprecated. Use 'gluster volume quota <VOLNAME> %s' instead.",
				o.key, o.value, map[bool]string{true: "enable", false: "disable"}[o.value == "on"])
		}
		nfs, ok := nfsOptions[o.key]
		if !ok {
			continue
		}
		if o.key == "nfs.export-dir" {
			options[i].value = canonicalPath(o.value)
		}
		if text := nfs.valid(c.printedName(o.key), options[i].value); text != "" {
			return refuse("%s", text)
		}
	}
	return nil
}

// printedName is an option's name in the text of a refusal. Whatever volume is
// set, it has the name of the cluster's first one.
func (c *cluster) printedName(option string) string { return mountd.PrintedName(option, c.names()[0]) }

// canonicalPath is gf_canonicalize_path (common-utils.c:3182): every run of
// slashes becomes one, and one at the end goes.
func canonicalPath(s string) string {
	if s == "/" || !strings.HasPrefix(s, "/") {
		return s
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' })
	if len(parts) == 0 {
		return ""
	}
	return "/" + strings.Join(parts, "/")
}

// remember changes one volume in memory: global options, and of the volume
// that was named all.
func (c *cluster) remember(volume, named string, options []option) error {
	if err := c.step("remember", volume); err != nil {
		return err
	}
	v := c.volumes[volume]
	v.memory = maps.Clone(v.memory)
	for _, o := range options {
		if volume == named || nfsOptions[o.key].global {
			v.memory[o.key] = o.value
		}
	}
	return v.save()
}

// lineLimit is how long a line of glusterd's file of a volume may be, with "=",
// its end and a zero byte. Nothing checks it: a little more goes well by luck,
// and from some point on glusterd is aborted (glusterd-store.c:646).
const (
	lineLimit = 4093
	lineLuck  = 8
)

// store writes one volume's memory to disk.
func (c *cluster) store(volume string) error {
	if err := c.step("store", volume); err != nil {
		return err
	}
	v := c.volumes[volume]
	for key, value := range v.memory {
		if len(key)+len(value)+len("=\n\x00") > lineLimit+lineLuck {
			return c.killed()
		}
	}
	v.stored = v.memory
	return v.save()
}

// reload tells the NFS server, which glusterd does for the options of all
// volumes at once. Where that fails, the volume's options in memory become
// those that the volume named in the command had before, be it another one;
// on disk they are what was stored (seen on 10.3).
func (c *cluster) reload(volume string, before table) error {
	v := c.volumes[volume]
	if !v.started {
		return nil
	}
	if err := c.step("reload", volume); err != nil {
		return err
	}
	failed := c.server.Reload(c.config(inMemory))
	if failed != nil {
		v.memory = before
	}
	if err := c.saveServer(); err != nil {
		return err
	}
	if failed != nil {
		return refuse("Commit failed on localhost. Please check the log file for more details.")
	}
	return nil
}
