//go:build e2e

package e2e

import (
	"encoding/xml"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
)

// unlisted is a directory that every fresh volume has and no test declares.
const unlisted = "unlisted"

var volumes atomic.Int32

// Gluster runs gluster on the server; it has to succeed.
func (b *Bed) Gluster(args ...string) string {
	b.Helper()
	return b.Run(append([]string{"gluster", "--mode=script"}, args...)...)
}

// FreshVolume makes a volume as Gluster makes it, with one directory in it, and
// removes it when the test ends.
func (b *Bed) FreshVolume() string {
	b.Helper()
	vol := fmt.Sprintf("v%d", volumes.Add(1))
	b.MakeVolume(vol)
	b.On(vol, "mkdir", unlisted)
	b.settle()
	return vol
}

// MakeVolume makes an empty volume and removes it when the test ends. Where
// the test failed, what Gluster knows of the volume is logged before.
func (b *Bed) MakeVolume(vol string) {
	b.Helper()
	b.do("volume", vol)
	b.Cleanup(func() {
		b.do("glusterd")
		if b.Failed() {
			b.Logf("%s\n%s", b.Gluster("volume", "info", vol), b.Run("sh", "-c", "tail -n 15 /var/log/glusterfs/nfs.log 2>&1 || true"))
		}
		b.Gluster("volume", "stop", vol, "force")
		b.Gluster("volume", "delete", vol)
	})
}

// settle waits until glusterd sees the NFS server, which is started anew for
// each volume that comes or goes.
func (b *Bed) settle() {
	b.Helper()
	for _, vol := range strings.Fields(b.Gluster("volume", "list")) {
		if b.Options(vol)["nfs.disable"] == "off" {
			b.awaitNFSServer(vol)
			return
		}
	}
}

// Set sets options by hand.
func (b *Bed) Set(vol string, options ...string) {
	b.Helper()
	b.Gluster(append([]string{"volume", "set", vol}, options...)...)
}

// Options are the options that are set on a volume.
func (b *Bed) Options(vol string) map[string]string {
	b.Helper()
	var info struct {
		Options []struct {
			Name  string `xml:"name"`
			Value string `xml:"value"`
		} `xml:"volInfo>volumes>volume>options>option"`
	}
	if err := xml.Unmarshal([]byte(b.Gluster("--xml", "volume", "info", vol)), &info); err != nil {
		b.Fatal(err)
	}
	out := map[string]string{}
	for _, o := range info.Options {
		out[o.Name] = o.Value
	}
	return out
}

// Unchanged checks that what is done leaves a volume's options as they are.
func (b *Bed) Unchanged(vol string, what func()) {
	b.Helper()
	before := b.Options(vol)
	what()
	if after := b.Options(vol); !maps.Equal(before, after) {
		b.Errorf("the options of %s are %v; they were %v", vol, after, before)
	}
}

var nfsServer = regexp.MustCompile(`(?s)<hostname>NFS Server</hostname>.*?<status>1</status>.*?<pid>(\d+)</pid>`)

// NFSServer is the pid of the NFS server; 0 where it does not run or does not
// serve the volume.
func (b *Bed) NFSServer(vol string) int {
	b.Helper()
	m := nfsServer.FindStringSubmatch(b.Gluster("--xml", "volume", "status", vol, "nfs"))
	if m == nil {
		return 0
	}
	pid, err := strconv.Atoi(m[1])
	if err != nil {
		b.Fatal(err)
	}
	return pid
}

// awaitNFSServer is NFSServer once the server runs. glusterd 10.3 takes three
// seconds to see a server that it has started.
func (b *Bed) awaitNFSServer(vol string) (pid int) {
	b.Helper()
	b.Eventually(func() string {
		if pid = b.NFSServer(vol); pid == 0 {
			return "the NFS server does not serve " + vol
		}
		return ""
	})
	return pid
}

var writes = regexp.MustCompile(`volume (set|reset|start|stop|create|delete|quota \S+ (enable|disable|limit-usage|remove)) `)

// Writes are the commands that changed anything, as glusterd logged them.
func (b *Bed) Writes() []string {
	b.Helper()
	var out []string
	for line := range strings.Lines(b.Run("cat", "/var/log/glusterfs/cmd_history.log")) {
		if writes.MatchString(line) {
			out = append(out, line)
		}
	}
	return out
}
