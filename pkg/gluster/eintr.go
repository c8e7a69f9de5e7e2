package gluster

import (
	"errors"

	"golang.org/x/sys/unix"
)

// uninterrupted repeats a system call that a signal has cut short. Go's own
// signals do that to calls into FUSE, SA_RESTART or not.
func uninterrupted[T any](call func() (T, error)) (T, error) {
	for {
		v, err := call()
		if !errors.Is(err, unix.EINTR) {
			return v, err
		}
	}
}

// uninterruptedly is uninterrupted for a call that gives only an error.
func uninterruptedly(call func() error) error {
	_, err := uninterrupted(func() (struct{}, error) { return struct{}{}, call() })
	return err
}
