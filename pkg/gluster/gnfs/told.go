package gnfs

import (
	"maps"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// printedNames are the names that options have in the server's volfile, a star
// for the volume (Gluster 10.3, glusterd-volgen.c nfs_option_handler).
var printedNames = map[string]string{
	optDisable:       "nfs.*.disable",
	optExportVolumes: "nfs3.export-volumes",
	optExportDirs:    "nfs3.export-dirs",
	optExportDir:     "nfs3.*.export-dir",
	optAllow:         "rpc-auth.addr.*.allow",
	optReject:        "rpc-auth.addr.*.reject",
}

func printedName(option, volume string) string {
	return strings.Replace(printedNames[option], "*", volume, 1)
}

// untold compares the settings of all volumes with the server's options as
// glusterd hands them to it, and returns for each volume the settings of which
// the server goes by another value that means something else, with that value;
// an empty one means that it is not set there. Nothing is known where told is
// nil, and nothing of volumes that the server does not serve.
func untold(settings map[string]map[string]string, told map[string]string) map[string]map[string]string {
	out := map[string]map[string]string{}
	if told == nil {
		return out
	}
	c := newCluster(settings)
	global := map[string]string{}
	for _, option := range globalOptions {
		if value := told[printedName(option, "")]; isOff(value) != isOff(c.winner(option)) {
			global[option] = value
		}
	}
	for name, v := range c {
		differ := maps.Clone(global)
		if _, serves := told["nfs3."+name+".volume-id"]; serves {
			maps.Copy(differ, v.untold(told))
		}
		if len(differ) > 0 {
			out[name] = differ
		}
	}
	return out
}

// untold is the same for the volume's own options.
func (v *volume) untold(told map[string]string) map[string]string {
	out := map[string]string{}
	for _, option := range []string{optAllow, optReject, optExportDir} {
		value, set := told[printedName(option, v.name)], v.settings[option]
		if option == optAllow && set == "" {
			set = "*" // which the server is told in that case
		}
		if value != set {
			out[option] = value
		}
	}
	if newVolume(v.name, goesBy(v.settings, out), v.looksUp).means(v) {
		return nil
	}
	return out
}

// means reports whether both volumes' own options mean the same to the server.
func (v *volume) means(w *volume) bool {
	sameGate := v.gate.allow.Equal(w.gate.allow) && v.gate.reject.Equal(w.gate.reject) &&
		v.gate.doubt == w.gate.doubt && v.gate.vagueReject == w.gate.vagueReject
	if !sameGate || firstBroken(v.entries) != nil || firstBroken(w.entries) != nil {
		return false
	}
	return maps.EqualFunc(byPath(admitting(v.entries)), byPath(admitting(w.entries)), clients.equal)
}

func byPath(entries []entry) map[string]clients {
	out := map[string]clients{}
	for _, e := range entries {
		out[e.path] = e.clients
	}
	return out
}

// goesBy are the settings with what the server goes by instead of them.
func goesBy(settings, untold map[string]string) map[string]string {
	if len(untold) == 0 {
		return settings
	}
	out := maps.Clone(settings)
	for option, value := range untold {
		if value == "" {
			delete(out, option)
		} else {
			out[option] = value
		}
	}
	return out
}

// Noticeable returns next in a spelling that glusterd takes for another than
// old, with a note that says so where that differs from next itself. glusterd
// tells the server of options only where the server's volfile changes in size,
// or in a checksum that many changes leave alone: a character that moves by a
// multiple of four; any in three of 1024 places (10.3, common-utils.c
// compute_checksum). The size is what can be relied on. A comma at the end of
// the list of exports means nothing and changes it.
func (Server) Noticeable(old, next state.Serving) (state.Serving, string) {
	nothingToTell := maps.Equal(old.Settings, next.Settings) && len(old.Untold) == 0
	if !old.On || !next.On || nothingToTell || next.Settings[optExportDir] == "" {
		return next, "" // the server is started anew, or need not know
	}
	next.Settings = maps.Clone(next.Settings)
	commas := 0
	for volfileSize(next.Settings) == volfileSize(old.Settings) ||
		volfileSize(next.Settings) == volfileSize(goesBy(old.Settings, old.Untold)) {
		next.Settings[optExportDir] += ","
		commas++
	}
	if commas == 0 {
		return next, ""
	}
	return next, optExportDir + " ends in a comma, which means nothing to the NFS server: " +
		"without it the server's file would stay as long as it is, and glusterd may then not see that it changes"
}

// noticeableWord is the first of some words for one value of which glusterd sees
// that it is another than the one that the server goes by.
func noticeableWord(now string, words []string) string {
	i := slices.IndexFunc(words, func(w string) bool { return len(w) != len(now) || w == now })
	return words[max(i, 0)]
}

// volfileSize is how many bytes the options take in the server's volfile, but
// for the length of the volume's name.
func volfileSize(settings map[string]string) int {
	n := 0
	for option, printed := range printedNames {
		value, set := settings[option]
		if option == optAllow && !set {
			value, set = "*", true
		}
		if set {
			n += len("    option  \n") + len(printed) + len(value)
		}
	}
	return n
}
