package engine

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/tetratelabs/wazero"
)

// cacheVariable names another folder for compiled code; when it is empty, there is none.
const cacheVariable = "AUDITBOX_CACHE_DIR"

// compileCache is where compiled code is kept between runs; one for the process, as it also shares the compiler. Who can
// write there can run code as us, so it must be a folder that only this user can write; without one there is no cache,
// which costs time and nothing else.
var compileCache = sync.OnceValue(func() wazero.CompilationCache {
	folder, said := os.LookupEnv(cacheVariable)
	if said && folder == "" {
		return nil
	}
	if !said {
		base, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		folder = filepath.Join(base, "auditbox")
	}
	folder, err := prepareFolder(filepath.Join(folder, "go"))
	if err != nil {
		return nil
	}
	cache, err := wazero.NewCompilationCacheWithDir(folder)
	if err != nil {
		return nil
	}
	return cache
})

// prepareFolder creates the folder if need be, and answers with its absolute path. Fails when it cannot be created, is a
// symbolic link, or anybody else could write it or put another in its place.
func prepareFolder(folder string) (string, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	found, err := os.Lstat(folder)
	if err != nil {
		return "", err
	}
	if found.Mode()&fs.ModeSymlink != 0 {
		return "", errUnsafe
	}
	folder, err = filepath.EvalSymlinks(folder)
	if err != nil {
		return "", err
	}
	return folder, checkOwners(folder)
}

var errUnsafe = errors.New("not this user's alone")
