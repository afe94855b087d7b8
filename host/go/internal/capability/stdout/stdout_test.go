package stdout

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// asked makes this program write to its standard output until nobody reads it.
const asked = "AUDITBOX_TEST_WRITE"

func TestMain(m *testing.M) {
	if os.Getenv(asked) == "" {
		os.Exit(m.Run())
	}
	for {
		if why := (Sink{}).Write([]string{"a record"}); why != nil {
			fmt.Fprintf(os.Stderr, "retryable %v: %s", why.Retryable, why.Message)
			return
		}
	}
}

// printed is what is written to the standard output meanwhile.
func printed(t *testing.T, write func()) string {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stdout
	os.Stdout = writer
	var text []byte
	var reading sync.WaitGroup
	reading.Add(1)
	go func() {
		defer reading.Done()
		text, _ = io.ReadAll(reader)
	}()
	write()
	os.Stdout = before
	writer.Close()
	reading.Wait()
	return string(text)
}

func TestRecordsBecomeLinesBehindWhatTheProgramHasPrinted(t *testing.T) {
	got := printed(t, func() {
		fmt.Print("before\n")
		if why := (Sink{}).Write([]string{`{"a":1}`, "", "ü"}); why != nil {
			t.Error(why)
		}
		fmt.Print("after\n")
	})
	if got != "before\n{\"a\":1}\n\nü\nafter\n" {
		t.Errorf("%q", got)
	}
}

func TestLinesOfSeveralGoroutinesStayWhole(t *testing.T) {
	const goroutines, lines = 8, 20
	// Longer than what a pipe takes at once.
	record := strings.Repeat("x", 200_000)
	got := printed(t, func() {
		var running sync.WaitGroup
		for range goroutines {
			running.Add(1)
			go func() {
				defer running.Done()
				for range lines {
					if why := (Sink{}).Write([]string{record}); why != nil {
						t.Error(why)
					}
				}
			}()
		}
		running.Wait()
	})
	if got != strings.Repeat(record+"\n", goroutines*lines) {
		t.Error("they do not")
	}
}

func TestOnlyWholeRecordsCountAsWritten(t *testing.T) {
	records := []string{"123", "45", "678"}
	for taken, whole := range map[int]int{0: 0, 3: 0, 4: 1, 6: 1, 7: 2, 10: 2, 11: 3} {
		if got := wholeLines(records, taken); got != whole {
			t.Errorf("%d bytes are %d records, not %d", taken, whole, got)
		}
	}
	why := failure(2, &os.PathError{Err: syscall.ENOSPC})
	if why.Written != 2 || !why.Retryable || !strings.HasSuffix(why.Message, ": free some space, then try again") {
		t.Error(why)
	}
}

func TestAReaderThatHasGoneIsAFailureAndNoEndOfTheProgram(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program)
	command.Env = append(os.Environ(), asked+"=1")
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	command.Stderr = &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); err != nil || line != "a record\n" {
		t.Error(line, err)
	}
	output.Close()
	if err := command.Wait(); err != nil {
		t.Error(err)
	}
	want := "retryable false: cannot write to the standard output: broken pipe: its reader has gone"
	if said.String() != want {
		t.Errorf("%q", said.String())
	}
}
