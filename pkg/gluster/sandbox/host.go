package sandbox

import (
	"context"
	"errors"
	"fmt"

	"glusterd-shares/pkg/gluster"
)

// sandboxHost is one host of a sandbox.
type sandboxHost struct {
	sandbox *Sandbox
	name    string
}

var _ gluster.Host = (*sandboxHost)(nil)

// Local reports true: in a sandbox every host is as good as this machine.
func (h *sandboxHost) Local(context.Context, string) (bool, error) { return true, nil }

// Gluster answers a command as the gluster program does with --xml. Without
// --xml it knows only --version, and it reads no commands from stdin.
func (h *sandboxHost) Gluster(ctx context.Context, stdin string, args ...string) (gluster.Answer, error) {
	if err := context.Cause(ctx); err != nil {
		return gluster.Answer{Code: -1}, err
	}
	line := readCommandLine(args)
	switch {
	case stdin != "":
		return gluster.Answer{Code: -1}, errors.New("the sandbox reads no commands from stdin")
	case line.version:
		return gluster.Answer{Stdout: versionText}, nil
	case !line.xml:
		return gluster.Answer{Code: -1}, fmt.Errorf("the sandbox answers gluster %q only with --xml", line.words)
	}
	ans := gluster.Answer{Code: -1}
	err := h.sandbox.locked(h.name, func(c *cluster) (err error) {
		ans, err = c.run(line.words)
		return err
	})
	return ans, err
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
