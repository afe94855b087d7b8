package auditbox

import (
	"encoding/json"
	"strings"
)

// Receipt says what was done to an event or a value. It never holds any part of what was redacted.
type Receipt struct {
	// EventID is the UUID of the event. Empty in receipts of Redact and CapPayload.
	EventID string `json:"event_id"`
	// Redactions are what was redacted, the first 100.
	Redactions []Redaction `json:"redactions"`
	// RedactionsTotal is how many there were, those beyond the first 100 included.
	RedactionsTotal uint64 `json:"redactions_total"`
	// Truncated are JSON Pointers (RFC 6901) to what was cut, the first 100.
	Truncated []string `json:"truncated"`
	// Duplicate is whether the outbox had an event of this id already, so that this one was not recorded.
	Duplicate bool `json:"duplicate"`
	// Failures are the effects that failed.
	Failures []Failure `json:"failures"`

	json string
}

// Redaction is one secret that was found, and what became of it.
type Redaction struct {
	// Path is where the secret was: JSON Pointer (RFC 6901).
	Path string `json:"path"`
	// Rule is the id of the rule that found it.
	Rule string `json:"rule"`
	// Action is what was done: `replace`.
	Action string `json:"action"`
	// Bytes is the length of what was there, in bytes of the decoded value.
	Bytes uint64 `json:"bytes"`
}

// Failure is one effect that failed.
type Failure struct {
	// Target is what failed: `outbox`, or the name of a sink.
	Target string `json:"target"`
	// Message says why, for people.
	Message string `json:"message"`
	// Retryable is whether the same event may be emitted again with a chance of success.
	Retryable bool `json:"retryable"`
}

// JSON is the receipt as the component wrote it: one object on one line, `event_id` first.
func (r Receipt) JSON() string { return r.json }

// MarshalJSON is the receipt as the component wrote it.
func (r Receipt) MarshalJSON() ([]byte, error) {
	if r.json == "" {
		// Nobody's receipt.
		return []byte("null"), nil
	}
	return []byte(r.json), nil
}

func parseReceipt(text string) (Receipt, error) {
	type fields Receipt
	receipt := fields{json: text}
	if !strings.HasPrefix(text, "{") || json.Unmarshal([]byte(text), &receipt) != nil {
		return Receipt{}, broken("a receipt")
	}
	return Receipt(receipt), nil
}

// Answer is what became of one event of a batch: its receipt, or why it was refused.
type Answer struct {
	Receipt Receipt
	// Err is an error that Emit returns, and nil when the event was accepted.
	Err error
}

// parseAnswer reads one line of the answer of `emit-batch`.
func parseAnswer(line string) (receipt string, err error) {
	if !strings.HasPrefix(line, `{"error":`) {
		return line, nil
	}
	var refusal struct {
		Error struct {
			Kind                    Kind
			Offset                  uint64
			Expected, Path, Message string
		}
	}
	if json.Unmarshal([]byte(line), &refusal) != nil {
		return "", broken("an error")
	}
	said := refusal.Error
	switch said.Kind {
	case ErrInvalidJSON:
		return "", &Error{Kind: said.Kind, Offset: said.Offset, Message: said.Expected}
	case ErrInvalidEvent, ErrInvalidConfig:
		return "", &Error{Kind: said.Kind, Path: said.Path, Message: said.Message}
	case ErrUnavailable:
		return "", &Error{Kind: said.Kind, Message: said.Message}
	default:
		return "", broken("an error")
	}
}

// Rewritten is a value and what was done to it.
type Rewritten struct {
	// Receipt says what was redacted and truncated.
	Receipt Receipt

	text string
}

// JSON is the new value as JSON text, exactly as the component wrote it.
func (r Rewritten) JSON() string { return r.text }

// Value is the new value: map[string]any, []any, string, bool, nil, and [json.Number], which keeps all digits.
func (r Rewritten) Value() (any, error) { return parse(r.text) }

// Decode puts the new value into what a pointer points to, as [json.Unmarshal] does.
func (r Rewritten) Decode(into any) error { return json.Unmarshal([]byte(r.text), into) }
