package mountd

import (
	"slices"
	"strings"
)

// printedNames are the names that options have in the server's configuration, a
// star for the volume, in the order in which glusterd goes through them
// (glusterd-volume-set.c:2099). Other options have their own names there.
var printedNames = []struct{ option, printed string }{
	{"nfs.enable-ino32", "nfs.enable-ino32"},
	{"nfs.mem-factor", "nfs.mem-factor"},
	{"nfs.export-dirs", "nfs3.export-dirs"},
	{"nfs.export-volumes", "nfs3.export-volumes"},
	{"nfs.addr-namelookup", "rpc-auth.addr.namelookup"},
	{"nfs.dynamic-volumes", "nfs.dynamic-volumes"},
	{"nfs.register-with-portmap", "rpc.register-with-portmap"},
	{"nfs.outstanding-rpc-limit", "rpc.outstanding-rpc-limit"},
	{"nfs.port", "nfs.port"},
	{"nfs.rpc-auth-unix", "rpc-auth.auth-unix.*"},
	{"nfs.rpc-auth-null", "rpc-auth.auth-null.*"},
	{"nfs.rpc-auth-allow", "rpc-auth.addr.*.allow"},
	{"nfs.rpc-auth-reject", "rpc-auth.addr.*.reject"},
	{"nfs.ports-insecure", "rpc-auth.ports.*.insecure"},
	{"nfs.trusted-sync", "nfs3.*.trusted-sync"},
	{"nfs.trusted-write", "nfs3.*.trusted-write"},
	{"nfs.volume-access", "nfs3.*.volume-access"},
	{"nfs.export-dir", "nfs3.*.export-dir"},
	{"nfs.disable", "nfs.*.disable"},
	{"nfs.nlm", "nfs.nlm"},
	{"nfs.acl", "nfs.acl"},
	{"nfs.mount-udp", "nfs.mount-udp"},
	{"nfs.mount-rmtab", "nfs.mount-rmtab"},
	{"nfs.drc", "nfs.drc"},
	{"nfs.drc-size", "nfs.drc-size"},
	{"nfs.read-size", "nfs3.read-size"},
	{"nfs.write-size", "nfs3.write-size"},
	{"nfs.readdir-size", "nfs3.readdir-size"},
	{"nfs.rdirplus", "nfs.rdirplus"},
	{"nfs.exports-auth-enable", "nfs.exports-auth-enable"},
	{"nfs.auth-refresh-interval-sec", "nfs.auth-refresh-interval-sec"},
	{"nfs.auth-cache-ttl-sec", "nfs.auth-cache-ttl-sec"},
}

// PrintedName is the name that an option of the NFS server has in its
// configuration; empty where that has no such option.
func PrintedName(option, volume string) string {
	for _, n := range printedNames {
		if n.option == option {
			return strings.Replace(n.printed, "*", volume, 1)
		}
	}
	return ""
}

// Text is the server's own part of the configuration that glusterd writes for
// it (build_nfs_graph, glusterd-volgen.c:4965). What stands before it, about
// the bricks of each volume, is left out.
func (c Config) Text() string {
	d := dict{{"nfs.dynamic-volumes", "on"}, {"nfs.nlm", "on"}, {"nfs.drc", "off"}}
	for _, name := range c.Served() {
		d.set("rpc-auth.addr."+name+".allow", "*")
		d.set("nfs3."+name+".volume-id", c[name].ID)
	}
	for _, name := range c.names() {
		for _, n := range printedNames {
			if value, ok := c[name].Options[n.option]; ok {
				d.set(strings.Replace(n.printed, "*", name, 1), value)
			}
		}
	}
	var b strings.Builder
	b.WriteString("volume nfs-server\n    type nfs/server\n")
	for _, o := range slices.Backward(d) { // a dict puts what is new first
		b.WriteString("    option " + o.key + " " + o.value + "\n")
	}
	b.WriteString("    subvolumes " + strings.Join(c.Served(), " ") + "\nend-volume\n")
	return b.String()
}

// dict is glusterd's: what is set again keeps its place.
type dict []struct{ key, value string }

func (d *dict) set(key, value string) {
	for i := range *d {
		if (*d)[i].key == key {
			(*d)[i].value = value
			return
		}
	}
	*d = append(*d, struct{ key, value string }{key, value})
}

// looksLike reports whether glusterd takes a configuration for the one that it
// has written already: it compares the sizes and a checksum of its own, and so
// overlooks changes (glusterd_check_files_identical, glusterd-utils.c:9940). Where
// a character goes from one place to another that is a multiple of four away,
// the checksum is the same.
func (c Config) looksLike(d Config) bool {
	a, b := c.Text(), d.Text()
	return len(a) == len(b) && checksum(a) == checksum(b)
}

// checksum is get_checksum_for_file (common-utils.c:2074): it goes through the
// text in pieces of 1024 bytes, and of each whole one leaves out the last three.
// On a real server the pieces begin elsewhere, since there is text before.
func checksum(text string) [4]byte {
	sum := [4]byte{0xba, 0xbe, 0xb0, 0x0b}
	for piece := range slices.Chunk([]byte(text), 1024) {
		addPiece(&sum, piece)
	}
	return sum
}

func addPiece(sum *[4]byte, piece []byte) {
	for i := 0; i < len(piece)-4; i += 4 {
		for lane := range sum {
			sum[lane] ^= piece[i+lane] << lane
		}
	}
	if rest := len(piece) - 4; rest >= 0 {
		for lane := range len(piece)%4 + 1 {
			sum[lane] ^= piece[rest+lane] << lane
		}
	}
}
