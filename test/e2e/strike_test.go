//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// moment is where in a run something is struck: at a command of gluster that it
// gives.
//
// A command that changes something is named by its kind and how often the kind was
// met, such as set-2; one that asks by the last change before it as well, such as
// set-2.list-1, or start.look-1 where there was none. What the kinds are the striker
// tells.
type moment struct {
	name    string
	command string // empty: before the program is started
	when    string // before, during, after
}

// striker stands before gluster on the program's PATH and strikes once.
const striker = `#!/bin/bash
here=$(dirname "$0") glusterd=%[1]s volume=%[2]s brick=%[3]s mnt=%[4]s tool=$PPID
dies() { kill -9 "$@" && for p; do tail -s .02 --pid="$p" -f /dev/null; done; }
strike() {
  (%[5]s
  ) >"$here/said" 2>&1
  echo $? >"$here/struck"
}
if [ "$1" = strike ]; then strike; exit; fi

given=" $* "
if [ "$*" = "--mode=script --xml" ]; then
  mapfile -t lines
  given=" ${lines[*]} "
fi
run() {
  if [ ${#lines[@]} = 0 ]; then /usr/sbin/gluster "$@"; else printf '%%s\n' "${lines[@]}" | /usr/sbin/gluster "$@"; fi
}
case $given in
  *" volume set "*) kind=set changes=yes ;;
  *" limit-usage "*) kind=limits changes=yes ;;
  *" volume quota $volume remove "*) kind=unlimit changes=yes ;;
  *" volume quota $volume list ") kind=list ;;
  *" volume info "*) kind=look ;;
  *) kind=other ;;
esac
since=$(cat "$here/since" 2>/dev/null || echo start)
name=$since.$kind
[ -z "$changes" ] || name=$kind
echo >>"$here/met.$name"
name=$name-$(wc -l <"$here/met.$name")
[ -z "$changes" ] || echo "$name" >"$here/since"
if [ "$name" != %[6]q ] || [ -e "$here/struck" ]; then
  run "$@"
  exit
fi
stored() { stat -c %%i:%%Y:%%Z:%%s /var/lib/glusterd/vols/*/info /var/lib/glusterd/vols/*/quota.conf 2>/dev/null; }
case %[7]s in
  before)
    strike
    ! kill -0 $tool || run "$@" ;; # it would not have got there
  during)
    before=$(stored)
    run "$@" &
    while kill -0 $! 2>/dev/null && [ "$(stored)" = "$before" ]; do :; done
    ! kill -0 $! 2>/dev/null || touch "$here/in-time"
    strike
    wait $! ;;
  after) run "$@"; code=$?; strike; exit $code ;;
esac
`

// ambush makes the striker for a run on a volume, and gives the directory that it
// has to be found in.
func (b *Bed) ambush(vol string, at moment, strike string) (dir string) {
	b.Helper()
	dir = b.TempDir()
	state := "/var/tmp/gds-" + b.instance
	if at.when == "" {
		at.when = "before"
	}
	script := fmt.Sprintf(striker, b.glusterdPID(), vol, state+"/brick/"+vol, state+"/mnt", strike, at.command, at.when)
	if err := os.WriteFile(filepath.Join(dir, "gluster"), []byte(script), 0o700); err != nil {
		b.Fatal(err)
	}
	return dir
}

// strikeNow strikes where no run is under way.
func (b *Bed) strikeNow(dir string) {
	b.Helper()
	b.Run(filepath.Join(dir, "gluster"), "strike")
}

// struck checks that the striker has struck, and hit. It may take longer than the run
// that it has killed.
func (b *Bed) struck(dir string) {
	b.Helper()
	b.Eventually(func() string {
		code, err := os.ReadFile(filepath.Join(dir, "struck"))
		switch {
		case err != nil:
			return fmt.Sprintf("nothing was struck (%v): the run did not come so far, or goes another way; it has met %v", err, met(dir))
		case string(code) == "0\n":
			return ""
		}
		said, err := os.ReadFile(filepath.Join(dir, "said"))
		return fmt.Sprintf("what was to go wrong did not: %s%s (%v)", code, said, err)
	})
}

// inTime reports whether what was to be struck during a command was: the command had not
// ended by itself.
func (b *Bed) inTime(dir string) bool {
	b.Helper()
	_, err := os.Stat(filepath.Join(dir, "in-time"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		b.Fatal(err)
	}
	return err == nil
}

// met are the commands that the striker has met, but for how often.
func met(dir string) []string {
	paths, err := filepath.Glob(filepath.Join(dir, "met.*"))
	if err != nil {
		panic(err)
	}
	for i, p := range paths {
		paths[i] = strings.TrimPrefix(filepath.Base(p), "met.")
	}
	return paths
}
