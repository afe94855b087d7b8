//go:build !unix

package file

import "os"

func writeOnce(file *os.File, line []byte) (int, error) { return file.Write(line) }

// syncFolder does nothing: a folder cannot be forced to the disk by itself here.
func syncFolder(string) error { return nil }
