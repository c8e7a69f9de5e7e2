//go:build e2e

package remote

import (
	"bufio"
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"glusterd-shares/pkg/gluster"
)

// machine is where real sshds run: users and homes are its own.
type machine struct {
	dir  string
	pid  int // of what keeps its mount namespace
	key  ssh.Signer
	host []ssh.Signer // the keys of the host
}

// onMachine makes a machine. It goes with the test.
func onMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{dir: t.TempDir()}
	m.key = m.keyFile(t, "key", "ed25519")
	for _, kind := range []string{"ed25519", "ecdsa", "rsa"} {
		m.host = append(m.host, m.keyFile(t, "host_"+kind, kind))
	}
	cmd := exec.Command("unshare", "-m", "--propagation", "private", "sh", "testdata/machine.sh", m.dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdin, err := cmd.StdinPipe()
	ok(t, err)
	stdout, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	t.Cleanup(func() {
		_ = stdin.Close()
		ok(t, cmd.Wait())
	})
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		t.Fatalf("%q, %v: %s", line, err, stderr.String())
	}
	m.pid = cmd.Process.Pid
	return m
}

// keyFile makes a key in the machine's directory, with its public part beside it.
func (m *machine) keyFile(t *testing.T, name, kind string) ssh.Signer {
	t.Helper()
	private := newPrivate(t, kind)
	block, err := ssh.MarshalPrivateKey(private, "")
	ok(t, err)
	write(t, filepath.Join(m.dir, name), string(pem.EncodeToMemory(block)), 0o600)
	key := signer(t, private)
	write(t, filepath.Join(m.dir, name+".pub"), string(ssh.MarshalAuthorizedKey(key.PublicKey())), 0o644)
	return key
}

// sshd is a real sshd for each connection to a port of this machine.
type sshd struct {
	port int

	mu    sync.Mutex
	conns int
	runs  []*exec.Cmd
	log   bytes.Buffer
}

// sshd listens with these lines in its configuration, which go before the usual ones.
func (m *machine) sshd(t *testing.T, config ...string) *sshd {
	t.Helper()
	for _, k := range []string{"ed25519", "ecdsa", "rsa"} {
		config = append(config, "HostKey "+m.dir+"/host_"+k)
	}
	config = append(config, "UsePAM no", "KbdInteractiveAuthentication no", "PermitRootLogin yes", "StrictModes yes", "PidFile none", "LogLevel VERBOSE")
	file := filepath.Join(t.TempDir(), "sshd_config")
	write(t, file, strings.Join(config, "\n")+"\n", 0o600)

	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	d := &sshd{port: l.Addr().(*net.TCPAddr).Port}
	var accepting sync.WaitGroup
	accepting.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if err := d.serve(conn.(*net.TCPConn), m.pid, file); err != nil {
				t.Error(err)
			}
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		accepting.Wait()
		d.kill()
		for _, run := range d.runs {
			_ = run.Wait() // however it ended
		}
		if t.Failed() {
			t.Logf("sshd: %s", d.log.String())
		}
	})
	return d
}

// serve runs sshd for one connection, which is its stdin.
func (d *sshd) serve(conn *net.TCPConn, pid int, config string) error {
	file, err := conn.File()
	if err != nil {
		return err
	}
	defer file.Close()
	defer conn.Close()
	cmd := exec.Command("nsenter", "-t", strconv.Itoa(pid), "-m", "--", "/usr/sbin/sshd", "-i", "-e", "-f", config)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = file, file, &lockedWriter{d: d}
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	if err := cmd.Start(); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.conns++
	d.runs = append(d.runs, cmd)
	return nil
}

type lockedWriter struct{ d *sshd }

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.d.mu.Lock()
	defer w.d.mu.Unlock()
	return w.d.log.Write(p)
}

// kill ends the sshds that there are, and cuts their connections.
func (d *sshd) kill() { d.signal(syscall.SIGKILL) }

func (d *sshd) signal(s syscall.Signal) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, run := range d.runs {
		_ = run.Process.Signal(s) // it may be gone already
	}
}

func (d *sshd) connections() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.conns
}

// settings reach the machine with its key.
func (m *machine) settings(t *testing.T, d *sshd) Settings {
	t.Helper()
	s := Settings{Home: t.TempDir(), Log: slog.New(slog.DiscardHandler)}
	s.SSH.Port = d.port
	s.SSH.PrivateKey = m.dir + "/key"
	m.knows(t, s, d, m.host...)
	return s
}

// knows lets the user of the settings know the machine by these keys.
func (m *machine) knows(t *testing.T, s Settings, d *sshd, keys ...ssh.Signer) {
	t.Helper()
	var lines strings.Builder
	for _, k := range keys {
		fmt.Fprintln(&lines, knownhosts.Line([]string{knownhosts.HashHostname(fmt.Sprintf("[127.0.0.1]:%d", d.port))}, k.PublicKey()))
	}
	text := strings.ReplaceAll(lines.String(), "[|1", "|1")
	write(t, filepath.Join(s.Home, ".ssh/known_hosts"), text, 0o600)
}

// as is the machine for one of its users.
func as(t *testing.T, s Settings, user string) *Host {
	t.Helper()
	hosts := New(s)
	t.Cleanup(hosts.Close)
	return hosts.Host(user, "127.0.0.1")
}

// works runs a command that is not to fail.
func works(t *testing.T, h *Host) {
	t.Helper()
	if ans, err := h.Exec(t.Context(), Command{Args: []string{"true"}}); err != nil || ans.Code != 0 {
		t.Errorf("got %+v, %v", ans, err)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Each shell that somebody may have to log in with runs the command, whatever its
// profile prints, or it is told why not.
func TestLoginShells(t *testing.T) {
	m := onMachine(t)
	d := m.sshd(t, "Banner "+write(t, filepath.Join(m.dir, "banner"), "Nobody may enter.\n", 0o644), "PermitTTY no")
	s := m.settings(t, d)
	strange := []string{"a b", "it's", `\`, "$HOME", "!!", "a\nb\n", "é", "*", "", "-n", strings.Repeat("long ", 5000)}
	stdin := "volume list\n" + strings.Repeat("x", 1<<20)
	for _, user := range []string{"root", "ann", "dash", "csh", "tcsh", "fish"} {
		t.Run(user, func(t *testing.T) {
			ans, err := as(t, s, user).Exec(t.Context(), Command{
				Args:  append([]string{"sh", "-c", `printf '<%s>' "$@"; printf %s "$LC_ALL" >&2; cat; exit 3`, "sh"}, strange...),
				Stdin: stdin,
			})
			ok(t, err)
			want := gluster.Answer{Stdout: "<" + strings.Join(strange, "><") + ">" + stdin, Stderr: "C", Code: 3}
			if ans != want {
				t.Errorf("got %.200s", fmt.Sprintf("%+v", ans))
			}
			talks(t, as(t, s, user), strange)
		})
	}
	for user, says := range map[string]string{"rbash": "restricted", "nologin": "This account is currently not available."} {
		t.Run(user, func(t *testing.T) {
			_, err := as(t, s, user).Exec(t.Context(), Command{Args: []string{"true"}})
			want(t, err, ErrRefused, false, "something else ran in place of the command", says)
			t.Log(err)
		})
	}
}

// talks makes sure that a program which lasts gets its arguments, and what it is told.
func talks(t *testing.T, h *Host, args []string) {
	t.Helper()
	held, err := h.Hold(t.Context(), append([]string{"sh", "-c", `printf '<%s>' "$@"; exec cat`, "sh"}, args...)...)
	ok(t, err)
	_, err = io.WriteString(held, "a line\n")
	ok(t, err)
	want := "<" + strings.Join(args, "><") + ">a line\n"
	got := make([]byte, len(want))
	if _, err := io.ReadFull(held, got); string(got) != want || err != nil {
		t.Errorf("got %.200q, %v", got, err)
	}
	ok(t, held.Close())
}

func TestRealSudo(t *testing.T) {
	m := onMachine(t)
	s := m.settings(t, m.sshd(t))
	s.SSH.Become = true
	ans, err := as(t, s, "admin").Exec(t.Context(), Command{Args: []string{"sh", "-c", `id -un; echo "$LC_ALL"; cat`}, Stdin: "in"})
	if err != nil || ans.Stdout != "root\nC\nin" {
		t.Errorf("got %+v, %v", ans, err)
	}
	for user, says := range map[string]string{
		"typist":  "sudo: a password is required",
		"clerk":   "sudo: a password is required",
		"dash":    "sudo: a password is required",
		"ttyonly": "you must have a tty",
	} {
		_, err := as(t, s, user).Exec(t.Context(), Command{Args: []string{"gluster", "volume", "info"}})
		want(t, err, ErrRefused, false, "sudo refuses \"gluster\": ", says)
		t.Log(err)
	}
	_, err = as(t, s, "admin").Exec(t.Context(), Command{Args: []string{"nosuchprogram"}})
	want(t, err, ErrRefused, false, "nosuchprogram: command not found")
	_, err = as(t, m.settings(t, m.sshd(t)), "admin").Exec(t.Context(), Command{Args: []string{"nosuchprogram"}})
	want(t, err, ErrRefused, false, `it has no program "nosuchprogram"`)
}

func TestRealLogins(t *testing.T) {
	m := onMachine(t)
	authority := m.keyFile(t, "authority", "ecdsa")
	tests := []struct {
		name   string
		user   string
		config []string
		setUp  func(c *client)
		want   []string
	}{
		{name: "root's password", user: "root", setUp: func(c *client) { c.Password = NewSecret(password) }},
		{name: "a wrong password", user: "root", setUp: func(c *client) { c.Password = NewSecret("wrong") }, want: []string{"it doesn't take the password", "publickey, password"}},
		{name: "root by key alone", user: "root", config: []string{"PermitRootLogin prohibit-password"}, setUp: func(c *client) { c.Password = NewSecret(password) }, want: []string{"it doesn't take the password"}},
		{name: "an answer to PAM", user: "ann", config: []string{"UsePAM yes", "KbdInteractiveAuthentication yes", "PasswordAuthentication no"}, setUp: func(c *client) { c.Password = NewSecret(password) }},
		{name: "a key and a password", user: "ann", config: []string{"AuthenticationMethods publickey,password"}, setUp: func(c *client) {
			c.SSH.PrivateKey = m.dir + "/key"
			c.Password = NewSecret(password)
		}},
		{name: "a certificate", user: "root", config: []string{"TrustedUserCAKeys " + m.dir + "/authority.pub"}, setUp: func(c *client) {
			c.certificate(".ssh/id_rsa-cert.pub", c.key(".ssh/id_rsa", "rsa").PublicKey(), authority, time.Now().Add(time.Hour))
		}},
		{name: "many keys of the agent", user: "root", config: []string{"MaxAuthTries 3"}, setUp: func(c *client) {
			c.agent(newPrivate(t, "ed25519"), newPrivate(t, "ed25519"), newPrivate(t, "ed25519"), newPrivate(t, "ed25519"))
		}, want: []string{"Too many authentication failures", "ssh.private_key"}},
		{name: "many keys of the agent, and one named", user: "root", config: []string{"MaxAuthTries 3"}, setUp: func(c *client) {
			c.agent(newPrivate(t, "ed25519"), newPrivate(t, "ed25519"), newPrivate(t, "ed25519"), newPrivate(t, "ed25519"))
			c.SSH.PrivateKey = m.dir + "/key"
		}},
		{name: "a user who isn't there", user: "nobodyatall", setUp: func(c *client) { c.Password = NewSecret(password) }, want: []string{"it doesn't take the password"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &client{t: t, Settings: m.settings(t, m.sshd(t, tt.config...))}
			c.SSH.PrivateKey = ""
			tt.setUp(c)
			ans, err := as(t, c.Settings, tt.user).Exec(t.Context(), Command{Args: []string{"id", "-un"}})
			if tt.want != nil {
				want(t, err, ErrAuth, false, tt.want...)
				t.Log(err)
			} else if err != nil || ans.Stdout != tt.user+"\n" {
				t.Errorf("got %+v, %v", ans, err)
			}
			noSecrets(t, fmt.Sprint(err))
		})
	}
}

// A secret that belongs to another user is none, though root could read it.
func TestForeignSecret(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "pw"), password, 0o600)
	ok(t, os.Chown(file, 12345, 12345))
	if _, err := readSecretLine(file); err == nil || !strings.Contains(err.Error(), "belongs to another user (12345); take it over: chown 0 '"+file+"'") {
		t.Errorf("got %v", err)
	}
}

func TestRealHostKeys(t *testing.T) {
	m := onMachine(t)
	authority := newKey(t, "ed25519")
	for i, kind := range []string{"ed25519", "ecdsa", "rsa"} {
		t.Run(kind, func(t *testing.T) {
			d := m.sshd(t)
			s := m.settings(t, d)
			m.knows(t, s, d, m.host[i])
			works(t, as(t, s, "root"))
			s.SSH.HostKeyFingerprint = ssh.FingerprintSHA256(m.host[i].PublicKey())
			m.knows(t, s, d)
			works(t, as(t, s, "root"))

			s.SSH.HostKeyFingerprint = ""
			m.knows(t, s, d, newKey(t, kind))
			_, err := as(t, s, "root").Exec(t.Context(), Command{Args: []string{"true"}})
			want(t, err, ErrHostKey, false, "it shows the key "+fingerprint(m.host[i].PublicKey()), "(line 1)")
			t.Log(err)
			m.knows(t, s, d)
			_, err = as(t, s, "root").Exec(t.Context(), Command{Args: []string{"true"}})
			want(t, err, ErrHostKey, false, "has no key of it")
			t.Log(err)

			cert := ssh.Certificate{CertType: ssh.HostCert, ValidPrincipals: []string{"127.0.0.1"}}
			certified := certify(t, m.host[i], authority, cert).PublicKey()
			file := write(t, filepath.Join(t.TempDir(), "cert.pub"), string(ssh.MarshalAuthorizedKey(certified)), 0o644)
			d = m.sshd(t, "HostCertificate "+file)
			s.SSH.Port = d.port
			write(t, filepath.Join(s.Home, ".ssh/known_hosts"), "@cert-authority * "+string(ssh.MarshalAuthorizedKey(authority.PublicKey())), 0o600)
			works(t, as(t, s, "root"))
		})
	}
}

// A host that takes one session on a connection runs all commands, also beside a lock
// that is held, which goes when its connection does.
func TestRealSessions(t *testing.T) {
	m := onMachine(t)
	for _, n := range []int{1, 2, 10} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			d := m.sshd(t, fmt.Sprint("MaxSessions ", n))
			hosts := New(m.settings(t, d))
			t.Cleanup(hosts.Close)
			h := hosts.Host("root", "127.0.0.1")
			lock := filepath.Join(m.dir, fmt.Sprint("lock", n))
			held, err := h.Start(t.Context(), Command{Args: []string{"flock", lock, "sh", "-c", "echo held; exec cat"}})
			ok(t, err)
			if line, err := bufio.NewReader(held.Stdout).ReadString('\n'); line != "held\n" {
				t.Fatalf("%q, %v", line, err)
			}
			var all sync.WaitGroup
			for i := range 25 {
				all.Go(func() {
					ans, err := h.Exec(t.Context(), Command{Args: []string{"echo", strconv.Itoa(i)}})
					if err != nil || ans.Stdout != fmt.Sprintln(i) {
						t.Errorf("got %+v, %v", ans, err)
					}
				})
			}
			all.Wait()
			if ans, err := h.Exec(t.Context(), Command{Args: []string{"flock", "-n", lock, "true"}}); err != nil || ans.Code != 1 {
				t.Errorf("the lock is not held: %+v, %v", ans, err)
			}
			if most := map[int]int{1: 2, 2: 1, 10: 1}[n]; d.connections() > most {
				t.Errorf("%d connections, not %d", d.connections(), most)
			}
			d.kill()
			if _, err := held.Wait(t.Context()); !errors.Is(err, ErrLost) {
				t.Errorf("got %v", err)
			}
			if ans, err := h.Exec(t.Context(), Command{Args: []string{"flock", "-w", "10", lock, "true"}}); err != nil || ans.Code != 0 {
				t.Errorf("the lock is still held: %+v, %v", ans, err)
			}
		})
	}
}

// hanging is a command that hangs until the test ends, and calls back when it does.
func (m *machine) hanging(t *testing.T, then func()) Command {
	t.Helper()
	began, end := filepath.Join(t.TempDir(), "began"), filepath.Join(t.TempDir(), "end")
	ok(t, syscall.Mkfifo(began, 0o600))
	ok(t, syscall.Mkfifo(end, 0o600))
	t.Cleanup(func() {
		f, err := os.OpenFile(end, os.O_RDWR, 0)
		ok(t, err)
		ok(t, f.Close())
	})
	go func() {
		if _, err := os.ReadFile(began); err != nil {
			t.Error(err)
		}
		then()
	}()
	return Command{Args: []string{"sh", "-c", `echo x >"$1"; exec cat "$2"`, "sh", began, end}}
}

// What becomes of a command when sshd dies or falls silent, when nobody wants the
// command any more, and when the host does nothing but SFTP.
func TestRealFaults(t *testing.T) {
	m := onMachine(t)
	d := m.sshd(t)
	h := as(t, m.settings(t, d), "root")
	for name, signal := range map[string]syscall.Signal{"the other side closed it": syscall.SIGKILL, "no sign of life for 30s": syscall.SIGSTOP} {
		start := time.Now()
		ans, err := h.Exec(t.Context(), m.hanging(t, func() { d.signal(signal) }))
		want(t, err, ErrLost, true, name)
		if took := time.Since(start); ans.Code != -1 || took > 2*(aliveEvery+aliveWithin) {
			t.Errorf("got %+v after %v", ans, took)
		}
		works(t, h)
	}

	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err := h.Exec(ctx, m.hanging(t, func() { cancel(enough) }))
	want(t, err, enough, true)
	works(t, h)
	if d.connections() != 3 {
		t.Errorf("%d connections", d.connections())
	}

	only := as(t, m.settings(t, m.sshd(t, "ForceCommand internal-sftp")), "root")
	_, err = only.Exec(t.Context(), Command{Args: []string{"true"}})
	want(t, err, ErrRefused, false, "something else ran in place of the command", "sftp connections only")
}
