//go:build unix

package engine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/auditbox/auditbox/host/go/internal/component"
	"github.com/tetratelabs/wazero"
)

func mode(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestANewFolderIsMadeForThisUserAlone(t *testing.T) {
	folder, err := prepareFolder(filepath.Join(t.TempDir(), "a/b"))
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 || !filepath.IsAbs(folder) {
		t.Error(info, err)
	}
	if again, err := prepareFolder(folder); err != nil || again != folder {
		t.Error("it is not used again: ", again, err)
	}
}

func TestAFolderThatOthersCanWriteIsNotUsed(t *testing.T) {
	folder := t.TempDir()
	for _, open := range []os.FileMode{0o720, 0o702, 0o777 | os.ModeSticky} {
		mode(t, folder, open)
		if _, err := prepareFolder(folder); err == nil {
			t.Errorf("mode %o", open)
		}
	}
	mode(t, folder, 0o755)
	if _, err := prepareFolder(folder); err != nil {
		t.Error("others may read: ", err)
	}
}

func TestAFolderThatOthersCanRenameIsNotUsed(t *testing.T) {
	parent := t.TempDir()
	folder := filepath.Join(parent, "cache")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	mode(t, parent, 0o777)
	if _, err := prepareFolder(folder); err == nil {
		t.Error("anybody can")
	}
	mode(t, parent, 0o777|os.ModeSticky)
	if _, err := prepareFolder(folder); err != nil {
		t.Error("as in /tmp: ", err)
	}
}

func TestAnotherUsersFolderIsNotUsed(t *testing.T) {
	folder := "/"
	if os.Geteuid() == 0 {
		folder = t.TempDir()
		if err := os.Chown(folder, 12345, -1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := prepareFolder(folder); err == nil {
		t.Error("it is")
	}
}

func TestWhatIsNoFolderMeansNoCache(t *testing.T) {
	parent := t.TempDir()
	file, link := filepath.Join(parent, "file"), filepath.Join(parent, "link")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(parent, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below"), link} {
		if _, err := prepareFolder(path); err == nil {
			t.Error(path)
		}
	}
}

func TestABrokenCacheCostsTimeAndNothingElse(t *testing.T) {
	folder := t.TempDir()
	load := func() error {
		cache, err := wazero.NewCompilationCacheWithDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		program, err := load(carried(t).Wasm, cache)
		if err == nil {
			_, err = Once(program, component.Redact, []byte("1"))
			program.Close()
		}
		return err
	}
	if err := load(); err != nil {
		t.Fatal(err)
	}
	entries, err := filepath.Glob(filepath.Join(folder, "*", "*"))
	if err != nil || len(entries) == 0 {
		t.Fatal("nothing was kept: ", entries, err)
	}
	for _, entry := range entries {
		if err := os.WriteFile(entry, []byte("the disk was full"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := load(); err != nil {
		t.Error(err)
	}
}
