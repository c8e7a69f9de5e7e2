package sandbox

import (
	_ "embed"
	"slices"
	"strings"
)

// optionNames are all the options that gluster 10.3 knows.
//
//go:embed options.txt
var optionNames string

var knownOptions = strings.Fields(optionNames)

// nfsOption is an option of the NFS server. Of other options the sandbox knows
// only that they exist.
type nfsOption struct {
	server string // its name for the NFS server; * stands for the volume
	valid  func(name, value string) string
	global bool // it is written to all volumes
}

// nfsOptions are from glusterd-volume-set.c:2099 and nfs.c:1727.
var nfsOptions = map[string]nfsOption{
	"nfs.acl":                       {"nfs.acl", isBoolean, true},
	"nfs.addr-namelookup":           {"rpc-auth.addr.namelookup", isBoolean, true},
	"nfs.auth-cache-ttl-sec":        {"nfs.auth-cache-ttl-sec", isAnything, true},
	"nfs.auth-refresh-interval-sec": {"nfs.auth-refresh-interval-sec", isAnything, true},
	"nfs.disable":                   {"nfs.*.disable", isBoolean, false},
	"nfs.drc":                       {"nfs.drc", isAnything, true},
	"nfs.drc-size":                  {"nfs.drc-size", isAnything, true},
	"nfs.dynamic-volumes":           {"nfs.dynamic-volumes", isBoolean, true},
	"nfs.enable-ino32":              {"nfs.enable-ino32", isBoolean, true},
	"nfs.export-dir":                {"nfs3.*.export-dir", isPath, false},
	"nfs.export-dirs":               {"nfs3.export-dirs", isBoolean, true},
	"nfs.export-volumes":            {"nfs3.export-volumes", isBoolean, true},
	"nfs.exports-auth-enable":       {"nfs.exports-auth-enable", isBoolean, true},
	"nfs.mem-factor":                {"nfs.mem-factor", isAnything, true},
	"nfs.mount-rmtab":               {"nfs.mount-rmtab", isPath, true},
	"nfs.mount-udp":                 {"nfs.mount-udp", isBoolean, true},
	"nfs.nlm":                       {"nfs.nlm", isBoolean, true},
	"nfs.outstanding-rpc-limit":     {"rpc.outstanding-rpc-limit", isAnything, true},
	"nfs.port":                      {"nfs.port", isAnything, true},
	"nfs.ports-insecure":            {"rpc-auth.ports.*.insecure", isBoolean, false},
	"nfs.rdirplus":                  {"nfs.rdirplus", isBoolean, true},
	"nfs.read-size":                 {"nfs3.read-size", isAnything, true},
	"nfs.readdir-size":              {"nfs3.readdir-size", isAnything, true},
	"nfs.register-with-portmap":     {"rpc.register-with-portmap", isBoolean, true},
	"nfs.rpc-auth-allow":            {"rpc-auth.addr.*.allow", isMountAuthList, false},
	"nfs.rpc-auth-null":             {"rpc-auth.auth-null.*", isBoolean, false},
	"nfs.rpc-auth-reject":           {"rpc-auth.addr.*.reject", isMountAuthList, false},
	"nfs.rpc-auth-unix":             {"rpc-auth.auth-unix.*", isBoolean, false},
	"nfs.trusted-sync":              {"nfs3.*.trusted-sync", isBoolean, false},
	"nfs.trusted-write":             {"nfs3.*.trusted-write", isBoolean, false},
	"nfs.volume-access":             {"nfs3.*.volume-access", isVolumeAccess, false},
	"nfs.write-size":                {"nfs3.write-size", isAnything, true},
}

// isUserOption reports whether the option is a note of the user's, which
// Gluster takes as it is.
func isUserOption(key string) bool { return strings.HasPrefix(key, "user.") }

// checkOption refuses an option that gluster doesn't know.
func checkOption(key string) error {
	if isUserOption(key) || slices.Contains(knownOptions, key) {
		return nil
	}
	return refuse("option : %s does not exist%s", key, didYouMean(key))
}
