// Package custom hands records to an object of the user's own, behind a bounded queue, so that a slow or broken one harms
// nobody.
package custom

import (
	"context"
	"fmt"
	"sync"

	"github.com/auditbox/auditbox/host/go/internal/capability"
)

// Stats is what became of the records of a sink so far.
type Stats struct {
	// Queued is how many wait.
	Queued int
	// Delivered, Failed and Dropped are how many were taken, were refused by an error or a panic, and never got there.
	Delivered, Failed, Dropped uint64
	// LastError is the type of the last error or panic: its text may hold anything.
	LastError string
}

// Sink is an object of the user's own and its queue.
type Sink struct {
	name  string
	emit  func(context.Context, string) error
	queue chan string
	// cancel tells the object that the time is over.
	cancel context.CancelFunc
	// done is closed when the last record is dealt with.
	done chan struct{}

	mutex sync.Mutex
	stats Stats
}

// Start begins to take records, at most maxQueued at a time, and gives them to emit one after the other, in a goroutine
// that lives until [Sink.Close].
func Start(name string, maxQueued int, emit func(context.Context, string) error) *Sink {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Sink{name: name, emit: emit, queue: make(chan string, maxQueued), cancel: cancel, done: make(chan struct{})}
	go s.consume(ctx)
	return s
}

// Name is the one it was given.
func (s *Sink) Name() string { return s.name }

// Write queues the records, and returns at once. Those that find the queue full are dropped.
func (s *Sink) Write(records []string) *capability.WriteError {
	for queued, record := range records {
		select {
		case s.queue <- record:
		default:
			s.count(func(stats *Stats) { stats.Dropped += uint64(len(records) - queued) })
			message := fmt.Sprintf("its queue of %d records is full", cap(s.queue))
			return &capability.WriteError{Written: queued, Message: message, Retryable: true}
		}
	}
	return nil
}

// Stats is a moment's view.
func (s *Sink) Stats() Stats {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	stats := s.stats
	stats.Queued = len(s.queue)
	return stats
}

// Close waits until the queue is empty or the context is over, and drops what is left then. It answers with how many
// that are; one that the object still has in its hands is not among them. No Write may come after it.
func (s *Sink) Close(ctx context.Context) (dropped uint64) {
	close(s.queue)
	select {
	case <-s.done:
	case <-ctx.Done():
	}
	for range s.queue {
		dropped++
	}
	s.cancel()
	s.count(func(stats *Stats) { stats.Dropped += dropped })
	return dropped
}

func (s *Sink) consume(ctx context.Context) {
	defer close(s.done)
	for record := range s.queue {
		failed := s.deliver(ctx, record)
		s.count(func(stats *Stats) {
			if failed == "" {
				stats.Delivered++
				return
			}
			stats.Failed++
			stats.LastError = failed
		})
	}
}

// deliver answers with the type of what went wrong, empty when nothing did.
func (s *Sink) deliver(ctx context.Context, record string) (failed string) {
	defer func() {
		if panicked := recover(); panicked != nil {
			failed = fmt.Sprintf("%T", panicked)
		}
	}()
	if err := s.emit(ctx, record); err != nil {
		return fmt.Sprintf("%T", err)
	}
	return ""
}

func (s *Sink) count(change func(*Stats)) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	change(&s.stats)
}
