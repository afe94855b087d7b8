// Package delivery carries out what the guest has handed over, in the one order that is safe: the commit, then the
// sinks. What failed is told to the guest, which decides what it means.
package delivery

import (
	"github.com/auditbox/auditbox/host/go/internal/capability"
	"github.com/auditbox/auditbox/host/go/internal/engine"
)

// Delivery is the effects of one auditor.
type Delivery struct {
	// Outbox is nil when records are queued nowhere.
	Outbox Outbox
	Sinks  []capability.Sink
	// Closed is whether the caller is refused what the outbox could not store, so that no sink may show it.
	Closed bool
}

// Outbox stores records durably.
type Outbox interface {
	// Append stores the rows of one call in one transaction. It returns when they are durable, and says of each whether
	// its event was there already; the error is nil when all is well.
	Append(rows []engine.Row) (duplicates []bool, failed *capability.WriteError)
}

const outboxTarget = "outbox"

// Outcome is what did not simply go well, in the words of `delivery.finish`.
type Outcome struct {
	Target    string `json:"target"`
	Message   string `json:"message,omitempty"`
	Retryable *bool  `json:"retryable,omitempty"`
	Duplicate bool   `json:"duplicate,omitempty"`
}

// Outcomes are those of a call by the number of the event.
type Outcomes map[uint32][]Outcome

func (o Outcomes) failed(line uint32, target string, why *capability.WriteError) {
	retryable := why.Retryable
	o[line] = append(o[line], Outcome{Target: target, Message: why.Message, Retryable: &retryable})
}

// CarryOut stores the rows of one call in one transaction, waits for it, and then gives each sink its records in one
// go. Of events that were not accepted nothing is carried out. A record that the outbox had already is shown by no sink,
// nor is one that it could not store when the delivery is closed.
func (d *Delivery) CarryOut(handed engine.Handed, accepted func(line uint32) bool) Outcomes {
	outcomes := Outcomes{}
	withheld := d.commit(handed.Rows, accepted, outcomes)
	for _, sink := range d.Sinks {
		var lines []uint32
		var records []string
		for _, write := range handed.Writes {
			if write.Sink == sink.Name() && accepted(write.Line) && !withheld[write.Line] {
				lines, records = append(lines, write.Line), append(records, write.Body)
			}
		}
		if len(records) == 0 {
			continue
		}
		if why := sink.Write(records); why != nil {
			for _, line := range lines[why.Written:] {
				outcomes.failed(line, sink.Name(), why)
			}
		}
	}
	return outcomes
}

// commit answers with the events that no sink may show.
func (d *Delivery) commit(rows []engine.Row, accepted func(uint32) bool, outcomes Outcomes) map[uint32]bool {
	var stored []engine.Row
	for _, row := range rows {
		if accepted(row.Line) {
			stored = append(stored, row)
		}
	}
	if d.Outbox == nil || len(stored) == 0 {
		return nil
	}
	withheld := map[uint32]bool{}
	duplicates, why := d.Outbox.Append(stored)
	for n, row := range stored {
		switch {
		case why != nil:
			outcomes.failed(row.Line, outboxTarget, why)
			withheld[row.Line] = d.Closed
		case duplicates[n]:
			outcomes[row.Line] = append(outcomes[row.Line], Outcome{Target: outboxTarget, Duplicate: true})
			withheld[row.Line] = true
		}
	}
	return withheld
}
