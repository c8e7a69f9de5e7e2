package sandbox

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
)

// volume is one volume as glusterd and the NFS server know it.
type volume struct {
	dir     string
	id      string
	started bool

	memory table // what volume info shows
	stored table // what is left after a restart of glusterd
	served table // what the NFS server was told last
	gates  table // what the NFS server read to its end last

	onDisk map[string]table // what the files say, by name
}

// freshOptions are those that Gluster 10.3 gives a volume when it makes it.
var freshOptions = table{
	"nfs.disable":                 "on",
	"storage.fips-mode-rchecksum": "on",
	"transport.address-family":    "inet",
}

// loadVolume reads a volume; nil where the directory isn't one.
func loadVolume(dir string) (*volume, error) {
	v := &volume{dir: dir, onDisk: map[string]table{}}
	info, err := v.read("info", nil)
	if err != nil || info == nil {
		return nil, err
	}
	v.id, v.started = info["id"], info["status"] == "started"
	if v.id == "" || !v.started && info["status"] != "stopped" {
		return nil, fmt.Errorf("%s: it says an id and the status started or stopped", v.file("info"))
	}
	if v.memory, err = v.read("options", table{}); err != nil {
		return nil, err
	}
	if v.stored, err = v.read("stored", v.memory); err != nil {
		return nil, err
	}
	if v.served, err = v.read("served", v.memory); err != nil {
		return nil, err
	}
	v.gates, err = v.read("gates", v.served)
	return v, err
}

// read reads one of the volume's files; what it says where it is missing is
// given.
func (v *volume) read(name string, missing table) (table, error) {
	t, found, err := readTable(v.file(name))
	if !found || err != nil {
		return missing, err
	}
	v.onDisk[name] = t
	return t, nil
}

func (v *volume) file(name string) string { return filepath.Join(v.dir, name) }

// brick is where the volume's directories lie.
func (v *volume) brick() string { return v.file("brick") }

// save writes the volume so that whoever reads it meanwhile, or finds it after
// a crash in between, takes no value for another: a file that stands for itself
// is written before the options change, and removed after.
func (v *volume) save() error {
	status := "stopped"
	if v.started {
		status = "started"
	}
	own := []struct {
		name       string
		table, not table
	}{{"stored", v.stored, v.memory}, {"served", v.served, v.memory}, {"gates", v.gates, v.served}}
	for _, o := range own {
		if !maps.Equal(o.table, o.not) {
			if err := v.write(o.name, o.table); err != nil {
				return err
			}
		}
	}
	if err := v.write("options", v.memory); err != nil {
		return err
	}
	for _, o := range own {
		if maps.Equal(o.table, o.not) {
			if err := v.remove(o.name); err != nil {
				return err
			}
		}
	}
	return v.write("info", table{"id": v.id, "status": status})
}

// write writes one of the volume's files where it says something else.
func (v *volume) write(name string, t table) error {
	if old, ok := v.onDisk[name]; ok && maps.Equal(old, t) {
		return nil
	}
	v.onDisk[name] = t
	return t.write(v.file(name))
}

func (v *volume) remove(name string) error {
	if _, ok := v.onDisk[name]; !ok {
		return nil
	}
	delete(v.onDisk, name)
	return os.Remove(v.file(name))
}

// create makes a volume and starts it. Its info is written last: a directory
// without it is no volume yet.
func (c *cluster) create(name string) error {
	v := &volume{
		dir: filepath.Join(c.dir, name), id: uuid(c.host, name), started: true, onDisk: map[string]table{},
		memory: freshOptions, stored: freshOptions, served: freshOptions, gates: freshOptions,
	}
	if err := os.MkdirAll(v.brick(), 0o755); err != nil {
		return err
	}
	if err := os.Chmod(v.brick(), 0o755); err != nil {
		return err
	}
	c.volumes[name] = v
	if err := v.save(); err != nil {
		return err
	}
	return c.saveDaemon()
}
