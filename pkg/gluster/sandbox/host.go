package sandbox

import (
	"context"
	"fmt"
	"strings"

	"glusterd-shares/pkg/gluster"
)

// sandboxHost is one host of a sandbox.
type sandboxHost struct {
	sandbox *Sandbox
	name    string
}

var _ gluster.Host = (*sandboxHost)(nil)

// Reach implements gluster.Host.
func (*sandboxHost) Reach(context.Context) error { return nil }

// Local reports true: in a sandbox every host is as good as this machine.
func (h *sandboxHost) Local(context.Context, string) (bool, error) { return true, nil }

// Gluster answers a command as the gluster program does with --xml, or several
// that stand on stdin. Without --xml it knows only --version.
func (h *sandboxHost) Gluster(ctx context.Context, stdin string, args ...string) (gluster.Answer, error) {
	if err := context.Cause(ctx); err != nil {
		return gluster.Answer{Code: -1}, err
	}
	line := readCommandLine(args)
	switch {
	case line.version:
		return gluster.Answer{Stdout: versionText}, nil
	case !line.xml:
		return gluster.Answer{Code: -1}, fmt.Errorf("the sandbox answers gluster %q only with --xml", line.words)
	}
	if len(line.words) == 0 && stdin != "" {
		return h.interactive(ctx, stdin)
	}
	return h.command(line.words)
}

func (h *sandboxHost) command(words []string) (gluster.Answer, error) {
	ans := gluster.Answer{Code: -1}
	err := h.sandbox.locked(h.name, func(c *cluster) (err error) {
		ans, err = c.run(words)
		return err
	})
	return ans, err
}

// interactive answers commands that are written to gluster's stdin, one a line,
// each by a document of its own. As gluster does, it goes on after a refusal,
// and ends when glusterd is gone. The exit status is the last command's.
func (h *sandboxHost) interactive(ctx context.Context, stdin string) (gluster.Answer, error) {
	all := gluster.Answer{Stderr: "Welcome to gluster prompt, type 'help' to see the available commands.\n"}
	for line := range strings.Lines(stdin) {
		if err := context.Cause(ctx); err != nil {
			all.Code = -1
			return all, err
		}
		ans, err := h.command(strings.Fields(line))
		if err != nil {
			return ans, err
		}
		if ans.Stdout == connectionFailed.Stdout {
			all.Code = ans.Code
			if all.Stdout == "" {
				all.Stdout, all.Code = ans.Stdout, 110
			}
			return all, nil
		}
		all.Stdout, all.Stderr, all.Code = all.Stdout+ans.Stdout, all.Stderr+ans.Stderr, ans.Code
	}
	return all, nil
}

const versionText = `glusterfs 10.3
Repository revision: git://git.gluster.org/glusterfs.git
Copyright (c) 2006-2016 Red Hat, Inc. <https://www.gluster.org/>
GlusterFS comes with ABSOLUTELY NO WARRANTY.
It is licensed to you under your choice of the GNU Lesser
General Public License, version 3 or any later version (LGPLv3
or later), or the GNU General Public License, version 2 (GPLv2),
in all cases as published by the Free Software Foundation.
`
