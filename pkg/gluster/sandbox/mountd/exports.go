package mountd

import (
	"net/netip"
	"slices"
	"strings"
)

// export is a line of the server's list (struct mnt3_export).
type export struct {
	name   string // /VOLUME, or /VOLUME followed by whatever the entry says
	volume string
	dir    bool // it stems from nfs.export-dir; else it is the whole volume
	hosts  []hostspec
	open   bool // no host list: everybody
}

// readExports is mnt3_init_options (mount3.c:3640): the list up to the first
// entry that can't be read, and that entry's error.
func readExports(c Config) (list []export, err error) {
	whole := c.switchedOn("nfs.export-volumes", true)
	for _, volume := range c.Served() {
		for _, entry := range split(c[volume].Options["nfs.export-dir"], ",") {
			e, err := readEntry(volume, entry)
			if err != nil {
				return list, err
			}
			list = append(list, e)
		}
		if whole {
			list = append(list, export{name: "/" + volume, volume: volume, open: true})
		}
	}
	return list, nil
}

// readEntry is mnt3_init_export_ent with mnt3_export_parse_auth_param
// (mount3.c:3199). The name is what the first strtok leaves of the entry: all
// up to the end of its first token, with any "(" before it.
func readEntry(volume, entry string) (export, error) {
	t := strtok{rest: entry}
	token, _ := t.next("(")
	name := entry[:strings.Index(entry, token)+len(token)]
	if token == "" {
		name = entry
	}
	e := export{name: "/" + volume + name, volume: volume, dir: true}
	list, ok := t.next(")")
	if !ok {
		e.open = true
		return e, nil
	}
	for _, host := range split(list, "|") {
		h, err := parseHostspec(host)
		if err != nil {
			return e, err
		}
		e.hosts = append(e.hosts, h)
	}
	return e, nil
}

// admits is the check of mnt3_resolve_subdir (mount3.c:1533). A list without
// a host, "(|)", admits nobody.
func (e export) admits(client netip.Addr, hosts Hosts) bool {
	return e.open || slices.ContainsFunc(e.hosts, func(h hostspec) bool { return h.matches(client, hosts) })
}

// isNamed is mnt3_match_dirpath_export (mount3.c:827): exact but for one slash
// at the end and a missing one at the beginning.
func (e export) isNamed(path string) bool {
	path = strings.TrimSuffix(path, "/")
	if strings.HasPrefix(path, "/") {
		return e.name == path
	}
	return e.name[1:] == path
}

// subdir is the part behind the volume's name (mnt3_get_volume_subdir), with
// what is taken for that name.
func subdir(path string) (volume, dir string) {
	path = strings.TrimPrefix(path, "/")
	i := strings.IndexByte(path, '/')
	if i < 0 {
		return path, "/"
	}
	return path[:i], path[i:]
}
