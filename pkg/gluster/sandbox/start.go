package sandbox

import "glusterd-shares/pkg/gluster"

const (
	startUsage = "volume start <VOLNAME> [force]"
	stopUsage  = "volume stop <VOLNAME> [force]"
)

// volumeStart is volume start VOLUME [force]. With force it also starts what
// of a started volume doesn't run.
func (c *cluster) volumeStart(args []string) (gluster.Answer, error) {
	name, force, ok := readForce(args)
	if !ok {
		return usage(startUsage), nil
	}
	var err error
	switch v := c.volumes[name]; {
	case v == nil:
		err = noVolume(name)
	case v.started && !force:
		err = refuse("Volume %s already started", name)
	default:
		err = c.setStarted(name, true)
	}
	return c.startedOrStopped(err, "volStart", name)
}

// volumeStop is volume stop VOLUME [force].
func (c *cluster) volumeStop(args []string) (gluster.Answer, error) {
	name, force, ok := readForce(args)
	if !ok {
		return usage(stopUsage), nil
	}
	var err error
	switch v := c.volumes[name]; {
	case v == nil:
		err = noVolume(name)
	case !v.started && !force:
		err = refuse("Volume %s is not in the started state", name)
	default:
		err = c.setStarted(name, false)
	}
	return c.startedOrStopped(err, "volStop", name)
}

// readForce reads VOLUME [force].
func readForce(args []string) (name string, force, ok bool) {
	if len(args) == 1 {
		return args[0], false, true
	}
	return args[0], true, args[1] == "force"
}

// setStarted starts or stops a volume, and the NFS server anew.
func (c *cluster) setStarted(name string, started bool) error {
	what := map[bool]string{true: "start", false: "stop"}[started]
	if err := c.step(what, name); err != nil {
		return err
	}
	c.volumes[name].started = started
	return c.startServer()
}

func (c *cluster) startedOrStopped(err error, element, name string) (gluster.Answer, error) {
	return c.settle(err, func(d *document, failed *refusal) {
		if failed != nil {
			return
		}
		d.in(element, func() {
			d.in("volume", func() {
				d.leaf("name", name)
				d.leaf("id", c.volumes[name].id)
			})
		})
	})
}
