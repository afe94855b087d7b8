//go:build unix

package engine

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// checkOwners: the folder is ours and closed to others' writes; those above are ours or root's, and let nobody else
// rename what is in them.
func checkOwners(folder string) error {
	user := uint32(os.Geteuid())
	for place := folder; ; place = filepath.Dir(place) {
		found, err := os.Stat(place)
		if err != nil {
			return err
		}
		owner := found.Sys().(*syscall.Stat_t).Uid
		shared, sticky := found.Mode().Perm()&0o022 != 0, found.Mode()&fs.ModeSticky != 0
		safe := owner == user && !shared
		if place != folder {
			safe = (owner == user || owner == 0) && (!shared || sticky)
		}
		if !safe {
			return errUnsafe
		}
		if place == filepath.Dir(place) {
			return nil
		}
	}
}
