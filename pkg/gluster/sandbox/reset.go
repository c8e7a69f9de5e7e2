package sandbox

import (
	"maps"
	"slices"

	"glusterd-shares/pkg/gluster"
)

// volumeReset is volume reset VOLUME KEY. Unlike set it changes a global option
// of the one volume only.
func (c *cluster) volumeReset(args []string) (gluster.Answer, error) {
	return c.settle(c.reset(args[0], args[1]), func(d *document, failed *refusal) {
		text := "reset volume successful"
		if failed != nil {
			text = failed.text
		}
		d.leaf("cliOp", "volReset")
		d.leaf("output", text)
	})
}

func (c *cluster) reset(name, key string) error {
	v := c.volumes[name]
	switch {
	case v == nil:
		return noVolume(name)
	case !slices.Contains(knownOptions, key):
		return refuse("Option %s does not exist%s", key, didYouMean(key))
	}
	if err := c.step("remember", name); err != nil {
		return err
	}
	before := v.memory
	v.memory = maps.Clone(v.memory)
	delete(v.memory, key)
	if fresh, ok := freshOptions[key]; ok {
		v.memory[key] = fresh
	}
	if err := v.save(); err != nil {
		return err
	}
	if err := c.store(name); err != nil {
		return err
	}
	return c.reload(name, before)
}
