package gluster

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

var toldArgs = []string{"system::", "getspec", "gluster/nfs"}

// Told returns the options of the NFS server as glusterd hands them to it, by
// the names that they have there. They are what the server goes by, whatever
// volume info shows: glusterd 10.3 writes the server's volfile anew only where
// that changes in size or in a checksum which misses changes
// (glusterd-utils.c glusterd_check_files_identical). It is nil where there is no
// volfile: the server was never started.
func (c *Client) Told(ctx context.Context) (map[string]string, error) {
	return asked(ctx, func(n int) (map[string]string, error) {
		options, err := c.told(ctx)
		c.ran(toldArgs, n, err)
		return options, err
	})
}

func (c *Client) told(ctx context.Context) (map[string]string, error) {
	args := toldArgs
	ans, err := c.run(ctx, commandTimeout, "", xmlArgs(args...)...)
	if err == nil && ans.Code != 0 && strings.TrimSpace(ans.Stdout+ans.Stderr) == "" {
		return nil, nil
	}
	if err == nil && ans.Code != 0 {
		e := &Error{Args: args, Code: ans.Code, Text: ans.Stdout + ans.Stderr}
		e.Kinds = classify(e, false)
		return nil, e
	}
	var options map[string]string
	if err == nil {
		options, err = serverOptionsOf(ans.Stdout)
	}
	if err != nil {
		return nil, &Error{Args: args, Code: ans.Code, Err: err}
	}
	return options, nil
}

// serverOptionsOf finds the options of the NFS server in its volfile. The rest
// holds passwords and goes nowhere.
func serverOptionsOf(volfile string) (map[string]string, error) {
	const head = "volume nfs-server\n"
	_, block, found := strings.Cut("\n"+volfile, "\n"+head)
	if !found {
		return nil, errors.New("the answer has no volume nfs-server")
	}
	block, _, found = strings.Cut(block, "\nend-volume")
	if !found {
		return nil, errors.New("the answer is cut off")
	}
	out := map[string]string{}
	for line := range strings.SplitSeq(block, "\n") {
		option, isOption := strings.CutPrefix(strings.TrimSpace(line), "option ")
		if !isOption {
			continue
		}
		name, value, _ := strings.Cut(option, " ")
		if _, twice := out[name]; twice || name == "" {
			return nil, fmt.Errorf("the answer has the option %q without a name or twice", escape(name, maxShownArg))
		}
		out[name] = value
	}
	return out, nil
}
