// Package sshserver is an SSH server for tests, which needs neither root nor a program: it
// runs what it is asked to by a shell of this machine, as the user who runs the test.
package sshserver

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/crypto/ssh"
)

// Server serves connections.
type Server struct {
	Config   *ssh.ServerConfig // who is let in; it is not changed
	Keys     []ssh.Signer      // of the host
	Sessions int               // on a connection; 0: any number, less: none
	Linger   time.Duration     // how long a session that is over still counts as one of them

	// Exec runs a command; LoginShell makes one.
	Exec func(c ssh.Channel, command string)
}

// Serve serves one connection until it ends.
func (s Server) Serve(conn net.Conn) {
	config := *s.Config
	for _, k := range s.Keys {
		config.AddHostKey(k)
	}
	c, channels, requests, err := ssh.NewServerConn(conn, &config)
	if err != nil {
		_ = conn.Close()
		return
	}
	defer c.Close()
	go ssh.DiscardRequests(requests)
	open := 0
	closed := make(chan struct{}, 100)
	over := make(chan struct{})
	defer close(over)
	for {
		select {
		case <-closed:
			open--
		case n, more := <-channels:
			if !more {
				return
			}
			if s.Sessions != 0 && open >= s.Sessions {
				_ = n.Reject(ssh.ConnectionFailed, "open failed")
				continue
			}
			open++
			ch, asked, err := n.Accept()
			if err == nil {
				go func() {
					s.session(ch, asked)
					select {
					case <-time.After(s.Linger):
					case <-over:
					}
					closed <- struct{}{}
				}()
			}
		}
	}
}

func (s Server) session(c ssh.Channel, asked <-chan *ssh.Request) {
	var running sync.WaitGroup
	defer running.Wait()
	for r := range asked {
		var arg struct{ Command string }
		is := r.Type == "exec" && ssh.Unmarshal(r.Payload, &arg) == nil
		if r.WantReply {
			_ = r.Reply(is, nil)
		}
		if is {
			running.Go(func() {
				s.Exec(c, arg.Command)
				_ = c.Close()
			})
		}
	}
}

// Listen serves connections to a port of 127.0.0.1 until the end is called, which ends
// those that there are.
func (s Server) Listen() (port int, end func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, nil, err
	}
	var mu sync.Mutex
	var conns []net.Conn
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, conn)
			mu.Unlock()
			serving.Go(func() { s.Serve(conn) })
		}
	})
	return l.Addr().(*net.TCPAddr).Port, func() {
		_ = l.Close()
		mu.Lock()
		for _, c := range conns {
			_ = c.Close()
		}
		mu.Unlock()
		serving.Wait()
	}, nil
}

// LoginShell runs commands as sshd does, by a shell that runs a profile first: a text
// that ends with a semicolon, or nothing. The environment is this one's PATH and env.
func LoginShell(shell, profile string, env []string) func(ssh.Channel, string) {
	return func(c ssh.Channel, command string) {
		cmd := exec.Command(shell, "-c", profile+command)
		cmd.Stdout, cmd.Stderr = c, c.Stderr()
		cmd.Env = slices.Concat([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=xx"}, env)
		stdin, err := cmd.StdinPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			Exit(c, 255)
			return
		}
		go func() {
			_, _ = io.Copy(stdin, c)
			_ = stdin.Close()
		}()
		var bad *exec.ExitError
		switch err := cmd.Wait(); {
		case errors.As(err, &bad) && bad.Sys().(syscall.WaitStatus).Signaled():
			kill(c, "KILL")
		case errors.As(err, &bad):
			Exit(c, bad.ExitCode())
		case err != nil:
			Exit(c, 255)
		default:
			Exit(c, 0)
		}
	}
}

// Exit tells that the command has ended, and how.
func Exit(c ssh.Channel, status int) {
	_, _ = c.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{uint32(status)}))
}

// kill tells that the command was ended by a signal.
func kill(c ssh.Channel, signal string) {
	_, _ = c.SendRequest("exit-signal", false, ssh.Marshal(struct {
		Signal     string
		Core       bool
		Text, Lang string
	}{Signal: signal}))
}
