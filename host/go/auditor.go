package auditbox

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/auditbox/auditbox/host/go/internal/component"
	"github.com/auditbox/auditbox/host/go/internal/delivery"
	"github.com/auditbox/auditbox/host/go/internal/engine"
	"github.com/auditbox/auditbox/host/go/internal/setting"
	"github.com/auditbox/auditbox/host/go/internal/value"
)

// longestBytes: no configuration accepts a longer text, and a guest could not hold one that is much longer.
const longestBytes = 256 << 20

// Auditor records events: redacted, capped and stamped by the component, then written. It is shared by as many
// goroutines as like, and must be closed.
//
// Events and values are what Go has: structs such as [AuditEvent], with tags and methods as encoding/json knows them,
// maps, lists, texts, numbers, times. Durations become seconds, bytes the text they are, errors their type and text,
// infinite numbers a text, and a map[K]struct{} a list. What cannot be said in JSON is refused with its path. A
// [json.RawMessage] in place of a whole argument is JSON text, passed on as it is.
//
// A context that is over refuses a call, with the context's error, before anything is recorded. A call that has begun is
// not cut short: it takes microseconds. Later versions will also take from the context how long to wait for the outbox,
// and the span that an event belongs to.
type Auditor struct {
	pool    *engine.Pool
	config  string
	effects effects
	// own is a component that was given, which ends with the auditor.
	own *component.Program

	// calls is held for reading by calls, so that closing waits for them.
	calls  sync.RWMutex
	closed bool
}

// New compiles the component, unless that was done before, checks the configuration, and opens the sinks.
//
// It fails with [ErrInvalidJSON] and [ErrInvalidConfig] when the configuration is wrong, with [ErrComponent] when the
// component is not one that this version can run, and with [ErrSink] when the file cannot be opened.
func New(options ...Option) (*Auditor, error) {
	var settings setting.Settings
	for _, option := range options {
		option(&settings)
	}
	a := &Auditor{}
	if err := a.open(&settings); err != nil {
		a.free()
		return nil, err
	}
	return a, nil
}

func (a *Auditor) open(settings *setting.Settings) error {
	if err := checkSettings(settings); err != nil {
		return err
	}
	program, err := a.program(settings.Component)
	if err != nil {
		return asError(err)
	}
	text, err := configText(settings)
	if err != nil {
		return asProblem(err, ErrInvalidConfig, func(path []byte) ([]string, error) {
			return engine.Once(program, component.Redact, path)
		})
	}
	if a.pool, a.config, err = engine.NewPool(program, text); err != nil {
		return asError(err)
	}
	if settings.Pool != nil {
		settings.Pool(a.pool)
	}
	return a.effects.open(a.config, settings)
}

func (a *Auditor) program(given []byte) (program *component.Program, err error) {
	if given == nil {
		return carried.Program()
	}
	a.own, err = engine.Load(given)
	return a.own, err
}

// free gives back what the auditor holds beside its sinks.
func (a *Auditor) free() {
	if a.pool != nil {
		a.pool.Close()
	}
	if a.own != nil {
		a.own.Close()
	}
}

// Config is the configuration in force as JSON text, all defaults filled in.
func (a *Auditor) Config() string { return a.config }

// SinkStats is what became of the records of your own sinks so far, by their names.
func (a *Auditor) SinkStats() map[string]SinkStats { return a.effects.stats() }

// Emit records one event (`event.schema.json`): an [AuditEvent], a [TelemetryEvent], or anything else of that shape. It
// returns when the record is written to file and standard output, and queued for your own sinks.
//
// It fails with [ErrInvalidJSON] and [ErrInvalidEvent] when the event is refused, and with [ErrUnavailable] when
// `on_failure` is `closed` and the record could not be stored. When it is `open`, the receipt names what failed.
func (a *Auditor) Emit(ctx context.Context, event any) (Receipt, error) {
	return a.record(ctx, event, component.Emit)
}

// LogEvent records a telemetry event from its type and its payload. The `agent_id` is the configured one. It fails as
// [Auditor.Emit] does.
func (a *Auditor) LogEvent(ctx context.Context, eventType string, payload any) (Receipt, error) {
	return a.record(ctx, payload, component.LogEvent, []byte(eventType))
}

// Redact redacts any value. Nothing is recorded. It fails with [ErrInvalidJSON], or with [ErrInvalidEvent] when the
// value cannot be said in JSON, is too large or too deep.
func (a *Auditor) Redact(ctx context.Context, value any) (Rewritten, error) {
	return a.rewrite(ctx, value, component.Redact)
}

// CapPayload cuts any value to `max_payload_bytes`, the way the records are cut. It does not redact: redact first, or a
// secret could be cut in half and no longer be known as one. Nothing is recorded. It fails as [Auditor.Redact] does.
func (a *Auditor) CapPayload(ctx context.Context, payload any) (Rewritten, error) {
	return a.rewrite(ctx, payload, component.CapPayload)
}

// Rules are every built-in rule by which secrets are found, in a fixed order: their ids are what receipts name and
// `redaction.rules` takes. They are the same under every configuration. It fails with [ErrComponent] when the component is
// not of this version, and with [ErrClosed] after Close.
func (a *Auditor) Rules(ctx context.Context) (rules []Rule, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = a.locked(func() error {
		results, _, err := a.pool.Call(component.Rules)
		if err != nil {
			return asError(err)
		}
		rules, err = parseRules(results[0])
		return err
	})
	return rules, err
}

func (a *Auditor) record(ctx context.Context, v any, function *component.Function, before ...[]byte) (receipt Receipt, err error) {
	err = a.call(ctx, v, func(text []byte) error {
		results, handed, err := a.pool.Call(function, append(before, text)...)
		if err != nil {
			return asError(err)
		}
		outcomes := a.effects.delivery.CarryOut(handed, func(line uint32) bool { return line == 0 })
		receipt, err = a.settle(results[0], outcomes[0])
		return err
	})
	return receipt, err
}

func (a *Auditor) rewrite(ctx context.Context, v any, function *component.Function) (rewritten Rewritten, err error) {
	err = a.call(ctx, v, func(text []byte) error {
		results, _, err := a.pool.Call(function, text)
		if err != nil {
			return asError(err)
		}
		rewritten.text = results[0]
		rewritten.Receipt, err = parseReceipt(results[1])
		return err
	})
	return rewritten, err
}

// buffers are for the texts of values, which the guest copies.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// keptBytes: a buffer that has grown beyond this is not kept.
const keptBytes = 1 << 20

// call runs a call with the text of its value, while the auditor cannot be closed.
func (a *Auditor) call(ctx context.Context, v any, run func(text []byte) error) error {
	if err := a.ready(ctx); err != nil {
		return err
	}
	text, given := v.(json.RawMessage)
	var unsayable error
	if !given {
		buffer := buffers.Get().(*[]byte)
		// Before anything is locked: methods of the value are the caller's, and may call the auditor.
		text, unsayable = value.Append((*buffer)[:0], v)
		defer func() {
			if cap(text) <= keptBytes {
				*buffer = text
				buffers.Put(buffer)
			}
		}()
	}
	return a.locked(func() error {
		if unsayable != nil {
			return a.problem(unsayable)
		}
		if err := withinBounds(len(text)); err != nil {
			return err
		}
		return run(text)
	})
}

// ready is whether a call may begin.
func (a *Auditor) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return a.locked(func() error { return nil })
}

// locked runs what needs an auditor that is open.
func (a *Auditor) locked(run func() error) error {
	a.calls.RLock()
	defer a.calls.RUnlock()
	if a.closed {
		return errClosed()
	}
	return run()
}

func (a *Auditor) problem(err error) error {
	return asProblem(err, ErrInvalidEvent, func(path []byte) ([]string, error) {
		results, _, err := a.pool.Call(component.Redact, path)
		return results, err
	})
}

// settle: only when something did not simply go well, the guest is asked what that means.
func (a *Auditor) settle(receipt string, outcomes []delivery.Outcome) (Receipt, error) {
	if len(outcomes) == 0 {
		return parseReceipt(receipt)
	}
	text, err := value.Append(nil, outcomes)
	if err != nil {
		return Receipt{}, asError(err)
	}
	results, _, err := a.pool.Call(component.Finish, []byte(receipt), text)
	if err != nil {
		return Receipt{}, asError(err)
	}
	return parseReceipt(results[0])
}

func withinBounds(bytes int) error {
	if bytes <= longestBytes {
		return nil
	}
	message := fmt.Sprintf("%d bytes long, but at most %d can be accepted", bytes, longestBytes)
	return &Error{Kind: ErrInvalidEvent, Message: message}
}
