//go:build unix

package stdout

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// write writes all bytes while nobody else in the process writes to the file, and tells how many were taken. Not by
// os.File.Write: that ends the program by a signal when the reader of the standard output has gone.
func write(file *os.File, bytes []byte) (taken int, err error) {
	raw, err := file.SyscallConn()
	if err != nil {
		return 0, err
	}
	waited := raw.Write(func(descriptor uintptr) (done bool) {
		for taken < len(bytes) {
			var written int
			written, err = syscall.Write(int(descriptor), bytes[taken:])
			switch {
			case err == syscall.EINTR:
				continue
			case err == syscall.EAGAIN:
				return false
			case err != nil:
				return true
			case written == 0:
				err = io.ErrShortWrite
				return true
			}
			taken += written
		}
		return true
	})
	if waited != nil {
		err = waited
	}
	return taken, err
}

func readerGone(err error) bool { return errors.Is(err, syscall.EPIPE) }
