package gnfs

import (
	"slices"
	"strings"
)

// The options that decide who may mount.
const (
	optDisable       = "nfs.disable"
	optExportVolumes = "nfs.export-volumes" // global: counts as off only if every volume says so
	optExportDirs    = "nfs.export-dirs"    // global
	optExportDir     = "nfs.export-dir"
	optAllow         = "nfs.rpc-auth-allow"
	optReject        = "nfs.rpc-auth-reject"
	optNameLookup    = "nfs.addr-namelookup"     // global
	optExportsAuth   = "nfs.exports-auth-enable" // global
	optVolumeAccess  = "nfs.volume-access"
)

// globalOptions are those of the global ones that are written here.
var globalOptions = []string{optExportVolumes, optExportDirs}

func isGlobal(option string) bool { return slices.Contains(globalOptions, option) }

// maxOption is the longest value that is ever written, in bytes. glusterd
// 10.3 overruns a buffer at 4077 and dies at 4085 or 4090.
const maxOption = 4000

// isOn and isOff read a boolean as Gluster does. A value that is neither, or
// not set, is neither on nor off.
func isOn(v string) bool {
	switch strings.ToLower(v) {
	case "1", "on", "yes", "true", "enable":
		return true
	}
	return false
}

func isOff(v string) bool {
	switch strings.ToLower(v) {
	case "0", "off", "no", "false", "disable":
		return true
	}
	return false
}
