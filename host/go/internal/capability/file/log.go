package file

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// log is one open log, which other processes may have open, too.
type log struct {
	options *Options
	file    *os.File
	// info is which file it is, whatever its name.
	info   fs.FileInfo
	locked bool
	// torn is whether the file ends inside a line whose writer got no further: the disk was full, or it was killed. The
	// next line must begin with a line break then, lest it be swallowed.
	torn bool
}

// How often, and how far apart, a line that looks torn is looked at again.
const (
	looks     = 20
	lookPause = time.Millisecond
)

var errPipe = errors.New("it is neither a file nor a device")

// open opens the log, or creates it and its folders for this user alone: what is recorded is private.
func open(options *Options) (*log, error) {
	folder := filepath.Dir(options.Path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	// Read: for the look at its last byte.
	file, err := os.OpenFile(options.Path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0 {
		// A write to one without a reader would wait for ever.
		err = errPipe
	}
	if err == nil && options.Fsync == Always {
		// A file is only as durable as its name.
		err = syncFolder(folder)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return &log{options: options, file: file, info: info}, nil
}

// lockForWriting keeps rotation off until unlock; other writers go on. False: the path leads to another file now, or
// to none.
func (l *log) lockForWriting() (current bool, err error) {
	if l.locked {
		return true, nil
	}
	// Where the file system has no locks, what they are for may go wrong, but no line is lost.
	_ = lock(l.file, shared)
	l.locked = true
	if l.torn, err = l.endsInsideALine(); err != nil {
		return false, err
	}
	if l.torn {
		// It may only be another process in the middle of its write. When they all have ended, and until we have, it is
		// as it looks; but for those that cannot lock, so that they get a moment.
		_ = l.lockAlone()
		for look := 0; look < looks && l.torn; look++ {
			if look > 0 {
				time.Sleep(lookPause)
			}
			if l.torn, err = l.endsInsideALine(); err != nil {
				return false, err
			}
		}
	}
	return l.isCurrent(), nil
}

func (l *log) unlock() {
	l.locked = false
	_ = lock(l.file, none)
}

// close lets go of the lock by itself: a process forked from this one meanwhile would keep it.
func (l *log) close() {
	l.unlock()
	l.file.Close()
}

// writeLine appends a line, its line break included.
func (l *log) writeLine(line []byte) error {
	written, err := writeOnce(l.file, line)
	if err != nil {
		return err
	}
	if written != len(line) {
		// The rest as a second write could land inside somebody else's line.
		return syscall.ENOSPC
	}
	l.torn = false
	return nil
}

// isFull is whether so many bytes more would be too many.
func (l *log) isFull(incoming int64) (bool, error) {
	if l.options.MaxBytes == nil {
		return false, nil
	}
	info, err := l.file.Stat()
	if err != nil {
		return false, err
	}
	return info.Size() > 0 && info.Size() > *l.options.MaxBytes-incoming, nil
}

// rotate moves the full log out of the way, unless another process has. The path is free then.
func (l *log) rotate(incoming int64) error {
	if l.options.Fsync == Always {
		if err := l.file.Sync(); err != nil {
			return err
		}
	}
	// Until it is closed. Whoever waits here, too, finds that the path is another file's.
	if err := l.lockAlone(); err != nil {
		return err
	}
	full, err := l.isFull(incoming)
	if err != nil || !full || !l.isCurrent() {
		return err
	}
	if !hasLocks {
		// Windows renames nothing that is open.
		l.file.Close()
	}
	return shift(l.options)
}

// isCurrent is whether the path still leads to this file, and nobody has renamed or deleted it.
func (l *log) isCurrent() bool {
	info, err := os.Stat(l.options.Path)
	return err == nil && os.SameFile(info, l.info)
}

// lockAlone waits until nobody else writes or rotates, and keeps them all off.
func (l *log) lockAlone() error {
	_ = lock(l.file, none)
	return lock(l.file, exclusive)
}

func (l *log) endsInsideALine() (bool, error) {
	// Fails where there is nothing to read back: an empty file, a device. Appending does not care where we read.
	if _, err := l.file.Seek(-1, io.SeekEnd); err != nil {
		return false, nil
	}
	var last [1]byte
	read, err := l.file.Read(last[:])
	if err != nil && err != io.EOF {
		return false, err
	}
	return read == 1 && last[0] != '\n', nil
}

// shift: `path.1` becomes `path.2` and so on, and at last `path` becomes `path.1`. Last, because from then on another
// process may fill and rotate a new log.
func shift(options *Options) error {
	rotated := func(number int) string { return options.Path + "." + strconv.Itoa(number) }
	// Those that a larger keep has left.
	for number := options.Keep + 1; number < math.MaxInt32; number++ {
		if os.Remove(rotated(number)) != nil {
			break
		}
	}
	if options.Keep == 0 {
		return os.Remove(options.Path)
	}
	// Up to the first free number, or over the oldest.
	free := 1
	for free < options.Keep && exists(rotated(free)) {
		free++
	}
	for number := free - 1; number >= 1; number-- {
		if err := os.Rename(rotated(number), rotated(number+1)); err != nil {
			return err
		}
	}
	return os.Rename(options.Path, rotated(1))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
