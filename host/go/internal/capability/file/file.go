// Package file keeps records in a file of JSON Lines, which several processes may write at once, and which may be
// rotated by them or by somebody else. There are no lock files: a line is one write to a file opened for appending, and
// what must not happen meanwhile is kept off by a lock on the log itself.
package file

import (
	"errors"
	"fmt"
	"sync"

	"github.com/auditbox/auditbox/host/go/internal/capability"
)

// Options is the `file` section of the configuration in force.
type Options struct {
	// Path of the log. Its folder is made if need be.
	Path string `json:"path"`
	// Fsync says when lines are forced to the disk: [Always] or when the operating system likes to.
	Fsync string `json:"fsync"`
	// MaxBytes is the size at which the log is rotated; a line that is larger on its own still goes in. Nil is never.
	MaxBytes *int64 `json:"max_bytes"`
	// Keep is how many rotated logs stay: `path.1`, the youngest, to `path.keep`. With 0 the log is deleted instead.
	Keep int `json:"keep"`
}

// Always forces lines to the disk once in each Write, before it returns.
const Always = "always"

// Sink is a log of JSON Lines.
type Sink struct {
	options Options

	mutex sync.Mutex
	// log is opened anew after every error.
	log *log
	// line is the buffer that lines are put together in.
	line []byte
}

// Open opens the log, or creates it for this user alone. It fails when the log cannot be opened for reading and
// appending, or is neither a file nor a device.
func Open(options Options) (*Sink, error) {
	log, err := open(&options)
	if err != nil {
		return nil, failure("open", &options, 0, err)
	}
	return &Sink{options: options, log: log}, nil
}

// Name is `file`.
func (s *Sink) Name() string { return "file" }

// Write gives each record a write of its own.
func (s *Sink) Write(records []string) *capability.WriteError {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	written, err := s.append(records)
	if s.log != nil {
		s.log.unlock()
		if s.options.Fsync == Always {
			if failed := s.log.file.Sync(); failed != nil {
				// None of these lines is as safe as was promised.
				written, err = 0, failed
			}
		}
	}
	if err != nil {
		s.close()
		return failure("write to", &s.options, written, err)
	}
	return nil
}

// Close closes the log.
func (s *Sink) Close() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.close()
}

func (s *Sink) close() {
	if s.log != nil {
		s.log.close()
		s.log = nil
	}
}

// append counts the records that went in whole.
func (s *Sink) append(records []string) (written int, err error) {
	for _, record := range records {
		if err := s.prepare(int64(len(record)) + 1); err != nil {
			return written, err
		}
		s.line = s.line[:0]
		if s.log.torn {
			s.line = append(s.line, '\n')
		}
		s.line = append(append(s.line, record...), '\n')
		if err := s.log.writeLine(s.line); err != nil {
			return written, err
		}
		written++
	}
	if cap(s.line) > keptBytes {
		s.line = nil
	}
	return written, nil
}

// keptBytes: a larger buffer is not kept for the next line.
const keptBytes = 1 << 20

// prepare leaves the log open that the path leads to, locked against rotation, with room for so many bytes.
func (s *Sink) prepare(incoming int64) error {
	for {
		if s.log == nil {
			log, err := open(&s.options)
			if err != nil {
				return err
			}
			s.log = log
		}
		current, err := s.log.lockForWriting()
		if err != nil {
			return err
		}
		if current {
			full, err := s.log.isFull(incoming)
			if err != nil || !full {
				return err
			}
			if err := s.log.rotate(incoming); err != nil {
				return err
			}
		}
		// It was rotated, by us or by another process, or somebody has renamed or deleted it.
		s.close()
	}
}

func failure(action string, options *Options, written int, err error) *capability.WriteError {
	remedy := capability.Remedy(err)
	if errors.Is(err, errPipe) {
		remedy = "choose another path"
	}
	return &capability.WriteError{
		Written:   written,
		Message:   fmt.Sprintf("cannot %s the log `%s`: %s: %s", action, options.Path, capability.Cause(err), remedy),
		Retryable: true,
	}
}
