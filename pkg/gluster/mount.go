package gluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"glusterd-shares/pkg/state"
)

// mount mounts the volume for this process alone, proves it, and returns a
// tree that unmounts it in its Close.
func (l *Local) mount(ctx context.Context, v state.VolumeInfo) (*DirTree, error) {
	program, err := mountProgram()
	if err != nil {
		return nil, err
	}
	p, err := makeMountPoint(l.MountPointBase, v)
	if err != nil {
		return nil, err
	}
	t, err := l.mountAt(ctx, program, p, v)
	if err != nil {
		return nil, errors.Join(err, p.remove())
	}
	t.undo = p.remove
	return t, nil
}

// mountProgram finds glusterfs, and says what else is missing for a mount.
func mountProgram() (string, error) {
	program, err := exec.LookPath("glusterfs")
	if err != nil {
		return "", &missingProgram{"the program glusterfs", "glusterfs-client (Debian) or glusterfs-fuse (Red Hat)"}
	}
	if os.Geteuid() != 0 {
		return "", state.Advised(errors.New("only root can mount it"), "run this as root")
	}
	if _, err := os.Stat("/dev/fuse"); err != nil {
		return "", state.Advised(err, mendFUSE)
	}
	return program, nil
}

func (l *Local) mountAt(ctx context.Context, program string, p mountPoint, v state.VolumeInfo) (*DirTree, error) {
	server := l.Server
	if server == "" {
		server = "localhost"
	}
	ctx, cancel := context.WithTimeoutCause(ctx, commandTimeout, fmt.Errorf("glusterfs gave no answer in %v", commandTimeout))
	defer cancel()
	ans, err := command{path: program, limit: maxOutput, args: []string{
		"--process-name", "fuse", "--volfile-server=" + server, "--volfile-id=/" + v.Name,
		"--log-file=" + p.log(), p.point(),
	}}.run(ctx)
	if err == nil && ans.Code != 0 {
		err = fmt.Errorf("glusterfs ended with exit status %d: %s", ans.Code, escape(p.lastError(ans.Stderr), maxShownText))
	}
	if err != nil {
		return nil, fmt.Errorf("mounting from %s: %w", server, err)
	}
	m, err := findMount(p.point())
	if err != nil {
		return nil, err
	}
	return prove(ctx, m, v, openMount)
}

// findMount returns what is mounted at exactly this point, the last of several.
func findMount(point string) (mount, error) {
	mounts, err := readMounts()
	if err != nil {
		return mount{}, err
	}
	found := mount{}
	for _, m := range mounts {
		if m.point == point {
			found = m
		}
	}
	if found.point == "" {
		return mount{}, nothingMounted(point)
	}
	return found, nil
}

func nothingMounted(point string) error {
	return fmt.Errorf("glusterfs has ended without an error, but nothing is mounted at %s", quoteArg(point))
}

// mountPoint is a directory of this process alone, with the mount and the log
// of its client in it.
type mountPoint struct {
	dir  string
	made []string // the directories above that this process made, outermost first
}

func (p mountPoint) point() string { return filepath.Join(p.dir, "mnt") }
func (p mountPoint) log() string   { return filepath.Join(p.dir, "log") }

// pointOfRun is where tryMountPoint has a volume mounted: the last number but
// one is the process.
var pointOfRun = regexp.MustCompile(`-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-([0-9]+)-[0-9]+/mnt$`)

// runOf tells for a mount point that a run of this program has made which
// process that was. The mount ends with that run, whatever is done in it.
func runOf(point string) (pid int, is bool) {
	m := pointOfRun.FindStringSubmatch(point)
	if m == nil {
		return 0, false
	}
	pid, err := strconv.Atoi(m[1])
	return pid, err == nil
}

// tellLeftBehind tells of mounts of the volume that runs have left which were
// killed. To remove them is the admin's: that the process is not seen from here
// is no proof.
func tellLeftBehind(ctx context.Context, log *slog.Logger, mounts []mount, volume string, runs func(pid int) bool) {
	for _, m := range mounts {
		pid, is := runOf(m.point)
		if !is || m.fstype != "fuse.glusterfs" || !isSourceOf(m.source, volume) || log == nil || runs(pid) {
			continue
		}
		point, dir := quoteArg(m.point), quoteArg(filepath.Dir(m.point))
		text := quoteArg(filepath.Join(filepath.Dir(m.point), "log"))
		log.WarnContext(ctx, "a run that was killed has left a mount", "volume", volume, "process", pid,
			"remove", fmt.Sprintf("umount %s && rmdir %s && rm -f %s && rmdir %s", point, point, text, dir))
	}
}

// runs reports whether there is a process with this number.
func runs(pid int) bool { return !errors.Is(unix.Kill(pid, 0), unix.ESRCH) }

// makeMountPoint makes a mount point with a name of its own, so that neither
// two runs nor two clusters with a volume of one name meet in it.
func makeMountPoint(base string, v state.VolumeInfo) (p mountPoint, err error) {
	// Another run that made the base may just now remove it.
	for range 3 {
		p, err = tryMountPoint(base, v)
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return p, err
}

func tryMountPoint(base string, v state.VolumeInfo) (mountPoint, error) {
	var p mountPoint
	var err error
	if p.made, err = makeBase(base); err == nil {
		// mountinfo shows paths without symlinks.
		base, err = filepath.EvalSymlinks(base)
	}
	if err == nil {
		p.dir, err = os.MkdirTemp(base, fmt.Sprintf("%s-%s-%d-", v.Name, v.ID, os.Getpid()))
	}
	if err == nil {
		err = os.Mkdir(p.point(), 0700)
	}
	if err != nil {
		return p, errors.Join(err, p.removeDirs())
	}
	return p, nil
}

// makeBase makes the directory for mount points where it is missing, and
// refuses one in which somebody else could put something in our place.
func makeBase(base string) (made []string, err error) {
	base, err = cleanBase(base)
	if err != nil {
		return nil, err
	}
	missing, err := missingDirs(base)
	if err != nil {
		return nil, err
	}
	for _, dir := range missing {
		mode := os.FileMode(0755)
		if dir == base {
			mode = 0700
		}
		switch err := os.Mkdir(dir, mode); {
		case err == nil:
			made = append(made, dir)
		case !errors.Is(err, fs.ErrExist): // else another run was faster
			return made, err
		}
	}
	var st unix.Stat_t
	if err := unix.Stat(base, &st); err != nil {
		return made, &fs.PathError{Op: "stat", Path: base, Err: err}
	}
	if st.Uid != uint32(os.Geteuid()) || st.Mode&0022 != 0 {
		return made, fmt.Errorf("mount_point_base %s can be written by others; give it to root and chmod it 0700", quoteArg(base))
	}
	return made, nil
}

// cleanBase is the directory for mount points as the one name that it has.
func cleanBase(base string) (string, error) {
	if !filepath.IsAbs(base) {
		return "", fmt.Errorf("mount_point_base %s is not an absolute path", quoteArg(base))
	}
	return filepath.Clean(base), nil
}

// missingDirs are the directory and those above it that are not there, the
// outermost first.
func missingDirs(dir string) ([]string, error) {
	var out []string
	for ; ; dir = filepath.Dir(dir) {
		_, err := os.Stat(dir)
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		out = append(out, dir)
	}
	slices.Reverse(out)
	return out, nil
}

// lastError is the last error that the client has logged. What it prints is
// mostly nothing.
func (p mountPoint) lastError(printed string) string {
	last := printed
	text, _ := os.ReadFile(p.log())
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "] E [") || strings.Contains(line, "] C [") {
			last = line
		}
	}
	return last
}

// remove unmounts and removes what this process made, and nothing else. A
// mount that is still in use is detached. What still waits in it for an answer
// is ended by force: a call that the client has taken can't even be killed, and
// would keep the process from ending.
func (p mountPoint) remove() error {
	err := unix.Unmount(p.point(), unix.MNT_FORCE|unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW)
	if err != nil && !errors.Is(err, unix.EINVAL) { // EINVAL: nothing is mounted there
		return fmt.Errorf("umount %s: %w", quoteArg(p.point()), err)
	}
	return p.removeDirs()
}

// removeDirs leaves the directories above where somebody else has something in
// them.
func (p mountPoint) removeDirs() error {
	var err error
	if p.dir != "" {
		err = errors.Join(gone("rmdir", p.point(), unix.Rmdir), gone("unlink", p.log(), unix.Unlink), gone("rmdir", p.dir, unix.Rmdir))
	}
	for _, above := range slices.Backward(p.made) {
		aboveErr := gone("rmdir", above, unix.Rmdir)
		if errors.Is(aboveErr, unix.ENOTEMPTY) {
			break
		}
		err = errors.Join(err, aboveErr)
	}
	return err
}

// gone removes something by exactly this call. (os.Remove tries both.) That
// it is not there is no error.
func gone(op, path string, remove func(string) error) error {
	if err := remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &fs.PathError{Op: op, Path: path, Err: err}
	}
	return nil
}
