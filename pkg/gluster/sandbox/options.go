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
	valid  func(name, value string) string
	global bool // it is written to all volumes
}

// nfsOptions are from glusterd-volume-set.c:2099 and nfs.c:1727.
var nfsOptions = map[string]nfsOption{
	"nfs.acl":                       {isBoolean, true},
	"nfs.addr-namelookup":           {isBoolean, true},
	"nfs.auth-cache-ttl-sec":        {isAnything, true},
	"nfs.auth-refresh-interval-sec": {isAnything, true},
	"nfs.disable":                   {isBoolean, false},
	"nfs.drc":                       {isAnything, true},
	"nfs.drc-size":                  {isAnything, true},
	"nfs.dynamic-volumes":           {isBoolean, true},
	"nfs.enable-ino32":              {isBoolean, true},
	"nfs.export-dir":                {isPath, false},
	"nfs.export-dirs":               {isBoolean, true},
	"nfs.export-volumes":            {isBoolean, true},
	"nfs.exports-auth-enable":       {isBoolean, true},
	"nfs.mem-factor":                {isAnything, true},
	"nfs.mount-rmtab":               {isPath, true},
	"nfs.mount-udp":                 {isBoolean, true},
	"nfs.nlm":                       {isBoolean, true},
	"nfs.outstanding-rpc-limit":     {isAnything, true},
	"nfs.port":                      {isAnything, true},
	"nfs.ports-insecure":            {isBoolean, false},
	"nfs.rdirplus":                  {isBoolean, true},
	"nfs.read-size":                 {isAnything, true},
	"nfs.readdir-size":              {isAnything, true},
	"nfs.register-with-portmap":     {isBoolean, true},
	"nfs.rpc-auth-allow":            {isMountAuthList, false},
	"nfs.rpc-auth-null":             {isBoolean, false},
	"nfs.rpc-auth-reject":           {isMountAuthList, false},
	"nfs.rpc-auth-unix":             {isBoolean, false},
	"nfs.trusted-sync":              {isBoolean, false},
	"nfs.trusted-write":             {isBoolean, false},
	"nfs.volume-access":             {isVolumeAccess, false},
	"nfs.write-size":                {isAnything, true},
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
