package auditbox

import (
	"errors"
	"fmt"

	"github.com/auditbox/auditbox/host/go/internal/component"
	"github.com/auditbox/auditbox/host/go/internal/engine"
	"github.com/auditbox/auditbox/host/go/internal/value"
)

// Kind is what sort of failure an [Error] is. A kind is itself an error, so that
// errors.Is(err, auditbox.ErrInvalidEvent) tells.
type Kind string

const (
	// ErrInvalidJSON: the text is not JSON.
	ErrInvalidJSON Kind = "invalid-json"
	// ErrInvalidEvent: the value can be no event, or none that is accepted.
	ErrInvalidEvent Kind = "invalid-event"
	// ErrInvalidConfig: the configuration is wrong.
	ErrInvalidConfig Kind = "invalid-config"
	// ErrUnavailable: an effect failed, and `on_failure` is `closed`: refuse the tool call. Of Close: records were lost.
	ErrUnavailable Kind = "unavailable"
	// ErrClosed: the auditor is closed.
	ErrClosed Kind = "closed"
	// ErrSink: the file cannot be opened.
	ErrSink Kind = "sink"
	// ErrComponent: the `.wasm` is not a component that this version can run.
	ErrComponent Kind = "component"
	// ErrTrap: the component failed inside, which is a bug in it. The next call works.
	ErrTrap Kind = "trap"
	// ErrInternal: something else failed inside: a bug, or the operating system.
	ErrInternal Kind = "internal"
)

// Error is the kind's name.
func (k Kind) Error() string { return string(k) }

// Error says why a call failed. No message holds any part of a payload's values.
type Error struct {
	// Kind is what sort of failure this is.
	Kind Kind
	// Path is the JSON Pointer (RFC 6901) to what is wrong, of [ErrInvalidEvent] and [ErrInvalidConfig]; empty for the
	// value as a whole. Secrets in it are redacted.
	Path string
	// Offset is where a text stops being JSON, of [ErrInvalidJSON]: in bytes from its start.
	Offset uint64
	// Message says what is wrong and what to do about it; of [ErrInvalidJSON] what was expected.
	Message string
}

// Error is the message with its place.
func (e *Error) Error() string {
	switch {
	case e.Kind == ErrInvalidJSON:
		return fmt.Sprintf("not JSON at byte %d: expected %s", e.Offset, e.Message)
	case e.Path != "":
		return fmt.Sprintf("`%s`: %s", e.Path, e.Message)
	default:
		return e.Message
	}
}

// Is compares with a [Kind].
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == e.Kind
}

func errClosed() *Error {
	return &Error{Kind: ErrClosed, Message: "the auditor is closed: make a new one"}
}

// asError is what the guest and its engine say in the words of this package.
func asError(err error) *Error {
	var (
		refusal *component.Refusal
		trap    *component.Trap
		unfit   *component.Unfit
	)
	switch {
	case errors.As(err, &refusal):
		return &Error{Kind: Kind(refusal.Case), Path: refusal.Path, Offset: refusal.Offset, Message: refusal.Message}
	case errors.As(err, &trap):
		return &Error{Kind: ErrTrap, Message: trap.Error()}
	case errors.As(err, &unfit):
		return &Error{Kind: ErrComponent, Message: unfit.Error()}
	case errors.Is(err, engine.ErrChanged):
		return &Error{Kind: ErrComponent, Message: err.Error()}
	default:
		return &Error{Kind: ErrInternal, Message: err.Error()}
	}
}

// asProblem is what cannot be said in JSON. Its path has keys of the caller's, so the guest sees it first.
func asProblem(err error, kind Kind, redact func(path []byte) ([]string, error)) *Error {
	var problem *value.Problem
	if !errors.As(err, &problem) {
		return asError(err)
	}
	wrong := &Error{Kind: kind, Message: problem.Message}
	if problem.Path == "" {
		return wrong
	}
	redacted, err := redact(raw(problem.Path))
	if err != nil {
		return wrong
	}
	path, _ := value.Parse(redacted[0])
	wrong.Path, _ = path.(string)
	return wrong
}

// broken: the text itself is not repeated, as a component that breaks the contract may put anything there.
func broken(what string) *Error {
	const message = "the component answered with something else than %s: it is not of this version"
	return &Error{Kind: ErrComponent, Message: fmt.Sprintf(message, what)}
}
