//go:build !unix

package stdout

import (
	"errors"
	"os"
	"syscall"
)

func write(file *os.File, bytes []byte) (taken int, err error) { return file.Write(bytes) }

// readerGone: Windows has two numbers for it.
func readerGone(err error) bool {
	const brokenPipe, noData = syscall.Errno(109), syscall.Errno(232)
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, brokenPipe) || errors.Is(err, noData)
}
