package component

import "fmt"

// Unfit says why a binary is not a component that this host can run.
type Unfit struct{ why string }

func unfit(why string) *Unfit { return &Unfit{why} }

func (u *Unfit) Error() string {
	const what = "not a component of `auditbox:audit@0.1.0` that this version can run"
	return fmt.Sprintf("%s: %s; `auditbox component` writes one", what, u.why)
}

// Trap says that an instance has failed inside or broken the contract. Its memory may be in any state: close it.
type Trap struct {
	why string
	// exhausted is whether the instance had hardly any memory left to take.
	exhausted bool
}

func (t *Trap) Error() string {
	if t.exhausted {
		return "the component ran out of memory: the value is too large for it"
	}
	return fmt.Sprintf("the component failed inside: %s; this is a bug in it, and the next call works", t.why)
}

// The cases of `types.error`, in the order of the WIT.
const (
	invalidJSON = iota
	invalidEvent
	invalidConfig
	unavailable
)

// cases are their names.
var cases = [...]string{"invalid-json", "invalid-event", "invalid-config", "unavailable"}

// Refusal is a `types.error`: the component works, and refuses what it was given.
type Refusal struct {
	// Case is the name of the case.
	Case string
	// Offset of `invalid-json`, in bytes.
	Offset uint64
	// Path of `invalid-event` and `invalid-config`: JSON Pointer.
	Path string
	// Message for people; of `invalid-json` what was expected.
	Message string
}

func (r *Refusal) Error() string { return r.Message }
