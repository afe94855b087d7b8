//go:build darwin || freebsd || linux || netbsd || openbsd

package file

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/auditbox/auditbox/host/go/internal/capability"
)

// work is what this program does for one of the tests, as another process.
const workVariable, pathVariable = "AUDITBOX_TEST_WORK", "AUDITBOX_TEST_PATH"

func TestMain(m *testing.M) {
	path := os.Getenv(pathVariable)
	var err error
	switch work, name, _ := strings.Cut(os.Getenv(workVariable), ": "); work {
	case "":
		os.Exit(m.Run())
	case "write many lines":
		err = writeManyLines(path, name)
	case "write and rotate":
		err = writeAndRotate(path, name)
	case "reach the limit":
		err = reachTheLimit(path)
	case "open":
		_, err = Open(Options{Path: path})
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// another is this program as another process.
func another(t *testing.T, work, name, path string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program)
	command.Env = append(os.Environ(), workVariable+"="+work+": "+name, pathVariable+"="+path)
	return command
}

// together runs processes at the same time, and something beside them.
func together(t *testing.T, commands []*exec.Cmd, meanwhile func()) {
	t.Helper()
	var starts []io.Closer
	for _, command := range commands {
		input, err := command.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		starts = append(starts, input)
	}
	// The end of their input is the signal.
	for _, start := range starts {
		start.Close()
	}
	meanwhile()
	for _, command := range commands {
		if err := command.Wait(); err != nil {
			t.Error(err)
		}
	}
}

func options(path string) Options { return Options{Path: path, Fsync: "never", Keep: 5} }

func limited(path string, maxBytes int64, keep int) Options {
	return Options{Path: path, Fsync: "never", MaxBytes: &maxBytes, Keep: keep}
}

func newSink(t *testing.T, options Options) *Sink {
	t.Helper()
	sink, err := Open(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sink.Close)
	return sink
}

func write(t *testing.T, sink *Sink, records ...string) {
	t.Helper()
	if err := sink.Write(records); err != nil {
		t.Fatal(err)
	}
}

func refusal(t *testing.T, path string) string {
	t.Helper()
	_, err := Open(options(path))
	if err == nil {
		t.Fatal("it is opened: ", path)
	}
	return err.Error()
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s holds %q, not %q (%v)", filepath.Base(path), got, want, err)
	}
}

func hasMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
		t.Error(path, info.Mode(), err)
	}
}

// allLines are those of `log.1`, `log.2` and so on, and of `log`.
func allLines(t *testing.T, log string) (lines []string) {
	t.Helper()
	paths := []string{}
	for number := 1; exists(fmt.Sprint(log, ".", number)); number++ {
		paths = append(paths, fmt.Sprint(log, ".", number))
	}
	for _, path := range append(paths, log) {
		text, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return lines
}

func TestRecordsAreAppendedToAFileOfThisUserAlone(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "new/folder/log")
	write(t, newSink(t, options(path)), "1", "2")
	write(t, newSink(t, options(path)), "3")
	holds(t, path, "1\n2\n3\n")
	hasMode(t, path, 0o600)
	hasMode(t, filepath.Join(folder, "new"), 0o700)
	hasMode(t, filepath.Join(folder, "new/folder"), 0o700)
}

func TestWhatIsNoFileIsRefusedWithARemedy(t *testing.T) {
	folder := t.TempDir()
	if said := refusal(t, folder); !strings.HasPrefix(said, "cannot open the log `"+folder+"`: ") || !strings.HasSuffix(said, ": name a file, not a folder") {
		t.Error(said)
	}
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := refusal(t, pipe); !strings.HasSuffix(said, "it is neither a file nor a device: choose another path") {
		t.Error(said)
	}
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := refusal(t, filepath.Join(file, "log")); !strings.HasSuffix(said, "a part of the path is a file, not a folder: choose another path") {
		t.Error(said)
	}
}

func TestAFolderWithoutRightsIsRefused(t *testing.T) {
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	command := another(t, "open", "", filepath.Join(folder, "below/log"))
	if os.Geteuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		// Another user's way to it, and to this program.
		for _, path := range []string{folder, command.Path} {
			for above := filepath.Dir(path); above != "/" && above != os.TempDir(); above = filepath.Dir(above) {
				if err := os.Chmod(above, 0o755); err != nil {
					t.Fatal(err)
				}
			}
		}
		command.Dir = "/"
	}
	said, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "give this user the right to read and write there, or choose another path") {
		t.Errorf("%s %v", said, err)
	}
}

func TestLinesOfSeveralProcessesNeverInterleave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	var commands []*exec.Cmd
	for _, name := range []string{"a", "b", "c"} {
		commands = append(commands, another(t, "write many lines", name, path))
	}
	together(t, commands, func() {})
	lines := allLines(t, path)
	for _, line := range lines {
		if len(line) < 1_000 || line != strings.Repeat(line[:1], len(line)) {
			t.Fatal("two writers share a line")
		}
	}
	if len(lines) != 3*1_200 {
		t.Error(len(lines))
	}
}

func writeManyLines(path, name string) error {
	_, _ = io.ReadAll(os.Stdin)
	sink, err := Open(options(path))
	for call := 0; call < 300 && err == nil; call++ {
		line := strings.Repeat(name, 1_001+37*call)
		if failed := sink.Write([]string{line, line, line, line}); failed != nil {
			err = failed
		}
	}
	return err
}

func TestATornLineDoesNotSwallowTheNext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	tear := func(text string) {
		file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if _, err := file.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	tear("1\n{\"half")
	sink := newSink(t, options(path))
	write(t, sink, "2", "3")
	// Another process is killed in the middle of its line.
	tear("{\"ha")
	write(t, sink, "4")
	holds(t, path, "1\n{\"half\n2\n3\n{\"ha\n4\n")
}

func TestAFullDiskFailsWhatDidNotFitAndNothingElse(t *testing.T) {
	folder := t.TempDir()
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder).Run(); err != nil {
		t.Skip("skipped: cannot mount a file system here")
	}
	defer exec.Command("umount", "-l", folder).Run()
	ballast := filepath.Join(folder, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 8_192), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "log")
	sink := newSink(t, options(path))
	record := strings.Repeat("x", 999)
	why := sink.Write(slices.Repeat([]string{record}, 100))
	if why == nil || !strings.HasSuffix(why.Message, "free some space, then try again") || !why.Retryable {
		t.Fatal(why)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(before), "\n")
	if why.Written != len(lines)-1 || why.Written < 40 || lines[len(lines)-1] == "" {
		t.Fatalf("%d written, %d lines", why.Written, len(lines))
	}
	if err := os.Truncate(ballast, 0); err != nil {
		t.Fatal(err)
	}
	write(t, sink, "fits")
	holds(t, path, string(before)+"\nfits\n")
}

func TestTheRestOfAShortLineIsNotWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	said, err := another(t, "reach the limit", "", path).CombinedOutput()
	// A second write would have said that the file is too large.
	if err == nil || !strings.Contains(string(said), "no space left on device: free some space, then try again") {
		t.Errorf("%s %v", said, err)
	}
	holds(t, path, "1\n22")
}

// reachTheLimit lets the system take the beginning of a line.
func reachTheLimit(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4, Max: 4}); err != nil {
		return err
	}
	sink, err := Open(options(path))
	if err != nil {
		return err
	}
	if failed := sink.Write([]string{"1", "2222"}); failed != nil {
		return failed
	}
	return nil
}

func TestARotatedLogMovesUpUntilItIsTooOld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	sink := newSink(t, limited(path, 10, 2))
	for _, record := range []string{"1111", "2222", "3333", "a line of its own", "4444", "5555", "6666"} {
		write(t, sink, record)
	}
	holds(t, path, "6666\n")
	holds(t, path+".1", "4444\n5555\n")
	holds(t, path+".2", "a line of its own\n")
	if exists(path + ".3") {
		t.Error("one too many")
	}
	hasMode(t, path, 0o600)
}

func TestOneCallMayFillSeveralLogs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	options := limited(path, 10, 5)
	options.Fsync = Always
	write(t, newSink(t, options), "1111", "2222", "3333", "4444", "5555")
	if lines := allLines(t, path); !slices.Equal(lines, []string{"3333", "4444", "1111", "2222", "5555"}) {
		t.Error(lines)
	}
}

func TestAWriterThatRestsDoesNotHoldUpTheRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	resting, rotating := newSink(t, options(path)), newSink(t, limited(path, 5, 5))
	write(t, resting, "1111")
	write(t, rotating, "2222")
	write(t, resting, "3333")
	if lines := allLines(t, path); !slices.Equal(lines, []string{"1111", "2222", "3333"}) {
		t.Error(lines)
	}
}

func TestLogsBeyondASmallerKeepAreDeleted(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "log")
	for number := range 5 {
		if err := os.WriteFile(fmt.Sprint(path, ".", number+1), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(t, newSink(t, limited(path, 5, 3)), "1111", "2222")
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 4 {
		t.Error(entries, err)
	}
	holds(t, path+".1", "1111\n")
}

func TestWithoutAKeptLogOnlyTheNewestLinesStay(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "log")
	write(t, newSink(t, limited(path, 10, 0)), "1111", "2222", "3333")
	holds(t, path, "3333\n")
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Error(entries, err)
	}
}

func TestRotationBySeveralWritersLosesNoLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	commands := []*exec.Cmd{another(t, "write and rotate", "a", path), another(t, "write and rotate", "b", path)}
	together(t, commands, func() {
		var running sync.WaitGroup
		for _, name := range []string{"c", "d"} {
			running.Add(1)
			go func() {
				defer running.Done()
				if err := rotating(path, name); err != nil {
					t.Error(err)
				}
			}()
		}
		running.Wait()
	})
	lines := allLines(t, path)
	distinct := slices.Compact(slices.Sorted(slices.Values(lines)))
	if len(lines) != 4*600 || len(distinct) != 4*600 {
		t.Error(len(lines), len(distinct))
	}
	if !exists(path + ".100") {
		t.Error("it is expected to have been rotated often")
	}
	for number := 1; exists(fmt.Sprint(path, ".", number)); number++ {
		if info, err := os.Stat(fmt.Sprint(path, ".", number)); err != nil || info.Size() <= 130 {
			t.Fatal("a log that was not full was rotated: ", info.Size(), err)
		}
	}
}

func writeAndRotate(path, name string) error {
	_, _ = io.ReadAll(os.Stdin)
	return rotating(path, name)
}

func rotating(path, name string) error {
	sink, err := Open(limited(path, 150, 100_000))
	for number := 0; number < 200 && err == nil; number++ {
		records := []string{}
		for _, part := range []string{"x", "y", "z"} {
			records = append(records, fmt.Sprint(name, " ", number, " ", part))
		}
		if failed := sink.Write(records); failed != nil {
			err = failed
		}
	}
	return err
}

func TestALogThatSomebodyRenamesOrDeletesIsOpenedAnew(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "logs/log")
	sink := newSink(t, options(path))
	write(t, sink, "1")
	if err := os.Rename(path, filepath.Join(folder, "moved")); err != nil {
		t.Fatal(err)
	}
	write(t, sink, "2")
	holds(t, filepath.Join(folder, "moved"), "1\n")
	holds(t, path, "2\n")
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	write(t, sink, "3")
	holds(t, path, "3\n")
}

func TestALogThatCannotBeOpenedAnewIsTriedAgainAtTheNextWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs/log")
	sink := newSink(t, options(path))
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Dir(path), []byte("in the way"), 0o600); err != nil {
		t.Fatal(err)
	}
	why := sink.Write([]string{"1"})
	if why == nil || why.Written != 0 || !why.Retryable || !strings.Contains(why.Message, "cannot write to the log `"+path+"`") {
		t.Fatal(why)
	}
	if err := os.Remove(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	write(t, sink, "2")
	holds(t, path, "2\n")
}

func TestALineThatCouldNotBeForcedToTheDiskIsNotWritten(t *testing.T) {
	// A device that takes everything and cannot sync.
	write(t, newSink(t, options("/dev/null")), "1")
	sink := newSink(t, Options{Path: "/dev/null", Fsync: Always})
	if why := sink.Write([]string{"1"}); why == nil || why.Written != 0 {
		t.Error(why)
	}
}

func TestEveryRemedySaysWhatToDo(t *testing.T) {
	for err, remedy := range map[error]string{
		syscall.EACCES: "give this user", syscall.ENOSPC: "free some space", syscall.EDQUOT: "free some space",
		syscall.EROFS: "a file system that can be written", syscall.EISDIR: "name a file", syscall.ENOTDIR: "a part of the path",
		syscall.EINVAL: "choose another path", syscall.EIO: "check the path and the disk",
	} {
		if said := capability.Remedy(&fs.PathError{Err: err}); !strings.Contains(said, remedy) {
			t.Error(err, said)
		}
	}
}
