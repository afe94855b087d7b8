// What this host costs, on the input in the folder $AUDITBOX_BENCH: a JSON line for each figure (benches/hosts.rs).
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	auditbox "github.com/auditbox/auditbox/host/go"
)

var ctx = context.Background()

func main() {
	log.SetFlags(0)
	folder, err := os.MkdirTemp("", "auditbox-bench")
	check(err)
	defer os.RemoveAll(folder)
	event, _ := input("event-1k.json")
	large, largeText := input("value-32k.json")
	auditor := open(filepath.Join(folder, "audit.jsonl"))

	figure("emit_file_1k", median(20_000, func() {
		_, err := auditor.Emit(ctx, event)
		check(err)
	}), "µs")
	figure("redact_32k", median(2_000, func() {
		rewritten, err := auditor.Redact(ctx, large)
		check(err)
		_, err = rewritten.Value()
		check(err)
	}), "µs")
	// Beside what is asked: what it costs a program that has JSON and wants JSON, as the Rust host is measured.
	figure("redact_32k_text", median(2_000, func() {
		_, err := auditor.Redact(ctx, largeText)
		check(err)
	}), "µs")
	check(auditor.Close())

	const total = 64_000
	for _, run := range []struct {
		name       string
		goroutines int
	}{{"one_thread", 1}, {"sixteen_threads", 16}} {
		auditor := open(filepath.Join(folder, run.name))
		start := time.Now()
		var running sync.WaitGroup
		for range run.goroutines {
			running.Add(1)
			go func() {
				defer running.Done()
				emit(auditor, event, total/run.goroutines)
			}()
		}
		running.Wait()
		figure(run.name, total/time.Since(start).Seconds(), "/s")
		check(auditor.Close())
	}

	// Rotated, so that it needs no gigabyte.
	rotated := map[string]any{"path": filepath.Join(folder, "rotated"), "max_bytes": 64 << 20, "keep": 1}
	auditor, err = auditbox.New(auditbox.WithConfig(map[string]any{"stdout": false, "file": rotated}))
	check(err)
	emit(auditor, event, 10_000)
	figure("memory_10k", resident(), "bytes")
	emit(auditor, event, 990_000)
	figure("memory_1m", resident(), "bytes")
	check(auditor.Close())
}

func open(path string) *auditbox.Auditor {
	auditor, err := auditbox.New(auditbox.WithStdout(false), auditbox.WithFile(path))
	check(err)
	return auditor
}

func emit(auditor *auditbox.Auditor, event any, times int) {
	for range times {
		_, err := auditor.Emit(ctx, event)
		check(err)
	}
}

// input is a value as a program has it, and its text.
func input(name string) (v any, text json.RawMessage) {
	text, err := os.ReadFile(filepath.Join(os.Getenv("AUDITBOX_BENCH"), name))
	check(err)
	check(json.Unmarshal(text, &v))
	return v, text
}

// median of so many runs, in microseconds.
func median(runs int, run func()) float64 {
	times := make([]time.Duration, runs)
	for n := range times {
		start := time.Now()
		run()
		times[n] = time.Since(start)
	}
	slices.Sort(times)
	return float64(times[runs/2].Nanoseconds()) / 1e3
}

// resident is the memory that the process has in use; where the system does not tell, what it was given.
func resident() float64 {
	if status, err := os.ReadFile("/proc/self/statm"); err == nil {
		if fields := strings.Fields(string(status)); len(fields) > 1 {
			if pages, err := strconv.ParseFloat(fields[1], 64); err == nil {
				return pages * float64(os.Getpagesize())
			}
		}
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return float64(memory.Sys)
}

func figure(name string, value float64, unit string) {
	line, err := json.Marshal(map[string]any{"name": name, "value": value, "unit": unit})
	check(err)
	fmt.Println(string(line))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
