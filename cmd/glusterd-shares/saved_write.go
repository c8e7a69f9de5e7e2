package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"glusterd-shares/pkg/diff/render"
	"glusterd-shares/pkg/savedplan"
	"glusterd-shares/pkg/strictjson"
)

// checkOut refuses what doesn't go together with --out or --show, a name that apply would
// not take, and to write over what is no saved plan.
func (a *app) checkOut(out string, against againstFlags) error {
	switch {
	case a.saved != "" && out != "":
		return errors.New("--show shows a plan that is saved already: leave out --out, or --show")
	case a.saved != "" && (against.given() || a.sandboxDir != ""):
		return errors.New("--show reads nothing else: leave out --against and --sandbox")
	case out != "" && len(against.state) > 0:
		return errors.New("a plan that stands on a state file can't be applied, and not be saved: leave out --out, or --against-state")
	case out == "":
		return nil
	case out == "-":
		return errors.New("--out -: a plan is saved beside what is printed; name a file")
	case isStateFileName(out):
		return fmt.Errorf("--out %s: apply takes a name that ends so for that of a state file; name it %s.json", out, strings.TrimSuffix(out, filepath.Ext(out)))
	}
	return replaceable(out)
}

// replaceable says why the file can't be written: something else than a saved plan is
// there.
func replaceable(file string) error {
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("--out %s: something is there that is no file; name another one", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, err := f.Read(head)
	if n > 0 && !savedplan.IsOne(head[:n]) || n == 0 && info.Size() > 0 {
		return errors.Join(fmt.Errorf("--out %s: a file is there that is no saved plan; name another one, or remove it", file), err)
	}
	return nil
}

// savePlan writes the plans into a file, where they can be applied.
func (a *app) savePlan(r *result, s *session, file string) {
	err := r.unsavable()
	if err == nil {
		err = a.writePlan(r, s, file)
	}
	if err != nil {
		r.failure = errors.Join(r.failure, fmt.Errorf("%s was not written: %w", file, err))
		return
	}
	command := "glusterd-shares apply " + file
	if r.sandbox != "" {
		command += " --sandbox " + r.sandbox
	}
	r.remarks = append(r.remarks, fmt.Sprintf("the plan is saved: %s", command))
}

// unsavable is why the plans can't be applied.
func (r result) unsavable() error {
	if r.refused() {
		return errors.New("the plan can't be carried out as it is")
	}
	for _, v := range r.volumes {
		if v.err != nil {
			return fmt.Errorf("%s can't be read", v.target)
		}
	}
	return nil
}

func (a *app) writePlan(r *result, s *session, file string) error {
	d, err := savedplan.New(time.Now(), buildInfo().Version, r.sandbox, a.read)
	if err != nil {
		return err
	}
	for _, j := range s.jobs {
		d.Add(j.plan, j.actual)
	}
	text, err := strictjson.Marshal(d)
	if err != nil {
		return err
	}
	return writeWhole(file, render.EscapeJSON(text))
}

// writeWhole puts a file of the user's own in its place, whole or not at all.
func writeWhole(file string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // it is not there any more where all went well
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
