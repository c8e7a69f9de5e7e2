package remote

import (
	"fmt"
	"strings"
	"testing"

	"glusterd-shares/pkg/gluster"
)

func TestExec(t *testing.T) {
	shows := func(script string, args ...string) []string {
		return append([]string{"sh", "-c", script, "sh"}, args...)
	}
	tests := []struct {
		name  string
		args  []string
		stdin string
		want  gluster.Answer
	}{
		{"arguments arrive as they are", shows(`printf '<%s>' "$@"`, "a b", "$HOME", "", "`id`", "ü\n", "it's", "\\", "!!", "-n", "*", "\x81\x88\xff"), "",
			gluster.Answer{Stdout: "<a b><$HOME><><`id`><ü\n><it's><\\><!!><-n><*><\x81\x88\xff>"}},
		{"both streams and the status", shows("echo out; echo err >&2; exit 7"), "", gluster.Answer{Stdout: "out\n", Stderr: "err\n", Code: 7}},
		{"stdin", shows("cat"), "volume list\nvolume info\n", gluster.Answer{Stdout: "volume list\nvolume info\n"}},
		{"stdin empty", shows("cat; echo end"), "", gluster.Answer{Stdout: "end\n"}},
		{"stdin that nobody reads", shows("echo end"), strings.Repeat("x", 8<<20), gluster.Answer{Stdout: "end\n"}},
		{"no language", shows(`echo "$LC_ALL"`), "", gluster.Answer{Stdout: "C\n"}},
		{"where gluster is", shows(`case $PATH: in */usr/sbin:*) echo yes; esac`), "", gluster.Answer{Stdout: "yes\n"}},
		{"killed", shows("kill -9 $$"), "", gluster.Answer{Code: -1}},
		{"a status as of a missing program", shows("exit 127"), "", gluster.Answer{Code: 127}},
		{"much output", shows("head -c 5000000 /dev/zero"), "", gluster.Answer{Stdout: strings.Repeat("\x00", 5_000_000)}},
		{"no new line at the end", shows("printf x; printf y >&2"), "", gluster.Answer{Stdout: "x", Stderr: "y"}},
	}
	_, settings := serve(t)
	h := reach(t, settings)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := h.Exec(t.Context(), Command{Args: tt.args, Stdin: tt.stdin})
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got %.300s, want %.300s", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", tt.want))
			}
		})
	}
}
