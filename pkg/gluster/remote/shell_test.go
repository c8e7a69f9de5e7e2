package remote

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster"
)

// Whatever a profile prints before the command is not the command's.
func TestNoisyProfiles(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	for _, shell := range []string{"/bin/sh", bash} {
		for _, profile := range []string{
			"echo Welcome; ",
			"echo Welcome; echo careful >&2; ",
			"printf 'no new line'; printf 'here neither' >&2; ",
			"head -c 900000 /dev/zero; head -c 900000 /dev/zero >&2; ",
			"echo '<?xml version=\"1.0\"?><cliOutput/>'; ",
			"set -eu; LC_ALL=de_DE.UTF-8; IFS=xml; ",
			"printf '\\n%s\\n' AAAAAAAAAAAAAAAAAAAAAAAAAA:ready; ",
		} {
			s, settings := serve(t)
			var log bytes.Buffer
			settings.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			s.exec = loginShell(shell, profile, nil)
			h := reach(t, settings)
			c := Command{Args: []string{"sh", "-c", `cat; echo " $1 $LC_ALL"; echo err >&2; exit 3`, "sh", "é x"}, Stdin: "in"}
			ans, err := h.Exec(t.Context(), c)
			if want := (gluster.Answer{Stdout: "in é x C\n", Stderr: "err\n", Code: 3}); err != nil || ans != want {
				t.Errorf("%s, %s: got %+v, %v", shell, profile, ans, err)
			}
			if strings.Contains(profile, "Welcome") && !strings.Contains(log.String(), "Welcome") {
				t.Errorf("nobody is told of: %s", profile)
			}
		}
	}
}

func TestCommandsThatAreNotRun(t *testing.T) {
	nothing := "PATH=" + t.TempDir()
	tests := []struct {
		name, profile string
		env           []string
		become, ran   bool
		want          []string
	}{
		{name: "no shell for the user", profile: "echo 'This account is currently not available.'; exit 1; ",
			want: []string{"something else ran in place of the command", "exit status is 1", `"This account is currently not available."; the login shell of root is nologin; on the host: chsh -s /bin/sh root`}},
		{name: "sftp alone", profile: "echo 'This service allows sftp connections only.'; exit 1; ", want: []string{"take root out of the ForceCommand internal-sftp in sshd_config"}},
		{name: "a restricted shell", profile: "echo 'rbash: line 1: exec: restricted' >&2; exit 1; ", want: []string{"the login shell of root is a restricted one"}},
		{name: "a password that has expired", profile: "echo 'Password change required but no TTY available.' >&2; exit 1; ", want: []string{"the password of root has expired"}},
		{name: "a command= in authorized_keys", profile: "echo 'rsync: not found' >&2; exit 127; ",
			want: []string{"exit status is 127", "root needs a login shell that runs: exec /bin/sh -c '...' (getent passwd root), and no command= in its authorized_keys and no ForceCommand in sshd_config"}},
		{name: "a command that is killed", profile: "kill -9 $$; ", want: []string{"in place of the command: it was killed, and it said"}},
		{name: "a shell that only fails", profile: "exit 1; ", want: []string{`it said ""`}},
		{name: "control characters in what it says", profile: `printf '\033[2J' >&2; exit 1; `, want: []string{`it said "\x1b[2J"`}},
		{name: "a shell that does nothing", profile: "exit 0; ", ran: true, want: []string{"something else ran in place of the command"}},
		{name: "a profile that reads a line", profile: "read line; ", want: []string{"something else ran in place of the command", "exit status is 126"}},
		{name: "no such program", env: []string{nothing}, want: []string{`it has no program "probe"`, "install it there"}},
		{name: "no sudo", env: []string{nothing}, become: true, want: []string{"it has no sudo", "ssh.become"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, settings := serve(t)
			settings.SSH.Become = tt.become
			s.exec = loginShell("/bin/sh", tt.profile, tt.env)
			h := reach(t, settings)
			command := Command{Args: []string{"probe"}, Stdin: "exit 9\n"}
			_, err := h.Exec(t.Context(), command)
			want(t, err, ErrRefused, tt.ran, tt.want...)
			if p, err := h.Start(t.Context(), command); p != nil {
				t.Error("it was started")
			} else {
				want(t, err, ErrRefused, tt.ran, tt.want...)
			}
		})
	}
}

// What was never run is what package gluster calls that.
func TestNotRun(t *testing.T) {
	s, settings := serve(t)
	s.exec = loginShell("/bin/sh", "exit 1; ", nil)
	far := gluster.Far{Shell: reach(t, settings), Name: "host"}
	ans, err := far.Gluster(t.Context(), "", "volume", "info")
	want(t, err, gluster.ErrNoGluster, false, "ssh root@host: something else ran in place of the command")
	if ans.Code != -1 {
		t.Errorf("got %+v", ans)
	}
}

func TestEndlessProfile(t *testing.T) {
	s, settings := serve(t)
	s.exec = loginShell("/bin/sh", "while echo noise; do :; done; ", nil)
	h := reach(t, settings)
	_, err := h.Exec(t.Context(), Command{Args: []string{"true"}})
	want(t, err, ErrLost, true, "1 MiB")
	_, err = h.Start(t.Context(), Command{Args: []string{"true"}})
	want(t, err, ErrLost, true, "1 MiB")
}

// sudo puts a program of this name on the path of the other side.
func sudo(t *testing.T, script string) (env []string) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "sudo"), "#!/bin/sh\n"+script+"\n", 0o755)
	return []string{"PATH=" + dir + ":" + os.Getenv("PATH")}
}

func TestSudo(t *testing.T) {
	s, settings := serve(t)
	settings.SSH.Become = true
	s.exec = loginShell("/bin/sh", "", sudo(t, `[ "$1 $2" = "-n --" ] || exit 99; shift 2; echo "as root, $LC_ALL:"; exec "$@"`))
	h := reach(t, settings)
	for _, tt := range []struct {
		command Command
		want    gluster.Answer
	}{
		{Command{Args: []string{"printf", "<%s>", "-n", "a b", "ü"}}, gluster.Answer{Stdout: "as root, C:\n<-n><a b><ü>"}},
		{Command{Args: []string{"sh", "-c", "echo sudo: a password is required >&2; exit 1"}}, gluster.Answer{Stdout: "as root, C:\n", Stderr: "sudo: a password is required\n", Code: 1}},
	} {
		if got, err := h.Exec(t.Context(), tt.command); err != nil || got != tt.want {
			t.Errorf("%q: got %+v, %v", tt.command.Args, got, err)
		}
	}
}

// What sudo says where it runs nothing (1.8 to 1.9).
func TestSudoRefuses(t *testing.T) {
	for says, mend := range map[string]string{
		"sudo: a password is required": "NOPASSWD",
		"sudo: a terminal is required to read the password; either use the -S option to read from standard input or configure an askpass helper": "NOPASSWD",
		"sudo: sorry, you must have a tty to run sudo":                                            "requiretty",
		"Sorry, user ann is not allowed to execute '/usr/sbin/gluster volume info' as root on h.": "sudoers",
		"ann is not in the sudoers file.":                                                         "sudoers",
		"sudo: gluster: command not found":                                                        "secure_path",
		"sudo: unable to resolve host h: Name or service not known\nsudo: a password is required": "NOPASSWD",
	} {
		s, settings := serve(t)
		settings.SSH.Become = true
		s.exec = loginShell("/bin/sh", "echo noise; ", sudo(t, fmt.Sprintf("cat >&2 <<'END'\n%s\nEND\nexit 1", says)))
		_, err := reach(t, settings).Run(t.Context(), "", "gluster", "volume", "info")
		want(t, err, ErrRefused, false, "sudo refuses \"gluster\": ", mend)
	}
}

// A warning of sudo's is no refusal.
func TestSudoWarns(t *testing.T) {
	s, settings := serve(t)
	settings.SSH.Become = true
	s.exec = loginShell("/bin/sh", "", sudo(t, `echo "sudo: unable to resolve host h: Name or service not known" >&2; exit 1`))
	ans, err := reach(t, settings).Exec(t.Context(), Command{Args: []string{"x"}})
	if err != nil || ans.Code != 1 {
		t.Errorf("got %+v, %v", ans, err)
	}
}

func TestOutputIsLimited(t *testing.T) {
	_, settings := serve(t)
	h := reach(t, settings)
	for script, over := range map[string]bool{
		"printf 0123456789":                 false,
		"printf 0123456789x":                true,
		"printf 0123456789x >&2":            true,
		"while :; do echo 0123456789; done": true,
		"while :; do echo 012345 >&2; done": true,
	} {
		r, err := h.start(t.Context(), Command{Args: []string{"sh", "-c", script}}, false)
		if err != nil {
			t.Fatal(err)
		}
		ans, err := r.answer(t.Context(), 10)
		if over {
			want(t, err, ErrLost, true, "more than 10 bytes")
		} else if err != nil || ans.Stdout != "0123456789" {
			t.Errorf("%s: %+v, %v", script, ans, err)
		}
	}
}

func TestNoSuchCommand(t *testing.T) {
	_, settings := serve(t)
	h := reach(t, settings)
	for _, args := range [][]string{nil, {""}, {"echo", "a\x00b"}} {
		_, err := h.Exec(t.Context(), Command{Args: args})
		want(t, err, ErrRefused, false, "no command to run")
	}
}
