package gluster

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"glusterd-shares/pkg/state"
)

// lasting is what is asked once in a run.
type lasting struct {
	version        Version
	here           bool // the target's host is the one that is asked
	owners, groups map[string]uint32
}

// Observe reads what the volume and its cluster are like: one volume info of
// all volumes, the state of the NFS server and of the peers beside it, one list
// of limits where a size is declared, and one pass over the declared
// directories, however many shares there are. A volume that isn't there or isn't
// started is no error; of it no directories are read.
func (e *Endpoint) Observe(ctx context.Context) (state.Actual, error) {
	a, _, err := e.observe(ctx, e.sized())
	return a, err
}

// observe is Observe that asks for limits and uses of the directories measured,
// which hold all that declare a size; it gives the answers, too.
func (e *Endpoint) observe(ctx context.Context, measured []string) (a state.Actual, r readings, err error) {
	if r, err = e.ask(ctx); err != nil {
		return a, r, err
	}
	a = state.Actual{
		Version: e.lasting.version.String(),
		Server:  r.server,
		Peers:   r.peers,
		Owners:  e.lasting.owners,
		Groups:  e.lasting.groups,
	}
	a.Problems = e.problems()
	a.Quota.On = quotaOn(r.volumes, e.volume.Target.Volume)
	settings := map[string]map[string]string{}
	for _, v := range r.volumes {
		settings[v.Name] = serverOptions(v.Options)
		if v.Name == e.volume.Target.Volume {
			a.Volume = v.Info()
		}
	}
	for _, s := range e.decoder.Decode(settings, r.told) {
		if s.Volume == e.volume.Target.Volume {
			a.Serving = s
		} else {
			a.Others = append(a.Others, s)
		}
	}
	if !a.Volume.Started || len(a.Problems) > 0 {
		return a, r, nil
	}
	err = together(
		func() error { return e.lookAround(ctx, &a) },
		func() error { e.askLimits(ctx, &r, measured); return nil },
	)
	if err != nil {
		return a, r, err
	}
	e.relist(ctx, &r, measured, a.Dirs)
	return a, r, e.quota(&a, r)
}

// lookAround adds what is seen in the volume.
func (e *Endpoint) lookAround(ctx context.Context, a *state.Actual) error {
	if err := e.open(ctx, a.Volume); err != nil {
		return err
	}
	return together(
		func() error { return e.lookAtDirs(ctx, a) },
		func() error { return e.lookAtSpace(ctx, a) },
	)
}

func (e *Endpoint) lookAtDirs(ctx context.Context, a *state.Actual) (err error) {
	if a.Dirs, err = e.dirs(ctx); err != nil {
		return err
	}
	if a.Leaving, err = e.leaving(ctx, a.Dirs); err != nil {
		return err
	}
	a.Trashed = e.inTrash(ctx, a.Dirs)
	return nil
}

// lookAtSpace adds how large the volume is, where a share declares a size or has to go.
func (e *Endpoint) lookAtSpace(ctx context.Context, a *state.Actual) (err error) {
	if len(e.sized()) == 0 {
		return nil
	}
	t := e.tree
	if a.Quota.Space, err = look(ctx, t.Space); err != nil {
		return fmt.Errorf("ask how large the volume is: %w", err)
	}
	return nil
}

// relist asks for limits again while the list says nothing of a directory that is
// there: another list may have come in between, or the directory was just made.
func (e *Endpoint) relist(ctx context.Context, r *readings, measured []string, dirs map[string]state.Dir) {
	for n := 1; n < listTries && r.usage != nil && unlisted(r.usage, measured, dirs) != ""; n++ {
		if wait(ctx, e.client.backoff(n)) != nil {
			return
		}
		r.usage, r.usageErr = e.client.Usage(ctx, e.volume.Target.Volume, measured)
	}
}

// unlisted is a directory that is there, and of which the list says nothing.
func unlisted(usage map[string]state.Usage, measured []string, dirs map[string]state.Dir) string {
	for _, p := range measured {
		if _, listed := usage[p]; !listed && dirs[p].Kind == state.Directory {
			return p
		}
	}
	return ""
}

// quota adds what was read of limits and uses, where a share declares a size or has
// to go.
func (e *Endpoint) quota(a *state.Actual, r readings) error {
	if len(e.sized()) == 0 || !a.Quota.On { // then there is no list
		return nil
	}
	if p := unlisted(r.usage, e.sized(), a.Dirs); p != "" && r.usageErr == nil {
		return fmt.Errorf("gluster's list of limits says nothing of %s, which is there", escape(p, maxShownArg))
	}
	a.Quota.Usage, a.Quota.Limited, a.Quota.Unlisted = r.usage, r.limited, r.unlisted
	return errors.Join(r.usageErr, r.limitedErr)
}

// retires reports whether a directory has to go.
func (e *Endpoint) retires() bool { return slices.ContainsFunc(e.volume.Shares, state.Share.Leaves) }

// sized are the directories of the shares that declare a size, or have to go:
// their limits go before them.
func (e *Endpoint) sized() []string {
	var out []string
	for _, s := range e.volume.Shares {
		if s.Size.Managed || s.Leaves() {
			out = append(out, s.Dir())
		}
	}
	return out
}

// serverOptions are the options that concern the NFS server.
func serverOptions(all map[string]string) map[string]string {
	out := maps.Clone(all)
	maps.DeleteFunc(out, func(k, _ string) bool { return !strings.HasPrefix(k, "nfs.") })
	return out
}

// readings are the answers of one look at the cluster.
type readings struct {
	volumes []Volume
	server  state.ServerStatus
	told    map[string]string // nil where no server was ever told anything
	peers   []state.Peer

	// Lists of limits are asked for where quota is on.
	usage    map[string]state.Usage
	usageErr error

	limited    []string // all directories with a limit, where one has to go
	unlisted   string   // why they can't be told
	limitedErr error
}

// ask runs what has to be asked before anything is looked at, side by side.
func (e *Endpoint) ask(ctx context.Context) (readings, error) {
	var r readings
	if err := e.host.Reach(ctx); err != nil {
		return r, err
	}
	err := together(
		func() error { return e.askCluster(ctx, &r) },
		func() error { return e.askOnce(ctx) },
	)
	return r, err
}

// askLimits asks one thing after the other, and when the cluster was asked: a list of
// limits takes the volume's lock, which volume status needs as well, and of two lists
// at once one may be torn (10.3).
func (e *Endpoint) askLimits(ctx context.Context, r *readings, measured []string) {
	if !quotaOn(r.volumes, e.volume.Target.Volume) {
		return
	}
	r.usage, r.usageErr = e.client.Usage(ctx, e.volume.Target.Volume, measured)
	if e.retires() {
		e.askLimited(ctx, r)
	}
}

// askLimited asks which directories have a limit. To take one away can turn the
// list blank, where the directory is gone that had got one before it (10.3): as
// long as nobody sets one it is what it was, less what was taken away.
func (e *Endpoint) askLimited(ctx context.Context, r *readings) {
	r.limited, r.unlisted, r.limitedErr = e.client.Limited(ctx, e.volume.Target.Volume)
	switch {
	case r.limitedErr != nil:
	case r.unlisted == "":
		e.limited = append([]string{}, r.limited...)
	case e.limited != nil:
		r.limited, r.unlisted = slices.Clone(e.limited), ""
	}
}

func quotaOn(volumes []Volume, name string) bool {
	return slices.ContainsFunc(volumes, func(v Volume) bool { return v.Name == name && v.Options["features.quota"] == "on" })
}

// askCluster asks what glusterd answers at once, by one process where it can.
func (e *Endpoint) askCluster(ctx context.Context, r *readings) error {
	volume := e.volume.Target.Volume
	if !volumeName.MatchString(volume) {
		return badVolumeName(volume)
	}
	c := e.client.ahead(ctx, volumesArgs, peersArgs, statusArgs(volume), toldArgs)
	return together(
		func() (err error) { r.volumes, err = c.Volumes(ctx); return err },
		func() (err error) { r.peers, err = c.Peers(ctx); return err },
		func() (err error) { r.server, err = status(ctx, c, volume); return err },
		func() (err error) { r.told, err = c.Told(ctx); return err },
	)
}

// status leaves it to volume info to say that there is no such volume, or that
// it is not started.
func status(ctx context.Context, c *Client, volume string) (state.ServerStatus, error) {
	s, err := c.Status(ctx, volume)
	if errors.Is(err, ErrNoVolume) || errors.Is(err, ErrNotStarted) {
		return state.ServerStatus{Built: true}, nil
	}
	return s, err
}

// askOnce asks for what does not change in a run.
func (e *Endpoint) askOnce(ctx context.Context) error {
	if e.lasting != nil {
		return nil
	}
	var l lasting
	var owners, groups []string
	for _, s := range e.volume.Shares {
		owners, groups = appendName(owners, s.Owner), appendName(groups, s.Group)
	}
	err := together(
		func() (err error) { l.version, err = e.client.Version(ctx); return err },
		func() (err error) { l.here, err = e.host.Local(ctx, e.volume.Target.Host); return err },
		func() (err error) { l.owners, l.groups, err = e.host.Numbers(ctx, owners, groups); return err },
	)
	if err == nil {
		e.lasting = &l
	}
	return err
}

func appendName(names []string, name string) []string {
	if name == "" || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// together runs the functions side by side, waits for all of them, and returns
// the error of the first that has one.
func together(fs ...func() error) error {
	errs := make([]error, len(fs))
	var wg sync.WaitGroup
	for i, f := range fs {
		wg.Go(func() { errs[i] = f() })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// problems are what no plan can get around.
func (e *Endpoint) problems() []state.Problem {
	at := state.Problem{Pos: e.volume.Pos, Path: e.volume.Path + ".target"}
	if v := e.lasting.version; !v.AtLeast(MinVersion) {
		at.Text = fmt.Sprintf("this is Gluster %s", v)
		at.Mend = fmt.Sprintf("upgrade to %s or newer", MinVersion)
		return []state.Problem{at}
	}
	if !e.lasting.here {
		at.Text = fmt.Sprintf("%s is not this machine", e.volume.Target.Host)
		at.Mend = "run it there, name a user in the target to reach it by SSH (root@host:/volume), or write a name or an address of this machine"
		return []state.Problem{at}
	}
	return nil
}

// dirs reads the directories of the declared shares, and those on the way to
// them.
func (e *Endpoint) dirs(ctx context.Context) (map[string]state.Dir, error) {
	paths := e.paths()
	t, out := e.tree, map[string]state.Dir{}
	dirs, err := lookAtMany(ctx, len(paths), func() ([]state.Dir, error) { return t.Stat(paths...) })
	if err != nil {
		return nil, fmt.Errorf("look at the directories of the shares: %w", err)
	}
	for i, p := range paths {
		out[p] = dirs[i]
	}
	return out, nil
}

// paths are the directories of the declared shares, and those on the way to
// them.
func (e *Endpoint) paths() []string {
	var out []string
	known := map[string]bool{"/": true}
	for _, s := range e.volume.Shares {
		for p := s.Dir(); !known[p]; p = path.Dir(p) {
			known[p] = true
			out = append(out, p)
		}
	}
	return out
}

// identity tells one directory from others.
func (e *Endpoint) identity(ctx context.Context, p string) (state.FileID, error) {
	t := e.tree
	ids, err := look(ctx, func() ([]state.FileID, error) { return t.Identity(p) })
	if err != nil {
		return state.FileID{}, err
	}
	return ids[0], nil
}

// stat looks at one path.
func (e *Endpoint) stat(ctx context.Context, p string) (state.Dir, error) {
	t := e.tree
	dirs, err := look(ctx, func() ([]state.Dir, error) { return t.Stat(p) })
	if err != nil {
		return state.Dir{}, err
	}
	return dirs[0], nil
}
