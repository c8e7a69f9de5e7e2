package gluster

import (
	"fmt"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// volfileFacts is what tells volumes apart in the volfile of a client. The
// rest of it holds passwords and goes nowhere.
type volfileFacts struct {
	ids    []string // each "option volume-id"
	bricks []string // host:/path of each protocol/client
}

func parseVolfile(text string) volfileFacts {
	var f volfileFacts
	var host, path string
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 1 && words[0] == "end-volume":
			if host != "" && path != "" {
				f.bricks = append(f.bricks, host+":"+path)
			}
			host, path = "", ""
		case len(words) < 3 || words[0] != "option":
		case words[1] == "volume-id":
			f.ids = append(f.ids, words[2])
		case words[1] == "remote-host":
			host = words[2]
		case words[1] == "remote-subvolume":
			path = strings.Join(words[2:], " ")
		}
	}
	return f
}

// identify returns nil where the volfile is that of the volume.
//
// Only a replicated volume's volfile has the id in it, since Gluster 9
// (glusterd-volgen.c set_volfile_id_option). For all others the bricks tell: a
// brick belongs to one volume only, and a client connects to each brick under
// the name that "volume info" shows for it.
func (f volfileFacts) identify(v state.VolumeInfo) error {
	for _, got := range f.ids {
		if got != v.ID {
			return fmt.Errorf("it shows the volume with the id %s, not %s", escape(got, maxShownArg), v.ID)
		}
	}
	if len(f.ids) > 0 {
		return nil
	}
	for _, b := range v.Bricks {
		if !slices.Contains(f.bricks, b) {
			return fmt.Errorf("it has no brick %s, so it is not the volume with the id %s", escape(b, maxShownArg), v.ID)
		}
	}
	if len(v.Bricks) == 0 {
		return fmt.Errorf("the volume with the id %s has no bricks to know it by", v.ID)
	}
	return nil
}
