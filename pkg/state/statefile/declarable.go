package statefile

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"

	"glusterd-shares/pkg/state"
)

// CheckDir says why no state file can declare the directory of the volume as a
// share. The path is clean and begins at the volume's root.
func CheckDir(t state.Target, dir string) error {
	if dir == "/" {
		return errors.New("a volume can't be shared as a whole")
	}
	if f := nameFault(dir[1:]); f.found() {
		return errors.New(f.text)
	}
	if n := len("/" + t.Volume + dir); n > maxMountPath {
		return fmt.Errorf("its path has %d bytes, an NFS client can ask for %d", n, maxMountPath)
	}
	return nil
}

// CheckClients says why no state file can name these addresses as the clients of
// a share.
func CheckClients(to state.Set) error {
	if to.Equal(state.Everybody) {
		return nil
	}
	for _, p := range to {
		if f := clientFault(p); f.found() {
			return errors.New(f.text)
		}
	}
	return nil
}

func clientFault(p netip.Prefix) fault {
	_, f := parseClient(state.Set{p}.Strings()[0])
	return f
}

// CheckSize says why no state file can declare a limit of so many bytes.
func CheckSize(bytes uint64) error {
	if f := sizeFault(strconv.FormatUint(bytes, 10)); f.found() {
		return errors.New(f.text)
	}
	return nil
}
