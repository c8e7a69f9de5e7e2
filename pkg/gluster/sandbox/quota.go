package sandbox

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"glusterd-shares/pkg/gluster"
)

const quotaUsage = `volume quota <VOLNAME> {enable|disable|list [<path> ...]| list-objects [<path> ...] | remove <path>| remove-objects <path> | default-soft-limit <percent>}
volume quota <VOLNAME> {limit-usage <path> <size> [<percent>]}
volume quota <VOLNAME> {limit-objects <path> <number> [<percent>]}
volume quota <VOLNAME> {alert-time|soft-timeout|hard-timeout} {<time>}`

// quotaCommands are those of volume quota VOLUME that the sandbox knows, with
// how many words may follow.
var quotaCommands = map[string]struct {
	run         func(c *cluster, v *volume, args []string) error
	least, most int
}{
	"enable":      {(*cluster).enableQuota, 0, 0},
	"disable":     {(*cluster).disableQuota, 0, 0},
	"limit-usage": {(*cluster).limitUsage, 2, 2},
	"remove":      {(*cluster).removeLimit, 1, 1},
}

// volumeQuota is volume quota VOLUME COMMAND [WORD...].
func (c *cluster) volumeQuota(args []string) (gluster.Answer, error) {
	name, command, args := args[0], args[1], args[2:]
	if bad := checkQuotaWords(command, args); bad != nil {
		return *bad, nil
	}
	v, refused := c.quotaVolume(name, command)
	switch {
	case refused != nil && command == "list" && len(args) == 0:
		ans := quotaAnswer(refused)
		ans.Code = 2
		return ans, nil
	case refused != nil:
		return quotaAnswer(refused), nil
	case command == "list":
		return c.listLimits(v, args)
	}
	return c.settle(quotaCommands[command].run(c, v, args), func(d *document, _ *refusal) { d.leaf("cliOp", "volQuota") })
}

func quotaAnswer(r *refusal) gluster.Answer {
	return answer(r, func(d *document) { d.leaf("cliOp", "volQuota") })
}

// checkQuotaWords is what the CLI checks by itself; nil where it is content.
func checkQuotaWords(command string, args []string) *gluster.Answer {
	bad := usage(quotaUsage)
	say := func(text string) *gluster.Answer {
		bad.Stderr = text + "\n" + bad.Stderr
		return &bad
	}
	cmd, known := quotaCommands[command]
	switch {
	case command == "list":
		if slices.ContainsFunc(args, isRelative) {
			return say("Please enter absolute path")
		}
		return nil
	case !known:
		bad.Stdout = "Invalid quota option : " + command + "\n"
		return &bad
	case len(args) < cmd.least || len(args) > cmd.most:
		return &bad
	case len(args) > 0 && isRelative(args[0]):
		return say("Please enter absolute path")
	case command == "limit-usage":
		if n, err := strconv.ParseInt(args[1], 10, 64); err != nil || n < 1 {
			return say("Please enter an integer value in the range of (1 - 9223372036854775807)")
		}
	}
	return nil
}

func isRelative(p string) bool { return !strings.HasPrefix(p, "/") }

// quotaVolume is the volume, or why nothing can be done with its quota.
func (c *cluster) quotaVolume(name, command string) (*volume, *refusal) {
	v := c.volumes[name]
	switch {
	case v == nil:
		return nil, noVolume(name)
	case !v.started:
		return nil, refusalOf("Volume is stopped, start volume before executing quota command.")
	case command == "enable" && v.hasQuota():
		return nil, refusalOf("Quota is already enabled")
	case command != "enable" && !v.hasQuota():
		return nil, refusalOf("Quota is disabled, please enable quota")
	}
	return v, nil
}

func (v *volume) hasQuota() bool { return v.memory["features.quota"] == "on" }

// enableQuota switches quota on, as glusterd does: by options that volume set
// refuses.
func (c *cluster) enableQuota(v *volume, _ []string) error {
	name := filepath.Base(v.dir)
	return c.commit(name, []string{name}, []option{
		{"features.quota", "on"}, {"features.inode-quota", "on"}, {"features.quota-deem-statfs", "on"},
	})
}

// disableQuota forgets all limits.
func (c *cluster) disableQuota(v *volume, _ []string) error {
	name := filepath.Base(v.dir)
	if err := c.step("unlimit", name); err != nil {
		return err
	}
	v.memory = maps.Clone(v.memory)
	delete(v.memory, "features.quota-deem-statfs")
	if err := v.saveLimits(table{}); err != nil {
		return err
	}
	return c.commit(name, []string{name}, []option{{"features.quota", "off"}, {"features.inode-quota", "off"}})
}

func (c *cluster) limitUsage(v *volume, args []string) error {
	dir := path.Clean(args[0])
	if _, err := v.dirOf(dir); err != nil {
		return &refusal{errno: errnoFailed, ret: -2,
			text: "Failed to get trusted.gfid attribute on path " + args[0] + ". Reason : No such file or directory"}
	}
	limits, err := v.loadLimits()
	if err != nil {
		return err
	}
	if err := c.step("limit", filepath.Base(v.dir)); err != nil {
		return err
	}
	l := limits[dir]
	if l.order == 0 {
		l.order = newest(limits) + 1
	}
	if l.bytes, err = strconv.ParseInt(args[1], 10, 64); err != nil {
		return err
	}
	limits[dir] = l
	return v.saveLimits(limitTable(limits))
}

func (c *cluster) removeLimit(v *volume, args []string) error {
	dir := path.Clean(args[0])
	limits, err := v.loadLimits()
	if err != nil {
		return err
	}
	if _, gone := v.dirOf(dir); gone != nil {
		return &refusal{errno: errnoFailed, ret: -2,
			text: "Failed to get trusted.gfid attribute on path " + args[0] + ". Reason : No such file or directory"}
	}
	if limits[dir].bytes == 0 {
		return refuse("removexattr failed on /var/run/gluster/%s_quota_limit%s. Reason : No data available", filepath.Base(v.dir), args[0])
	}
	if err := c.step("unlimit", filepath.Base(v.dir)); err != nil {
		return err
	}
	delete(limits, dir)
	return v.saveLimits(limitTable(limits))
}

// listLimits lists the paths that are named, or, where none is, every directory
// with a limit in the order in which they got it. Then nothing at all is printed
// where the directory is gone that got the last one.
func (c *cluster) listLimits(v *volume, paths []string) (gluster.Answer, error) {
	limits, err := v.loadLimits()
	if err != nil {
		return gluster.Answer{Code: -1}, err
	}
	named := len(paths) > 0
	if !named {
		if len(limits) == 0 {
			return quotaAnswer(&refusal{text: "No quota configured on volume " + filepath.Base(v.dir)}), nil
		}
		paths = slices.SortedFunc(maps.Keys(limits), func(a, b string) int { return limits[a].order - limits[b].order })
		if _, gone := v.dirOf(paths[len(paths)-1]); gone != nil {
			return gluster.Answer{Code: 1}, nil
		}
	}
	var missing strings.Builder
	var list []func(*document)
	for _, p := range paths {
		dir, gone := v.dirOf(p)
		if gone != nil {
			if named {
				missing.WriteString(padded(p) + "No such file or directory\n")
			}
			continue
		}
		used, err := usedIn(dir)
		if err != nil {
			return gluster.Answer{Code: -1}, err
		}
		list = append(list, func(d *document) { limits[p].write(d, p, used) })
	}
	ans := answer(nil, func(d *document) {
		if len(list) == 0 {
			d.line("<volQuota/>")
			return
		}
		d.in("volQuota", func() {
			for _, entry := range list {
				entry(d)
			}
		})
	})
	ans.Stderr = missing.String()
	return ans, nil
}

// padded is the first column of the list.
func padded(p string) string { return p + strings.Repeat(" ", max(1, 41-len(p))) }

// dirOf is where a path of the volume lies, or why nothing is there.
func (v *volume) dirOf(p string) (string, error) {
	dir := filepath.Join(v.brick(), filepath.FromSlash(path.Clean(p)))
	_, err := os.Lstat(dir)
	return dir, err
}

// usedIn is how large the files below a directory are. Gluster counts the blocks
// that they take, which depend on the file system.
func usedIn(dir string) (int64, error) {
	var sum int64
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && e.IsDir() {
			return nil
		}
		if err != nil {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	return sum, err
}
