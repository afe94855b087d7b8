//go:build unix

package file

import (
	"os"
	"syscall"
)

// writeOnce is one write(2), unlike os.File.Write, which writes the rest of a short one, too.
func writeOnce(file *os.File, line []byte) (int, error) {
	for {
		if written, err := syscall.Write(int(file.Fd()), line); err != syscall.EINTR {
			return max(written, 0), err
		}
	}
}

// syncFolder forces the names in a folder to the disk.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
