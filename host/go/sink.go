package auditbox

import (
	"context"
	"encoding/json"

	"github.com/auditbox/auditbox/host/go/internal/value"
)

// Sink is an object of your own that records go to: give it to [WithSink].
//
// Each sink has a queue and a goroutine of its own: Emit gets one record after the other, never two at a time, after the
// auditor's Emit may have returned. A slow sink delays nobody; when its queue is full, records are dropped, counted, and
// named in the receipt. An error or a panic is counted, and reaches nobody else: log what you want to know. The context
// is over when [Auditor.Close] waits no longer.
type Sink interface {
	Emit(ctx context.Context, record Record) error
}

// SinkFunc is a function as a [Sink].
type SinkFunc func(ctx context.Context, record Record) error

// Emit calls the function.
func (f SinkFunc) Emit(ctx context.Context, record Record) error { return f(ctx, record) }

// Record is what was recorded: the event after redaction, cap and stamping.
type Record struct{ text string }

// JSON is the exact text, one object on one line.
func (r Record) JSON() string { return r.text }

// Value is the record as a map: a fresh copy each time. Numbers are [json.Number], which keeps all digits.
func (r Record) Value() (map[string]any, error) {
	record, err := parse(r.text)
	if err != nil {
		return nil, err
	}
	members, ok := record.(map[string]any)
	if !ok {
		return nil, broken("a record")
	}
	return members, nil
}

// Decode puts the record into what a pointer points to, as [json.Unmarshal] does: an [AuditEvent], for one.
func (r Record) Decode(into any) error { return json.Unmarshal([]byte(r.text), into) }

func parse(text string) (any, error) {
	v, err := value.Parse(text)
	if err != nil {
		return nil, broken("JSON")
	}
	return v, nil
}

// SinkStats is what became of the records of a [Sink] so far.
type SinkStats struct {
	// Queued is how many wait.
	Queued int
	// Delivered is how many Emit has taken.
	Delivered uint64
	// Failed is how many Emit has answered with an error or a panic.
	Failed uint64
	// Dropped is how many found the queue full, or were left when the auditor was closed.
	Dropped uint64
	// LastError is the type of the last error or panic, empty when there was none.
	LastError string
}
