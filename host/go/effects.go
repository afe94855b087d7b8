package auditbox

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/auditbox/auditbox/host/go/internal/capability/custom"
	"github.com/auditbox/auditbox/host/go/internal/capability/file"
	"github.com/auditbox/auditbox/host/go/internal/capability/stdout"
	"github.com/auditbox/auditbox/host/go/internal/delivery"
	"github.com/auditbox/auditbox/host/go/internal/setting"
	"github.com/auditbox/auditbox/host/go/internal/value"
)

// flushTimeout is how long Close waits for sinks.
const flushTimeout = 5 * time.Second

// effective is the configuration in force: what of it concerns the host. Every default is the guest's.
type effective struct {
	Stdout bool          `json:"stdout"`
	File   *file.Options `json:"file"`
	Outbox *struct{}     `json:"outbox"`
	Sinks  map[string]struct {
		MaxQueued int `json:"max_queued"`
	} `json:"sinks"`
	OnFailure string `json:"on_failure"`
}

// effects are what an auditor has open.
type effects struct {
	delivery delivery.Delivery
	file     *file.Sink
	own      []*custom.Sink
}

// open opens what the configuration in force says.
func (e *effects) open(config string, settings *setting.Settings) error {
	var effective effective
	if json.Unmarshal([]byte(config), &effective) != nil {
		return broken("a configuration")
	}
	given := map[string]func(context.Context, string) error{}
	for _, sink := range settings.Sinks {
		given[sink.Name] = sink.Emit
	}
	// In the order that the guest has them in, as configText sorts them.
	names := slices.Sorted(maps.Keys(effective.Sinks))
	for _, name := range names {
		if given[name] == nil {
			const message = "no sink of this name was given to the auditor"
			return &Error{Kind: ErrInvalidConfig, Path: "/sinks/" + value.Step(name), Message: message}
		}
	}
	if effective.Outbox != nil && settings.Outbox == nil {
		const message = "this host has no outbox yet: leave the key out, or record with the `auditbox` program"
		return &Error{Kind: ErrInvalidConfig, Path: "/outbox", Message: message}
	}
	e.delivery.Closed = effective.OnFailure == "closed"
	if effective.Outbox != nil {
		e.delivery.Outbox = settings.Outbox
	}
	if effective.Stdout {
		e.delivery.Sinks = append(e.delivery.Sinks, stdout.Sink{})
	}
	if effective.File != nil {
		log, err := file.Open(*effective.File)
		if err != nil {
			return &Error{Kind: ErrSink, Message: err.Error()}
		}
		e.file = log
		e.delivery.Sinks = append(e.delivery.Sinks, log)
	}
	for _, name := range names {
		sink := custom.Start(name, effective.Sinks[name].MaxQueued, given[name])
		e.own = append(e.own, sink)
		e.delivery.Sinks = append(e.delivery.Sinks, sink)
	}
	return nil
}

func (e *effects) stats() map[string]SinkStats {
	stats := make(map[string]SinkStats, len(e.own))
	for _, sink := range e.own {
		stats[sink.Name()] = SinkStats(sink.Stats())
	}
	return stats
}

// close waits for all sinks at the same time, and answers with the records that they did not take.
func (e *effects) close(ctx context.Context) error {
	left := make([]string, len(e.own))
	var waiting sync.WaitGroup
	for n, sink := range e.own {
		waiting.Add(1)
		go func() {
			defer waiting.Done()
			if dropped := sink.Close(ctx); dropped > 0 {
				left[n] = fmt.Sprintf("%d of `%s`", dropped, sink.Name())
			}
		}()
	}
	waiting.Wait()
	if e.file != nil {
		e.file.Close()
	}
	left = slices.DeleteFunc(left, func(s string) bool { return s == "" })
	if len(left) == 0 {
		return nil
	}
	message := fmt.Sprintf("sinks did not take all records in time, the rest is dropped: %s", strings.Join(left, ", "))
	return &Error{Kind: ErrUnavailable, Message: message}
}

// Close is [Auditor.CloseContext] with five seconds for the sinks. It implements [io.Closer].
func (a *Auditor) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	return a.CloseContext(ctx)
}

// CloseContext ends the auditor: it lets calls that run come to their end, waits until your own sinks have taken their
// records or the context is over, and closes the file. Every later call fails with [ErrClosed]; a second CloseContext
// does nothing.
//
// It fails with [ErrUnavailable] when sinks did not take all records in time; those are dropped and counted. A sink that
// holds on to a record keeps its goroutine until it lets go: its context is over.
func (a *Auditor) CloseContext(ctx context.Context) error {
	a.calls.Lock()
	closed := a.closed
	a.closed = true
	a.calls.Unlock()
	if closed {
		return nil
	}
	err := a.effects.close(ctx)
	a.free()
	return err
}
