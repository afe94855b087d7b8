// modzip packs a module as the module proxy serves it: `modzip FOLDER VERSION PROXY` writes the files of one version into
// a folder that GOPROXY can name, and prints the size of the packed and of the unpacked module in bytes.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("modzip FOLDER VERSION PROXY")
	}
	if err := pack(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

func pack(folder, version, proxy string) error {
	manifest, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil {
		return err
	}
	packed := module.Version{Path: modfile.ModulePath(manifest), Version: version}
	versions := filepath.Join(proxy, filepath.FromSlash(packed.Path), "@v")
	if err := os.MkdirAll(versions, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{
		"list":            version + "\n",
		version + ".info": fmt.Sprintf("{\"Version\":%q}\n", version),
		version + ".mod":  string(manifest),
	} {
		if err := os.WriteFile(filepath.Join(versions, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	files, unpacked, err := filesOf(folder)
	if err != nil {
		return err
	}
	out, err := os.Create(filepath.Join(versions, version+".zip"))
	if err != nil {
		return err
	}
	defer out.Close()
	if err := zip.Create(out, packed, files); err != nil {
		return err
	}
	info, err := out.Stat()
	if err != nil {
		return err
	}
	fmt.Println(packed.Path, info.Size(), unpacked)
	return nil
}

// filesOf leaves out what is built here and what is a module of its own, as neither is in what the proxy fetches.
func filesOf(folder string) (files []zip.File, bytes int64, err error) {
	err = filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		if info.IsDir() {
			_, nested := os.Stat(filepath.Join(path, "go.mod"))
			if inside != "." && (nested == nil || strings.HasPrefix(info.Name(), ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if info.Mode().IsRegular() {
			files = append(files, file{filepath.ToSlash(inside), path})
			bytes += info.Size()
		}
		return nil
	})
	return files, bytes, err
}

// file is one by its path in the module and on the disk.
type file struct{ inside, path string }

func (f file) Path() string                 { return f.inside }
func (f file) Lstat() (os.FileInfo, error)  { return os.Lstat(f.path) }
func (f file) Open() (io.ReadCloser, error) { return os.Open(f.path) }
