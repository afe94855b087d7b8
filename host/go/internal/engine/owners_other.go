//go:build !unix

package engine

// checkOwners has nothing to go by: a folder below the user's own is the user's own here.
func checkOwners(string) error { return nil }
