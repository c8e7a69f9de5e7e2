package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// site is the volume that the runs work on, and what they work with.
type site struct {
	tool, volume, server, mount, ssh, work string
}

// shareName is the name of a share, and of its directory.
func shareName(i int) string { return fmt.Sprintf("s%03d", i) }

// clients are the two addresses of a share. They add up to no network.
func clients(i int) [2]string {
	return [2]string{fmt.Sprintf("10.1.%d.1", i), fmt.Sprintf("10.1.%d.2", i)}
}

// otherClient is who stands in place of the first share's second client when
// one thing is changed.
const otherClient = "10.1.0.99"

// wish is what a volume should be like.
type wish struct {
	shares  int
	changed bool // one client of one share is another one
	limit   int  // of each share, in bytes; 0: sizes are not managed
}

func (w wish) clients(i int) [2]string {
	c := clients(i)
	if w.changed && i == 0 {
		c[1] = otherClient
	}
	return c
}

// stateFile writes the wish as the program takes it, for the server as this machine or
// by SSH, and gives the file's path.
func (s site) stateFile(w wish, bySSH bool) (string, error) {
	ssh, user := "", ""
	if bySSH {
		ssh, user = fmt.Sprintf("ssh: {password_file: %[1]s/password, known_hosts: %[1]s/known_hosts}\n", s.ssh), "root@"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\n%svolumes:\n  - target: %s%s:/%s\n    shares:\n", ssh, user, s.server, s.volume)
	for i := range w.shares {
		c := w.clients(i)
		fmt.Fprintf(&b, "      - name: %s\n        access: [%s, %s]\n", shareName(i), c[0], c[1])
		if w.limit > 0 {
			fmt.Fprintf(&b, "        size: %d\n", w.limit)
		}
	}
	f, err := os.CreateTemp(s.work, "*.yaml")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(b.String())
	return f.Name(), errors.Join(err, f.Close())
}

// exports are the values of nfs.export-dir and nfs.rpc-auth-allow.
func (w wish) exports() (dir, allow string) {
	var dirs, all []string
	for i := range w.shares {
		c := w.clients(i)
		dirs = append(dirs, fmt.Sprintf("/%s(%s|%s)", shareName(i), c[0], c[1]))
		all = append(all, c[0], c[1])
	}
	return strings.Join(dirs, ","), strings.Join(all, ",")
}

func (w wish) dirs() []string {
	var out []string
	for i := range w.shares {
		out = append(out, shareName(i))
	}
	return out
}

// gluster runs a command that is no part of what is measured.
func (s site) gluster(args ...string) (string, error) {
	out, err := exec.Command("gluster", append([]string{"--mode=script"}, args...)...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("gluster %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

// fresh makes the volume be as Gluster makes it, and empty.
func (s site) fresh() error {
	if _, err := s.gluster("volume", "reset", s.volume); err != nil {
		return err
	}
	return s.empty()
}

// empty removes what is in the volume: never from a directory of this machine.
func (s site) empty() error {
	if is, err := s.isMounted(); err != nil || !is {
		return errors.Join(err, fmt.Errorf("%s is not where the volume is mounted: nothing is removed there", s.mount))
	}
	names, err := filepath.Glob(filepath.Join(s.mount, "*"))
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range append(names, filepath.Join(s.mount, ".glusterd-shares")) {
		errs = append(errs, os.RemoveAll(name))
	}
	return errors.Join(errs...)
}

// closed makes the volume be empty, served, and exported to nobody.
func (s site) closed() error {
	_, err := s.gluster("volume", "set", s.volume, "nfs.export-volumes", "off", "nfs.disable", "off",
		"nfs.export-dir", "/.glusterd-shares/closed(0.0.0.0)", "nfs.rpc-auth-allow", "0.0.0.0")
	if err == nil {
		err = s.serving()
	}
	if err == nil {
		err = s.empty()
	}
	return err
}

// granted makes the volume be what is wished for, but for limits.
func (s site) granted(w wish) error {
	for _, dir := range w.dirs() {
		if err := os.MkdirAll(filepath.Join(s.mount, dir), 0o755); err != nil {
			return err
		}
	}
	dir, allow := w.exports()
	_, err := s.gluster("volume", "set", s.volume, "nfs.export-volumes", "off", "nfs.disable", "off",
		"nfs.export-dir", dir, "nfs.rpc-auth-allow", allow)
	return errors.Join(err, s.serving())
}

// limited is granted with quota on.
func (s site) limited(w wish) error {
	if err := s.granted(w); err != nil {
		return err
	}
	if options, err := s.options(); err != nil || options["features.quota"] == "on" {
		return err
	}
	_, err := s.gluster("volume", "quota", s.volume, "enable")
	return err
}

// serving waits until glusterd sees the NFS server: after a start that takes it
// three seconds.
func (s site) serving() error {
	for end := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		out, err := s.gluster("--xml", "volume", "status", s.volume, "nfs")
		if err == nil && strings.Contains(out, "<status>1</status>") {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("the NFS server does not come up: %v: %s", err, out)
		}
	}
}

// options are those that are set on the volume.
func (s site) options() (map[string]string, error) {
	text, err := s.gluster("--xml", "volume", "info", s.volume)
	if err != nil {
		return nil, err
	}
	var info struct {
		Options []struct {
			Name  string `xml:"name"`
			Value string `xml:"value"`
		} `xml:"volInfo>volumes>volume>options>option"`
	}
	if err := xml.Unmarshal([]byte(text), &info); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, o := range info.Options {
		out[o.Name] = o.Value
	}
	return out, nil
}

// is checks that the volume is what is wished for.
func (s site) is(w wish) error {
	options, err := s.options()
	if err != nil {
		return err
	}
	dir, allow := w.exports()
	want := map[string]string{
		"nfs.export-volumes": "off", "nfs.disable": "off", "nfs.export-dir": dir, "nfs.rpc-auth-allow": allow,
	}
	for name, value := range want {
		if got := strings.TrimSuffix(options[name], ","); got != value {
			return fmt.Errorf("%s is %q afterwards, not %q", name, got, value)
		}
	}
	for _, dir := range w.dirs() {
		st, err := os.Stat(filepath.Join(s.mount, dir))
		if err != nil {
			return err
		}
		if !st.IsDir() || st.Mode().Perm() != 0o755 {
			return fmt.Errorf("%s is %v afterwards", dir, st.Mode())
		}
	}
	return s.hasLimits(w)
}

// errRefused: Gluster has done some of the commands, and not others. Of many
// limits in a row it finds its own mount not there for some (10.3).
var errRefused = errors.New("gluster refused a part")

// hasLimits checks the limits where sizes are managed.
func (s site) hasLimits(w wish) error {
	if w.limit == 0 {
		return nil
	}
	text, err := s.gluster("--xml", "volume", "quota", s.volume, "list")
	if err != nil {
		return err
	}
	want := fmt.Sprintf("<hard_limit>%d</hard_limit>", w.limit)
	if got := strings.Count(text, want); got != w.shares {
		return fmt.Errorf("%w: %d directories have the limit %d afterwards, not %d", errRefused, got, w.limit, w.shares)
	}
	return nil
}

// mountCommand mounts the volume as the program does.
func (s site) mountCommand() string {
	return fmt.Sprintf("glusterfs --process-name fuse --volfile-server=%s --volfile-id=/%s %s", s.server, s.volume, s.mount)
}

func (s site) isMounted() (bool, error) {
	info, err := os.ReadFile("/proc/self/mountinfo")
	return strings.Contains(string(info), " "+s.mount+" "), err
}

// mounted sees to it that the volume is mounted, or that it is not.
func (s site) mounted(want bool) error {
	is, err := s.isMounted()
	if err != nil || is == want {
		return err
	}
	command := "umount " + s.mount
	if want {
		command = s.mountCommand()
	}
	if out, err := exec.Command("sh", "-c", command).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", command, err, out)
	}
	return nil
}
