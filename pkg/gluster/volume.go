package gluster

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"glusterd-shares/pkg/state"
)

// Volume is what Gluster says of a volume.
type Volume struct {
	Name    string
	ID      string
	Started bool
	Bricks  []string // host:/path, in Gluster's order

	// Options are those that are explicitly set. Global ones stand in each
	// volume that carries them.
	Options map[string]string
}

// Info is the part of it that a plan speaks of.
func (v Volume) Info() state.VolumeInfo {
	return state.VolumeInfo{Name: v.Name, ID: v.ID, Started: v.Started, Bricks: v.Bricks}
}

type volumesXML struct {
	Count   *int        `xml:"count"`
	Volumes []volumeXML `xml:"volume"`
}

type volumeXML struct {
	Name    string      `xml:"name"`
	ID      string      `xml:"id"`
	Status  string      `xml:"status"`
	Bricks  []string    `xml:"bricks>brick"`
	Options []optionXML `xml:"options>option"`
}

type optionXML struct {
	Name  string `xml:"name"`
	Value string `xml:"value"`
}

type listXML struct {
	Count *int `xml:"count"`
}

var volumesArgs = []string{"volume", "info"}

// Volumes returns all volumes of the cluster, in Gluster's order. None is no
// error, if Gluster really says so.
func (c *Client) Volumes(ctx context.Context) ([]Volume, error) {
	args := volumesArgs
	r, err := c.read(ctx, args...)
	if err != nil {
		return nil, err
	}
	vols, err := r.Volumes.volumes()
	if err == nil && len(vols) == 0 {
		err = c.confirmNoVolumes(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("gluster %s: %w", showArgs(args), err)
	}
	return vols, nil
}

// confirmNoVolumes asks a second time in another way. "volume info" begins its
// document before it asks glusterd, and ends it with opRet 0 and count 0 also
// when the first request to glusterd fails (10.3, cli-rpc-ops.c
// gf_cli_get_next_volume).
func (c *Client) confirmNoVolumes(ctx context.Context) error {
	r, err := c.read(ctx, "volume", "list")
	if err != nil {
		return err
	}
	if r.List == nil || r.List.Count == nil || *r.List.Count != 0 {
		return errors.New("the answer has no volumes, but \"gluster volume list\" doesn't say that there are none; run it again")
	}
	return nil
}

// volumes checks that the list is whole. It is an error where anything is
// missing, double, or can't be what it should be.
func (x *volumesXML) volumes() ([]Volume, error) {
	switch {
	case x == nil:
		return nil, errors.New("the answer has no volumes element")
	case x.Count == nil:
		return nil, errors.New("the answer doesn't say how many volumes there are")
	case *x.Count != len(x.Volumes):
		return nil, fmt.Errorf("the answer has %d volumes and says %d", len(x.Volumes), *x.Count)
	}
	var out []Volume
	for _, vx := range x.Volumes {
		v, err := vx.volume()
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(w Volume) bool { return w.Name == v.Name || w.ID == v.ID }) {
			return nil, fmt.Errorf("volume %s stands twice in the answer", v.Name)
		}
		out = append(out, v)
	}
	return out, nil
}

// What glusterd lets a volume be called, and what an id looks like.
var (
	volumeName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)
	volumeID   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

func (x volumeXML) volume() (Volume, error) {
	v := Volume{Name: x.Name, ID: x.ID, Started: x.Status == "1", Options: map[string]string{}}
	switch {
	case !volumeName.MatchString(x.Name):
		return v, fmt.Errorf("the answer has a volume with the name %q", escape(x.Name, maxShownArg))
	case !volumeID.MatchString(x.ID):
		return v, fmt.Errorf("volume %s has the id %q", x.Name, escape(x.ID, maxShownArg))
	case !slices.Contains([]string{"0", "1", "2"}, x.Status): // created, started, stopped
		return v, fmt.Errorf("volume %s has the status %q", x.Name, escape(x.Status, maxShownArg))
	}
	for _, b := range x.Bricks {
		v.Bricks = append(v.Bricks, strings.TrimSpace(b))
	}
	for _, o := range x.Options {
		if _, double := v.Options[o.Name]; double || o.Name == "" {
			return v, fmt.Errorf("volume %s has the option %q without a name or twice", x.Name, escape(o.Name, maxShownArg))
		}
		v.Options[o.Name] = o.Value
	}
	return v, nil
}
