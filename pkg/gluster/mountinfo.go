package gluster

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// mount is one line of /proc/self/mountinfo.
type mount struct {
	id      uint64
	root    string   // the directory of the file system that is mounted
	point   string   // where, with symlinks resolved
	options []string // of the mount and of the file system
	fstype  string
	source  string
}

func readMounts() ([]mount, error) {
	b, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("reading what is mounted: %w; /proc must be mounted", err)
	}
	return parseMountinfo(string(b))
}

// parseMountinfo reads mountinfo as proc_pid_mountinfo(5) describes it.
func parseMountinfo(s string) ([]mount, error) {
	var out []mount
	for line := range strings.Lines(s) {
		m, ok := parseMount(strings.TrimSuffix(line, "\n"))
		if !ok {
			return nil, fmt.Errorf("mountinfo has the line %q", escape(line, maxShownText))
		}
		out = append(out, m)
	}
	return out, nil
}

// parseMount reads
//
//	65 52 0:46 / /mnt rw,relatime shared:1 - fuse.glusterfs host:/gv0 rw,user_id=0
//
// where any number of fields may stand before the dash.
func parseMount(line string) (mount, bool) {
	before, after, ok := strings.Cut(line, " - ")
	left, right := strings.Split(before, " "), strings.Split(after, " ")
	if !ok || len(left) < 6 || len(right) < 3 {
		return mount{}, false
	}
	id, err := strconv.ParseUint(left[0], 10, 64)
	return mount{
		id:      id,
		root:    unescapeMount(left[3]),
		point:   unescapeMount(left[4]),
		options: slices.Concat(strings.Split(left[5], ","), strings.Split(right[2], ",")),
		fstype:  unescapeMount(right[0]),
		source:  unescapeMount(right[1]),
	}, err == nil
}

// unescapeMount undoes the kernel's \040 for a blank and the like.
func unescapeMount(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// rootMounts picks the mounts that may show the root of the volume, writable,
// and that stay: not those of a run, which are torn away when it ends, together
// with every lock and descriptor of who uses them beside it. Which cluster's volume it is, and whether something else is mounted on top,
// is for prove to tell.
func rootMounts(mounts []mount, volume string) []mount {
	var out []mount
	for _, m := range mounts {
		if m.fstype == "fuse.glusterfs" && m.root == "/" && !slices.Contains(m.options, "ro") &&
			isSourceOf(m.source, volume) && !isGlustersOwn(m.point) && !isOfRun(m.point) {
			out = append(out, m)
		}
	}
	return out
}

// isSourceOf reports whether a source names the volume: host:/vol or host:vol,
// but not host:/vol/dir, and not host:/dir:vol. What the host is says nothing.
func isSourceOf(source, volume string) bool {
	host, ok := strings.CutSuffix(source, ":/"+volume)
	if !ok {
		host, ok = strings.CutSuffix(source, ":"+volume)
	}
	return ok && host != "" && !strings.Contains(host, "/")
}

// isGlustersOwn reports whether glusterd keeps the mount for itself, such as
// the one that "quota enable" leaves behind (10.3).
func isGlustersOwn(point string) bool {
	return strings.HasPrefix(point, "/run/gluster/") || strings.HasPrefix(point, "/var/run/gluster/")
}

func isOfRun(point string) bool {
	_, is := runOf(point)
	return is
}
