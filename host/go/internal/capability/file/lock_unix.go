//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package file

import (
	"os"
	"syscall"
)

const hasLocks = true

// What a lock keeps off: nothing, rotation, everybody else.
const (
	none      = syscall.LOCK_UN
	shared    = syscall.LOCK_SH
	exclusive = syscall.LOCK_EX
)

// lock waits for the lock. It belongs to the open file, and not to the process.
func lock(file *os.File, how int) error {
	for {
		if err := syscall.Flock(int(file.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}
