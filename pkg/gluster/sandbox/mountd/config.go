package mountd

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// Config is what glusterd makes of the options of all volumes when it writes
// the NFS server's configuration: the volumes by name.
type Config map[string]Volume

// Volume is one volume of a cluster.
type Volume struct {
	ID      string
	Started bool
	Options map[string]string // as volume info shows them
}

// names are the volumes in the order in which glusterd lists them
// (glusterd_compare_volume_name).
func (c Config) names() []string { return slices.Sorted(maps.Keys(c)) }

// Served are the volumes that the NFS server serves, in order: started, and
// nfs.disable is off or not set (glusterd-volgen.c:4965).
func (c Config) Served() []string {
	return slices.DeleteFunc(c.names(), func(name string) bool {
		v := c[name]
		disabled, err := parseBool(v.Options["nfs.disable"], false)
		return !v.Started || disabled || err != nil
	})
}

// global is the value of an option that the NFS server has only once. All
// volumes count, also those that are not served, and the last one that carries
// the option wins.
func (c Config) global(key string) (value string) {
	for _, name := range c.names() {
		if v, ok := c[name].Options[key]; ok {
			value = v
		}
	}
	return value
}

// switchedOn reads a global option that is a boolean. A value that is none
// leaves the default.
func (c Config) switchedOn(key string, byDefault bool) bool {
	on, _ := parseBool(c.global(key), byDefault)
	return on
}

func nfsOptions(options map[string]string) map[string]string {
	out := maps.Clone(options)
	maps.DeleteFunc(out, func(key, _ string) bool { return !strings.HasPrefix(key, "nfs.") })
	return out
}

// ErrSyntax tells that glusterd can't parse the NFS server's configuration that
// it has written.
var ErrSyntax = errors.New("a syntax error in the NFS server's configuration")

// breaksSyntax reports whether the configuration can't be parsed: values stand
// in it without quotes, so that one with a double quote or a backslash breaks
// it (graph-print.c:74).
func (c Config) breaksSyntax() bool {
	for _, v := range c {
		for _, value := range nfsOptions(v.Options) {
			if strings.ContainsAny(value, "\"\\") {
				return true
			}
		}
	}
	return false
}

func (c Config) clone() Config {
	out := Config{}
	for name, v := range c {
		out[name] = Volume{ID: v.ID, Started: v.Started, Options: maps.Clone(v.Options)}
	}
	return out
}
