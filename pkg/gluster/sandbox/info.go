package sandbox

import (
	"fmt"
	"maps"
	"slices"

	"glusterd-shares/pkg/gluster"
)

// volumeInfo shows one volume or all. Gluster gives the options in no
// particular order; here they are sorted.
func (c *cluster) volumeInfo(args []string) (gluster.Answer, error) {
	names := c.names()
	var r *refusal
	if len(args) == 1 && args[0] != "all" {
		names = args
		if c.volumes[args[0]] == nil {
			names, r = nil, &refusal{errno: errnoNoVolume, text: "Volume does not exist"}
		}
	}
	return answer(r, func(d *document) {
		d.in("volInfo", func() {
			d.in("volumes", func() {
				for _, name := range names {
					c.info(d, name)
				}
				d.leaf("count", len(names))
			})
		})
	}), nil
}

func (c *cluster) info(d *document, name string) {
	v := c.volumes[name]
	status := [2]any{2, "Stopped"}
	if v.started {
		status = [2]any{1, "Started"}
	}
	d.in("volume", func() {
		for _, leaf := range [][2]any{
			{"name", name}, {"id", v.id}, {"status", status[0]}, {"statusStr", status[1]},
			{"snapshotCount", 0}, {"brickCount", 1}, {"distCount", 1}, {"replicaCount", 1},
			{"arbiterCount", 0}, {"disperseCount", 0}, {"redundancyCount", 0},
			{"type", 0}, {"typeStr", "Distribute"}, {"transport", 0},
		} {
			d.leaf(leaf[0].(string), leaf[1])
		}
		d.in("bricks", func() { c.brickInfo(d, v) })
		d.leaf("optCount", len(v.memory))
		d.in("options", func() {
			for _, key := range slices.Sorted(maps.Keys(v.memory)) {
				d.in("option", func() {
					d.leaf("name", key)
					d.leaf("value", v.memory[key])
				})
			}
		})
	})
}

func (c *cluster) brickInfo(d *document, v *volume) {
	brick, node := escape(c.host+":"+v.brick()), c.id()
	d.line(fmt.Sprintf(`<brick uuid="%s">%s<name>%s</name><hostUuid>%s</hostUuid><isArbiter>0</isArbiter></brick>`,
		node, brick, brick, node))
}

// id is the id of the only node.
func (c *cluster) id() string { return uuid(c.host) }

func (c *cluster) volumeList([]string) (gluster.Answer, error) {
	return answer(nil, func(d *document) {
		d.in("volList", func() {
			d.leaf("count", len(c.volumes))
			for _, name := range c.names() {
				d.leaf("volume", name)
			}
		})
	}), nil
}

func (c *cluster) poolList([]string) (gluster.Answer, error) {
	return answer(nil, func(d *document) {
		d.in("peerStatus", func() {
			d.in("peer", func() {
				d.leaf("uuid", c.id())
				d.leaf("hostname", "localhost")
				d.leaf("connected", 1)
			})
		})
	}), nil
}
