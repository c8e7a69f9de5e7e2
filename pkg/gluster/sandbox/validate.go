package sandbox

import (
	"fmt"
	"strconv"
	"strings"

	"glusterd-shares/pkg/gluster/sandbox/mountd"
)

// The checks of values, as glusterd has them (libglusterfs/src/options.c). Each
// gets the name that the NFS server has for the option, and returns what is
// wrong; an empty string where nothing is.

func isAnything(string, string) string { return "" }

func isBoolean(name, value string) string {
	switch strings.ToLower(value) {
	case "1", "on", "yes", "true", "enable", "0", "off", "no", "false", "disable":
		return ""
	}
	return fmt.Sprintf("option %s %s: '%s' is not a valid boolean value", name, value, value)
}

func isVolumeAccess(name, value string) string {
	if value == "read-only" || value == "read-write" {
		return ""
	}
	return fmt.Sprintf("option %s %s: '%s' is not valid (possible options are read-only, read-write.)", name, value, value)
}

// isPath wants a slash at the beginning only: the whole list of nfs.export-dir
// is one path to glusterd. Its text for a missing slash is never seen, since
// the path was brought into its canonical form before.
func isPath(_, value string) string {
	switch {
	case !strings.HasPrefix(value, "/"):
		return "Error, Validation Failed"
	case strings.Contains(value, "../"):
		return fmt.Sprintf("invalid path given '%s'", value)
	}
	return ""
}

func isMountAuthList(name, value string) string {
	items := strings.FieldsFunc(value, func(r rune) bool { return r == ',' })
	bad := len(items) == 0
	for _, item := range items {
		bad = bad || !isMountAuth(item)
	}
	if bad {
		return fmt.Sprintf("option %s %s: '%s' is not a valid mount-auth-address", name, value, value)
	}
	return ""
}

// isMountAuth is valid_mount_auth_address (common-utils.c:2738). Whatever of a
// wildcard and a slash comes first decides.
func isMountAuth(s string) bool {
	i := strings.IndexAny(s, "*?[/")
	switch {
	case i < 0:
		return mountd.ValidIPv4(s) || isIPv6(s) || mountd.ValidHostName(s)
	case s[i] == '/':
		n, err := strconv.Atoi(s[i+1:])
		return mountd.ValidIPv4(s[:i]) && err == nil && n >= 0 && n <= 32
	}
	return true
}

// isIPv6 takes eight numbers, or fewer with one double colon; after a percent
// sign anything.
func isIPv6(s string) bool {
	s, _, _ = strings.Cut(s, "%")
	if s == "" || strings.HasSuffix(s, ":") || strings.Count(s, "::") > 1 || strings.Contains(s, ":::") {
		return false
	}
	numbers := strings.FieldsFunc(s, func(r rune) bool { return r == ':' })
	for _, n := range numbers {
		if v, err := strconv.ParseInt(n, 16, 64); err != nil || v < 0 || v > 0xffff {
			return false
		}
	}
	return len(numbers) == 8 || len(numbers) < 8 && strings.Contains(s, "::")
}
