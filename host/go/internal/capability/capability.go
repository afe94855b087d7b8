// Package capability is what the host does at the guest's word, one small package an effect. None of them knows the
// guest, the other effects, or what a record says: to them it is one line of text, and no message of theirs contains any
// of it.
package capability

import (
	"errors"
	"io/fs"
	"syscall"
)

// Sink is where records go beside the outbox.
type Sink interface {
	// Name is what the configuration and the receipts call it.
	Name() string
	// Write writes records, each one line without its line break, in this order. It returns when they are as safe as
	// the sink's configuration promises: nil when all of them are.
	Write(records []string) *WriteError
}

// WriteError says why a sink did not write everything.
type WriteError struct {
	// Written is how many records, from the first, are whole where they belong.
	Written int
	// Message says what went wrong and what to do about it.
	Message string
	// Retryable is whether the remaining records may go through later.
	Retryable bool
}

func (e *WriteError) Error() string { return e.Message }

// Cause is an error of the operating system in its own words, without the path that Go puts before them.
func Cause(err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number
	}
	return err
}

// Remedy is what a person can do about an error of the operating system.
func Remedy(err error) string {
	is := func(numbers ...error) bool {
		for _, number := range numbers {
			if errors.Is(err, number) {
				return true
			}
		}
		return false
	}
	switch {
	case is(fs.ErrPermission):
		return "give this user the right to read and write there, or choose another path"
	case is(syscall.ENOSPC, syscall.EDQUOT):
		return "free some space, then try again"
	case is(syscall.EROFS):
		return "choose a path on a file system that can be written"
	case is(syscall.EISDIR):
		return "name a file, not a folder"
	case is(syscall.ENOTDIR, fs.ErrExist):
		return "a part of the path is a file, not a folder: choose another path"
	case is(syscall.EINVAL):
		return "choose another path"
	default:
		return "check the path and the disk, then try again"
	}
}
