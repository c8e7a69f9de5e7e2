package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"glusterd-shares/pkg/state"
)

// Decoder tells what the settings of a cluster's volumes grant. The keys are
// names of volumes, the values their options. told are the options that the
// server was told, by the names that they have there, or nil.
type Decoder interface {
	Decode(settings map[string]map[string]string, told map[string]string) []state.Serving
}

// Endpoint is one desired volume on the host where it is managed: what of it
// can be observed, and what can be done to it. It is used by one goroutine at
// a time, and closed in the end.
type Endpoint struct {
	host    Host
	client  *Client
	volume  state.Volume
	decoder Decoder

	tree    Tree     // nil until the volume's directories were needed
	limited []string // the directories with a limit that were last listed, less those whose limit was taken away since; nil: none were
	opened  string   // the id of the volume that tree is the root of
	lasting *lasting // what does not change in a run; nil until observed

	// Entries of the trash that wait for these directories, and those that others may
	// have cleared away since, because they were made under an earlier lock.
	announced, earlier map[state.FileID]string
}

// NewEndpoint returns the endpoint of the volume on the host.
func NewEndpoint(h Host, c *Client, v state.Volume, d Decoder) *Endpoint {
	return &Endpoint{host: h, client: c, volume: v, decoder: d, announced: map[state.FileID]string{}, earlier: map[state.FileID]string{}}
}

// Begin begins another run on the same target, of which v is desired now. What is
// asked once in a run is asked again, and nothing is taken from what was read in the
// one before: owners and groups may have other numbers by now, and Gluster another
// version. The volume's directories stay open.
func (e *Endpoint) Begin(v state.Volume) {
	e.volume, e.lasting, e.limited = v, nil, nil
	clear(e.announced)
	clear(e.earlier)
}

// Close lets go of the volume's directories, and undoes a mount that was made
// for them.
func (e *Endpoint) Close() error {
	if e.tree == nil {
		return nil
	}
	t := e.tree
	e.tree = nil
	return t.Close()
}

// open finds the volume's directories once. That they are those of a volume which
// was deleted and made anew since then is an error.
func (e *Endpoint) open(ctx context.Context, v state.VolumeInfo) error {
	if e.tree != nil {
		if e.opened != v.ID {
			return fmt.Errorf("volume %s is another one than before: its id was %s and is %s now; run it again", v.Name, e.opened, v.ID)
		}
		return nil
	}
	t, err := e.host.Open(ctx, v)
	if err != nil {
		return err
	}
	e.tree, e.opened = t, v.ID
	return nil
}

// Lock takes the volume's lock. The volume must have been observed before.
func (e *Endpoint) Lock(ctx context.Context, waiting func(holder string)) (Lock, error) {
	maps.Copy(e.earlier, e.announced)
	clear(e.announced)
	return e.tree.Lock(ctx, waiting)
}

// MakeDir makes a directory and gives it its permissions. One that is there
// already is only given the permissions. The error wraps ErrUnknownOutcome
// where the mount gave no answer in time.
//
// Nobody gets into it before it is what it should be: with a declared mode it
// is made for root alone, then given its owner, then the mode. Without one it
// is made with the mode of a new directory at once, since a run that dies in
// between would leave a mode that no later run manages.
func (e *Endpoint) MakeDir(ctx context.Context, path string, perm state.Perm) error {
	mode := uint32(state.NewDirMode)
	if perm.Mode.Managed {
		mode = 0o700
	}
	t := e.tree
	if err := change(ctx, func() error { return t.Mkdir(path, mode) }); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make %s: %w", path, err)
	}
	return e.SetPerm(ctx, path, perm)
}

// SetPerm changes what perm manages of the one directory. The error wraps
// ErrUnknownOutcome where the mount gave no answer in time.
//
// The owner is set before the mode: a wider mode then never lets in the owner
// or group that the directory is taken from.
func (e *Endpoint) SetPerm(ctx context.Context, path string, perm state.Perm) error {
	t := e.tree
	if perm.Owner.Managed || perm.Group.Managed {
		err := change(ctx, func() error { return t.Chown(path, number(perm.Owner), number(perm.Group)) })
		if err != nil {
			return fmt.Errorf("set the owner of %s: %w", path, err)
		}
	}
	if !perm.Mode.Managed {
		return nil
	}
	if err := change(ctx, func() error { return t.Chmod(path, perm.Mode.Bits) }); err != nil {
		return fmt.Errorf("set the mode of %s: %w", path, err)
	}
	return nil
}

func number(id state.ID) *uint32 {
	if !id.Managed {
		return nil
	}
	return &id.Number
}

// EnableQuota switches the volume's quota on.
func (e *Endpoint) EnableQuota(ctx context.Context) error {
	return e.client.EnableQuota(ctx, e.volume.Target.Volume)
}

// SetLimits gives directories their limits with one gluster process, and
// returns an error, or nil, for each.
func (e *Endpoint) SetLimits(ctx context.Context, limits []state.Limit) []error {
	errs := e.client.SetLimits(ctx, e.volume.Target.Volume, limits)
	for i, l := range limits {
		switch {
		case l.Bytes > 0:
			e.limited = nil // the list will be whole
		case errs[i] == nil && e.limited != nil:
			e.limited = slices.DeleteFunc(e.limited, func(dir string) bool { return dir == l.Path })
		}
	}
	return errs
}

// Serve writes the settings of the change with one gluster command.
func (e *Endpoint) Serve(ctx context.Context, c state.ServingChange) error {
	return e.client.Set(ctx, e.volume.Target.Volume, options(c))
}

func options(c state.ServingChange) []Option {
	var out []Option
	for _, s := range c.Settings() {
		out = append(out, Option{Key: s.Key, Value: s.New})
	}
	return out
}

// Revive starts the volume's NFS server where it died.
func (e *Endpoint) Revive(ctx context.Context) error {
	return e.client.StartForce(ctx, e.volume.Target.Volume)
}

// ServeCommand is the command with which Serve makes the change, as a shell
// takes it.
func ServeCommand(volume string, c state.ServingChange) string {
	args := []string{"volume", "set", volume}
	for _, o := range options(c) {
		args = append(args, o.Key, o.Value)
	}
	return shellCommand(args)
}

// ResetCommand is the command that unsets an option, as a shell takes it. The
// program itself never runs it: what is not set may be open.
func ResetCommand(volume, option string) string {
	return shellCommand([]string{"volume", "reset", volume, option})
}

// EnableQuotaCommand is the command with which EnableQuota does it, as a shell
// takes it.
func EnableQuotaCommand(volume string) string { return shellCommand(enableQuotaArgs(volume)) }

// LimitCommand is the command with which SetLimits sets one limit, as a shell
// takes it.
func LimitCommand(volume string, l state.Limit) string { return shellCommand(limitArgs(volume, l)) }

func shellCommand(args []string) string { return "gluster --mode=script " + quoteArgs(args) }
