package sandbox

import (
	"slices"

	"glusterd-shares/pkg/gluster"
)

// commandLine is what stands behind gluster. Its options may stand anywhere.
type commandLine struct {
	words        []string
	xml, version bool
}

func readCommandLine(args []string) commandLine {
	var line commandLine
	for _, a := range args {
		switch a {
		case "--xml":
			line.xml = true
		case "--version":
			line.version = true
		case "--mode=script":
		default:
			line.words = append(line.words, a)
		}
	}
	return line
}

// commands are those that the sandbox knows. args are the words behind the
// command's own two.
var commands = map[string]struct {
	run   func(c *cluster, args []string) (gluster.Answer, error)
	least int // how many words there must be
	most  int // how many there may be; 0: any number
	usage string
}{
	"system:: getspec": {(*cluster).getspec, 1, 1, "system:: getspec <VOLNAME>"},
	"pool list":        {(*cluster).poolList, 0, 0, ""},
	"volume list":      {(*cluster).volumeList, 0, 0, ""},
	"volume info":      {(*cluster).volumeInfo, 0, 1, "volume info [all|<VOLNAME>]"},
	"volume status":    {(*cluster).volumeStatus, 2, 2, statusUsage},
	"volume start":     {(*cluster).volumeStart, 1, 2, startUsage},
	"volume stop":      {(*cluster).volumeStop, 1, 2, stopUsage},
	"volume set":       {(*cluster).volumeSet, 3, 0, setUsage},
	"volume quota":     {(*cluster).volumeQuota, 2, 0, quotaUsage},
	"volume reset":     {(*cluster).volumeReset, 2, 2, "volume reset <VOLNAME> [option] [force]"},
}

// run answers one command.
func (c *cluster) run(words []string) (gluster.Answer, error) {
	if len(words) > 0 && !slices.Contains([]string{"volume", "pool", "system::"}, words[0]) {
		return unrecognized("unrecognized word: " + words[0] + " (position 0)"), nil
	}
	if len(words) < 2 {
		return unrecognized("unrecognized command"), nil
	}
	cmd, ok := commands[words[0]+" "+words[1]]
	switch {
	case !ok:
		return unrecognized("unrecognized word: " + words[1] + " (position 1)"), nil
	case c.daemon.down:
		return connectionFailed, nil
	}
	args := words[2:]
	if len(args) < cmd.least || cmd.most > 0 && len(args) > cmd.most {
		return usage(cmd.usage), nil
	}
	return cmd.run(c, args)
}

// connectionFailed is the answer without a glusterd, also when it dies in the
// middle of a command: plain text, whatever was asked for.
var connectionFailed = gluster.Answer{
	Stdout: "Connection failed. Please check if gluster daemon is operational.\n",
	Code:   1,
}

func usage(text string) gluster.Answer {
	return gluster.Answer{Stderr: "\nUsage:\n" + text + "\n\n", Code: 1}
}

func unrecognized(what string) gluster.Answer {
	return gluster.Answer{Code: 1, Stdout: what + `

 Usage: gluster [options] <help> <peer> <pool> <volume>
 Options:
 --help  Shows the help information
 --version  Shows the version
 --print-logdir  Shows the log directory
 --print-statedumpdir Shows the state dump directory

`}
}
