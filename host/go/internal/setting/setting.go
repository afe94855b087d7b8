// Package setting is what the options of an auditor set. It is apart from them for what no option of the public
// interface may set.
package setting

import (
	"context"

	"github.com/auditbox/auditbox/host/go/internal/delivery"
	"github.com/auditbox/auditbox/host/go/internal/engine"
)

// Settings are an auditor's.
type Settings struct {
	// Config is the configuration as it was given; nil is none.
	Config any
	// Stdout, File and Sinks were said beside it, and win over it.
	Stdout *bool
	File   *string
	Sinks  []Sink
	// Component is another one than the one carried; nil is none.
	Component []byte

	// Outbox is a place for the rows. This host has none of its own yet: only the driver of the conformance tests does.
	Outbox delivery.Outbox
	// Pool is told where the guest runs: only the driver calls `delivery.finish` itself.
	Pool func(*engine.Pool)
}

// Sink is an object of the user's own.
type Sink struct {
	Name string
	// Emit is nil when there is no object.
	Emit func(context.Context, string) error
}
