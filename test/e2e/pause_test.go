//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// pauser stands before gluster on the program's PATH. From the n-th command with
// these words on, each tells that it is there and waits to be let go, until one was.
// Commands may be on stdin; who gives them there does not wait for long, and asks
// again by itself.
const pauser = `#!/bin/bash
dir=$(dirname "$0")
given=" $* "
if [ "$*" = "--mode=script --xml" ]; then
  mapfile -t lines
  given=" ${lines[*]} "
fi
case "$given" in *%q*)
  echo >>"$dir/count"
  if [ "$(wc -l <"$dir/count")" -ge %d ] && [ ! -e "$dir/released" ]; then
    echo >"$dir/arrived"
    read -r <"$dir/go"
  fi ;;
esac
[ ${#lines[@]} = 0 ] || exec /usr/sbin/gluster "$@" < <(printf '%%s\n' "${lines[@]}")
exec /usr/sbin/gluster "$@"
`

// Paused is a run of the program that waits before one of its commands.
type Paused struct {
	*running
	b    *Bed
	dir  string
	goOn *os.File
}

// Pause starts the program and gives it once it has come to the n-th command of
// gluster with these words in it. It has to be let go by Finish.
func (b *Bed) Pause(n int, words string, args ...string) *Paused {
	b.Helper()
	dir, away := b.before(fmt.Sprintf(pauser, " "+words+" ", n))
	b.Cleanup(away)
	p := &Paused{b: b, dir: dir}
	arrived := p.fifo("arrived")
	p.goOn = p.fifo("go")
	p.running = b.start(p.dir, args...)
	if err := arrived.SetReadDeadline(time.Now().Add(patience)); err != nil {
		b.Fatal(err)
	}
	if _, err := arrived.Read(make([]byte, 1)); err != nil {
		b.Fatalf("the program did not come to %q: %v", words, err)
	}
	return p
}

// fifo makes a named pipe and opens both of its ends.
func (p *Paused) fifo(name string) *os.File {
	p.b.Helper()
	path := filepath.Join(p.dir, name)
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		p.b.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		p.b.Fatal(err)
	}
	p.b.Cleanup(func() { f.Close() })
	return f
}

// Finish lets the run go on and gives how it ended.
func (p *Paused) Finish() Result {
	p.b.Helper()
	p.letGo()
	return p.wait()
}

// letGo lets the command go on.
func (p *Paused) letGo() {
	p.b.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, "released"), nil, 0o600); err != nil {
		p.b.Fatal(err)
	}
	// One that was given up may wait beside it: over SSH nobody ends that.
	if _, err := p.goOn.WriteString("\n\n\n\n"); err != nil {
		p.b.Fatal(err)
	}
}
