package remote

import (
	"errors"
	"fmt"
	"strings"
)

// shell is what the login shell is asked to run, whatever the command: a POSIX
// shell that reads what to do, one line, from its stdin. bash, dash, zsh, ksh,
// csh, tcsh and fish take it for the same. No word of a command passes through
// the login shell, so that its way of quoting, its history and the length of its
// lines don't matter. A line that was cut off is not run, nor one without the
// mark: a profile that reads may have taken the line that was meant, and what
// comes next is for the command.
func shell(mark string) string {
	return `exec /bin/sh -c 'IFS= read -r c && case $c in "` + mark + ` "*) eval "${c#* }";; *) exit 126;; esac'`
}

// What the shell says, after the mark, before anything else.
const (
	ready   = "ready"   // the command comes next
	missing = "missing" // there is no such program
)

// script is the line for the shell: it says on both streams where the command's
// own output begins, since the login shell may have printed something before,
// and becomes the command. sshd hands on no LC_ALL, and to some users no PATH
// with the places of gluster; sudo keeps both or has its own.
func script(mark string, become bool, args []string) (string, error) {
	if len(args) == 0 || args[0] == "" {
		return "", errors.New("no command")
	}
	var before strings.Builder
	words := make([]string, len(args))
	for i, a := range args {
		if strings.Contains(a, "\x00") {
			return "", fmt.Errorf("a byte 0 in the argument %s: no command takes it", said(a))
		}
		words[i] = quote(a)
		if !plain(a) {
			name := fmt.Sprintf("a%d", i)
			fmt.Fprintf(&before, "%s=$(printf '%s.'); %s=${%s%%.}; ", name, octal(a), name, name)
			words[i] = `"$` + name + `"`
		}
	}
	program := words[0]
	if become {
		program = "sudo"
		words = append([]string{"sudo", "-n", "--"}, words...)
	}
	return fmt.Sprintf(mark+` LC_ALL=C; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export LC_ALL PATH; %s`+
		`if command -v %s >/dev/null 2>&1; then printf '\n%%s\n' %s:%s; printf '\n%%s\n' %s:%s >&2; exec %s; fi; printf '\n%%s\n' %s:%s`,
		before.String(), program, mark, ready, mark, ready, strings.Join(words, " "), mark, missing), nil
}

// plain reports whether all is printable ASCII. Shells differ in what they make
// of other bytes in a line that they read.
func plain(arg string) bool {
	return !strings.ContainsFunc(arg, func(r rune) bool { return r < ' ' || r > '~' })
}

// quote gives a word that a POSIX shell takes for the text as it stands. An empty
// one is a word, too.
func quote(arg string) string { return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'" }

// octal gives the text as the format of a printf.
func octal(arg string) string {
	var b strings.Builder
	for i := range len(arg) {
		fmt.Fprintf(&b, `\%03o`, arg[i])
	}
	return b.String()
}
