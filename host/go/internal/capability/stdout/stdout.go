// Package stdout writes records to the standard output of the process, one a line.
package stdout

import (
	"fmt"
	"os"

	"github.com/auditbox/auditbox/host/go/internal/capability"
)

// Sink is the standard output: what [os.Stdout] is at each write.
type Sink struct{}

// Name is `stdout`.
func (Sink) Name() string { return "stdout" }

// Write writes all records together, whole lines behind what the program itself has printed.
func (Sink) Write(records []string) *capability.WriteError {
	size := 0
	for _, record := range records {
		size += len(record) + 1
	}
	lines := make([]byte, 0, size)
	for _, record := range records {
		lines = append(append(lines, record...), '\n')
	}
	taken, err := write(os.Stdout, lines)
	if err == nil {
		return nil
	}
	return failure(wholeLines(records, taken), err)
}

// wholeLines counts the records that are whole in so many bytes.
func wholeLines(records []string, taken int) (whole int) {
	for _, record := range records {
		taken -= len(record) + 1
		if taken < 0 {
			break
		}
		whole++
	}
	return whole
}

func failure(written int, err error) *capability.WriteError {
	gone, remedy := readerGone(err), capability.Remedy(err)
	if gone {
		remedy = "its reader has gone"
	}
	return &capability.WriteError{
		Written:   written,
		Message:   fmt.Sprintf("cannot write to the standard output: %s: %s", capability.Cause(err), remedy),
		Retryable: !gone,
	}
}
