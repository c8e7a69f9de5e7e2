package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"glusterd-shares/test/sshserver"
)

// startSSHD is
//
//	sshd [NAME=VALUE...]
//
// It makes 127.0.0.1 a host that is reached by SSH until the script ends. HOME is the
// script's directory then; whoever has the key ~/.ssh/id_ed25519 is let in, and
// ~/.ssh/known_hosts knows the host. PORT is its port, and FINGERPRINT that of its key;
// they are filled in for $PORT and $FINGERPRINT in each file NAME.in, which becomes
// NAME. ~/other is a key that nobody knows. There, programs in the script's directory
// "far" come before those of this machine. With
//
//	password=TEXT    who knows this is let in, and no key
//	passphrase=TEXT  ~/locked is the key, encrypted
//	profile=COMMAND  the login shell runs this first
//	shell=PROGRAM    this is the login shell, of "far"
//	programs=far     there are no others in PATH
func startSSHD(ts *testscript.TestScript, neg bool, args []string) {
	given := map[string]string{}
	for _, a := range args {
		name, value, _ := strings.Cut(a, "=")
		given[name] = value
	}
	if neg {
		ts.Fatalf("usage: sshd [NAME=VALUE...]")
	}
	home := ts.MkAbs(".")
	ts.Setenv("HOME", home)
	makeExecutable(ts, filepath.Join(home, "far"))
	host, user := newSSHKey(ts), newSSHKey(ts)
	writeSSHKey(ts, filepath.Join(home, ".ssh", "id_ed25519"), user, "")
	writeSSHKey(ts, filepath.Join(home, "other"), newSSHKey(ts), "")
	if passphrase := given["passphrase"]; passphrase != "" {
		writeSSHKey(ts, filepath.Join(home, "locked"), user, passphrase)
	}
	server := sshserver.Server{
		Config: lettingIn(signerOf(ts, user).PublicKey(), given["password"]),
		Keys:   []ssh.Signer{signerOf(ts, host)}, Exec: loginShell(home, given),
	}
	port, end, err := server.Listen()
	ts.Check(err)
	ts.Defer(end)
	ts.Setenv("PORT", strconv.Itoa(port))
	ts.Setenv("FINGERPRINT", ssh.FingerprintSHA256(server.Keys[0].PublicKey()))
	known := knownhosts.Line([]string{knownhosts.Normalize(fmt.Sprintf("127.0.0.1:%d", port))}, server.Keys[0].PublicKey())
	ts.Check(os.WriteFile(filepath.Join(home, ".ssh", "known_hosts"), []byte(known+"\n"), 0o600))
	fillIn(ts, home)
}

// loginShell is the login shell that a script asks for.
func loginShell(home string, given map[string]string) func(ssh.Channel, string) {
	far, shell, profile := filepath.Join(home, "far"), "/bin/sh", given["profile"]
	path := far + ":" + os.Getenv("PATH")
	if given["programs"] == "far" {
		path = far
	}
	if name := given["shell"]; name != "" {
		shell = filepath.Join(far, name)
	}
	if profile != "" {
		profile += "\n"
	}
	return sshserver.LoginShell(shell, profile, []string{"PATH=" + path, "WORK=" + home})
}

// makeExecutable lets the files of a directory be run, where there is one.
func makeExecutable(ts *testscript.TestScript, dir string) {
	programs, err := filepath.Glob(filepath.Join(dir, "*"))
	ts.Check(err)
	for _, p := range programs {
		ts.Check(os.Chmod(p, 0o755))
	}
}

// fillIn makes of each file NAME.in the file NAME.
func fillIn(ts *testscript.TestScript, dir string) {
	templates, err := filepath.Glob(filepath.Join(dir, "*.in"))
	ts.Check(err)
	for _, file := range templates {
		text, err := os.ReadFile(file)
		ts.Check(err)
		filled := os.Expand(string(text), ts.Getenv)
		ts.Check(os.WriteFile(strings.TrimSuffix(file, ".in"), []byte(filled), 0o644))
	}
}

// lettingIn lets in by a key, or by a password where there is one.
func lettingIn(key ssh.PublicKey, password string) *ssh.ServerConfig {
	no := errors.New("no")
	if password != "" {
		return &ssh.ServerConfig{PasswordCallback: func(_ ssh.ConnMetadata, p []byte) (*ssh.Permissions, error) {
			if string(p) != password {
				return nil, no
			}
			return nil, nil
		}}
	}
	return &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, k ssh.PublicKey) (*ssh.Permissions, error) {
		if string(k.Marshal()) != string(key.Marshal()) {
			return nil, no
		}
		return nil, nil
	}}
}

func newSSHKey(ts *testscript.TestScript) ed25519.PrivateKey {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	return private
}

func signerOf(ts *testscript.TestScript, key ed25519.PrivateKey) ssh.Signer {
	s, err := ssh.NewSignerFromKey(key)
	ts.Check(err)
	return s
}

// writeSSHKey makes the file of a key, encrypted where there is a passphrase.
func writeSSHKey(ts *testscript.TestScript, file string, key ed25519.PrivateKey, passphrase string) {
	block, err := ssh.MarshalPrivateKey(key, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}
	ts.Check(err)
	ts.Check(os.MkdirAll(filepath.Dir(file), 0o700))
	ts.Check(os.WriteFile(file, pem.EncodeToMemory(block), 0o600))
}
