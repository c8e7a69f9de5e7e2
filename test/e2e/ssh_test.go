//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// login is a way into the server over SSH.
type login struct {
	name  string
	user  string
	block string // of the state file; DIR is where the secrets are

	// variable tells that the password is in the environment.
	variable bool
}

// logins are those that testbed.sh sshd has. The last one says nothing in the state
// file: what it needs is where it is looked for by itself.
var logins = []login{
	{name: "sudo", user: "admin", block: `ssh: {private_key: "DIR/key", known_hosts: "DIR/known_hosts", become: true}`},
	{name: "root", user: "root", block: `ssh: {password_file: "DIR/password", known_hosts: "DIR/known_hosts"}`},
	{name: "environment", user: "root", variable: true},
}

// sshWay is a login with the files that it takes.
type sshWay struct {
	login
	dir    string
	env    []string
	before []string // what was left on the server by others
}

// block is what the state file says of SSH; w may be nil.
func (w *sshWay) block() string {
	if w == nil {
		return ""
	}
	return strings.ReplaceAll(w.login.block, "DIR", w.dir)
}

// loginOf is the name of the login by which a test runs, as it stands in the test's
// own: TestOverSSH/LOGIN/TEST.
func loginOf(t *testing.T) (name string, over bool) {
	words := strings.Split(t.Name(), "/")
	if words[0] != "TestOverSSH" || len(words) < 3 {
		return "", false
	}
	return words[1], true
}

// loginAt is where the login of this name stands among all.
func loginAt(t testing.TB, name string) int {
	t.Helper()
	i := slices.IndexFunc(logins, func(l login) bool { return l.name == name })
	if i < 0 {
		t.Fatalf("there is no login %s", name)
	}
	return i
}

// overSSH is the bed of the same test with the program on a client, from where it
// reaches the server by the login of this name. The server's sshd is started where
// it isn't running. When the test ends, nothing of the program is left on the server.
func (b *Bed) overSSH(name string) *Bed {
	b.Helper()
	l := logins[loginAt(b, name)]
	b.do("sshd")
	w := b.heldBy(b.TB)
	w.ssh = &sshWay{login: l}
	dir := w.TempDir()
	w.ssh.dir = dir
	home := filepath.Join(dir, ".ssh")
	if err := os.Mkdir(home, 0o700); err != nil {
		b.Fatal(err)
	}
	w.hand(home)
	known := b.Run("cat", b.sshd("known_hosts"))
	w.write(filepath.Join(home, "known_hosts"), known)
	w.write(filepath.Join(dir, "known_hosts"), known)
	w.write(filepath.Join(dir, "key"), b.Run("cat", b.sshd("key")))
	w.write(filepath.Join(dir, "password"), b.Run("cat", b.sshd("password")))
	if l.variable {
		w.ssh.env = []string{"GLUSTERD_SHARES_SSH_PASSWORD=" + strings.TrimSpace(b.Run("cat", b.sshd("password")))}
	}
	w.ssh.before = w.left()
	b.Cleanup(w.leavesNothing)
	return w
}

// sshd is a file of the server's sshd.
func (b *Bed) sshd(name string) string { return "/var/tmp/gds-" + b.instance + "/ssh/" + name }

// here is the bed of the same test with the program on the server.
func (b *Bed) here() *Bed {
	c := b.heldBy(b.TB)
	c.ssh = nil
	return c
}

// nobody is who runs the program over SSH, a user with no rights at all.
const nobody = 65534

// toolOverSSH is the program on a client: without root, without gluster's daemon in
// reach, and with no other program to be found.
func (b *Bed) toolOverSSH(ctx context.Context, args ...string) *exec.Cmd {
	words := []string{
		"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--bounding-set=-all",
		"env", "-i", "PATH=/nonexistent", "HOME=" + b.ssh.dir,
	}
	words = append(append(words, b.ssh.env...), b.program)
	return bedScript(ctx, b.instance, b.Client(1).args(append(words, args...)...)...)
}

// beforeOverSSH has the gluster of a directory stand before the server's for all
// who log in, until it is put away.
func (b *Bed) beforeOverSSH(dir string) (away func()) {
	b.Helper()
	b.Run("sh", "-c", `printf '#!/bin/sh\nexec "%s/gluster" "$@"\n' "$1" >/run/front/gluster && chmod 755 /run/front/gluster`, "sh", dir)
	return func() { b.Run("rm", "-f", "/run/front/gluster") }
}

// TempDir is a directory that goes with the test, and is the program's.
func (b *Bed) TempDir() string {
	b.Helper()
	dir := b.TB.TempDir()
	if b.ssh != nil {
		if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
			b.Fatal(err)
		}
		b.hand(dir)
	}
	return dir
}

// hand gives what is at the path to whoever runs the program.
func (b *Bed) hand(path string) {
	b.Helper()
	if b.ssh == nil {
		return
	}
	if err := os.Chown(path, nobody, nobody); err != nil {
		b.Fatal(err)
	}
}

// left is what there is on the server of runs over SSH: mounts with their directories,
// processes, and the processes of sshd behind them. The directory above the mounts may
// stay: of several runs at once the last one need not be the one that has made it.
func (b *Bed) left() []string {
	b.Helper()
	return slices.Collect(strings.Lines(b.Run("sh", "-c", `
		grep /run/[g]lusterd-shares/ /proc/self/mountinfo
		pgrep --ns $$ --nslist net -af '[g]lusterd-shares|[s]shd: (root|admin)'
		find /run/[g]lusterd-shares -mindepth 1 2>/dev/null; true`)))
}

// leavesNothing checks that the server gets rid of all that runs over SSH have made
// there, however they have ended.
func (b *Bed) leavesNothing() {
	b.Helper()
	b.within(patience/2, b.stillLeft)
}

// stillLeft tells what there is on the server that was not there when the bed was had:
// what runs have left that were not over SSH, and were killed, is another test's.
func (b *Bed) stillLeft() string {
	left := slices.DeleteFunc(b.left(), func(line string) bool { return slices.Contains(b.ssh.before, line) })
	if len(left) == 0 {
		return ""
	}
	return "on the server there is still\n" + strings.Join(left, "")
}

var letIn = regexp.MustCompile(`(?m)^Accepted (publickey|password) for `)

// logged is how many logins sshd has let in so far.
func (b *Bed) logged() int {
	b.Helper()
	return len(letIn.FindAllString(b.Run("cat", "/var/log/glusterfs/sshd"), -1))
}

// cut ends the connections to the server's sshd, but not sshd.
func (b *Bed) cut() {
	b.Helper()
	b.Run("sh", "-c", `kill -9 $(pgrep --ns $$ --nslist net -x sshd | grep -vxF "$(cat "$1")")`, "sh", b.sshd("pid"))
}

// KillSSHD ends the server's sshd and its connections. The next bed over SSH, or
// testbed.sh sshd, starts it anew.
func (b *Bed) KillSSHD() {
	b.Helper()
	b.Run("sh", "-c", `kill -9 $(pgrep --ns $$ --nslist net -x sshd)`)
}
