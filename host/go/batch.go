package auditbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/auditbox/auditbox/host/go/internal/component"
	"github.com/auditbox/auditbox/host/go/internal/engine"
	"github.com/auditbox/auditbox/host/go/internal/value"
)

// chunkBytes: as much goes into one call of the guest. More costs memory and saves no time.
const chunkBytes = 1 << 20

// EmitBatch records many events, and answers for each of them in the same order. Not atomic: an event that is refused,
// or that cannot be said in JSON, does not hold up the rest. The events are a slice or an array of what [Auditor.Emit]
// takes, or a [json.RawMessage] of JSON Lines, in which empty lines are skipped.
//
// Each error is one that Emit returns. What is no list of events is one event that is refused.
func (a *Auditor) EmitBatch(ctx context.Context, events any) []Answer {
	if lines, given := events.(json.RawMessage); given {
		var answers []Answer
		for len(lines) > 0 {
			chunk := lines[:chunkEnd(lines)]
			answers = append(answers, a.emitChunk(ctx, chunk)...)
			lines = lines[len(chunk):]
		}
		return answers
	}
	list := reflect.ValueOf(events)
	if kind := list.Kind(); kind != reflect.Slice && kind != reflect.Array || list.Type().Elem().Kind() == reflect.Uint8 {
		message := fmt.Sprintf("expected a slice of events, or JSON Lines as json.RawMessage, not `%T`", events)
		return []Answer{{Err: &Error{Kind: ErrInvalidEvent, Message: message}}}
	}
	return a.emitList(ctx, list)
}

// emitList puts the texts of events together to chunks.
func (a *Auditor) emitList(ctx context.Context, list reflect.Value) []Answer {
	answers := make([]Answer, list.Len())
	var chunk []byte
	// at are the numbers of the events in the chunk.
	var at []int
	flush := func() {
		for n, answer := range a.emitChunk(ctx, chunk) {
			answers[at[n]] = answer
		}
		chunk, at = chunk[:0], at[:0]
	}
	for n := range answers {
		event := list.Index(n).Interface()
		start := len(chunk)
		if text, given := event.(json.RawMessage); given {
			if isBlank(text) {
				// In a chunk it would be skipped.
				_, answers[n].Err = a.Emit(ctx, text)
				continue
			}
			// A line break, which JSON takes for a blank, as another such blank.
			chunk = append(chunk, bytes.ReplaceAll(text, []byte{'\n'}, []byte{'\r'})...)
		} else {
			var err error
			if chunk, err = value.Append(chunk, event); err != nil {
				answers[n].Err = a.locked(func() error { return a.problem(err) })
				continue
			}
		}
		chunk, at = append(chunk, '\n'), append(at, n)
		if len(chunk) > chunkBytes && start > 0 {
			// Without this one, with which it is too long.
			last := bytes.Clone(chunk[start:])
			chunk, at = chunk[:start], at[:len(at)-1]
			flush()
			chunk, at = append(chunk, last...), append(at, n)
		}
	}
	flush()
	return answers
}

// chunkEnd cuts behind a line break, so that a chunk has at most chunkBytes; a longer line is a chunk of its own.
func chunkEnd(lines []byte) int {
	if len(lines) <= chunkBytes {
		return len(lines)
	}
	if last := bytes.LastIndexByte(lines[:chunkBytes], '\n'); last >= 0 {
		return last + 1
	}
	if first := bytes.IndexByte(lines[chunkBytes:], '\n'); first >= 0 {
		return chunkBytes + first + 1
	}
	return len(lines)
}

// isBlank: ASCII alone, as the guest skips lines.
func isBlank(line []byte) bool { return len(bytes.Trim(line, " \t\r\n\f")) == 0 }

// emitChunk is one call of the guest, and one write for each sink.
func (a *Auditor) emitChunk(ctx context.Context, chunk []byte) []Answer {
	var events [][]byte
	for line := range bytes.SplitSeq(chunk, []byte{'\n'}) {
		if !isBlank(line) {
			events = append(events, line)
		}
	}
	if len(events) == 0 {
		return nil
	}
	answers := make([]Answer, len(events))
	err := a.ready(ctx)
	if err == nil {
		err = a.locked(func() error {
			receipts, handed := a.ask(chunk, events, answers)
			accepted := func(line uint32) bool { return int64(line) < int64(len(answers)) && answers[line].Err == nil }
			outcomes := a.effects.delivery.CarryOut(handed, accepted)
			for n := range answers {
				if answers[n].Err == nil {
					answers[n].Receipt, answers[n].Err = a.settle(receipts[n], outcomes[uint32(n)])
				}
			}
			return nil
		})
	}
	if err != nil {
		refuseAll(answers, err)
	}
	return answers
}

// ask is what the guest says to each event, and what it has handed over.
func (a *Auditor) ask(chunk []byte, events [][]byte, answers []Answer) ([]string, engine.Handed) {
	if len(chunk) > longestBytes {
		// A line of its own.
		refuseAll(answers, withinBounds(len(events[0])))
		return nil, engine.Handed{}
	}
	results, handed, err := a.pool.Call(component.EmitBatch, chunk)
	var trap *component.Trap
	if errors.As(err, &trap) {
		return a.askSingly(events, answers)
	}
	if err != nil {
		refuseAll(answers, asError(err))
		return nil, engine.Handed{}
	}
	lines := strings.Split(strings.TrimSuffix(results[0], "\n"), "\n")
	if len(lines) != len(events) {
		refuseAll(answers, broken("one line for each event"))
		return nil, engine.Handed{}
	}
	for n, line := range lines {
		lines[n], answers[n].Err = parseAnswer(line)
	}
	return lines, handed
}

// askSingly comes after a trap, which has handed nothing over: only the event that causes it fails.
func (a *Auditor) askSingly(events [][]byte, answers []Answer) (receipts []string, all engine.Handed) {
	receipts = make([]string, len(events))
	for n, event := range events {
		results, handed, err := a.pool.Call(component.Emit, event)
		if err != nil {
			answers[n].Err = asError(err)
			continue
		}
		receipts[n] = results[0]
		for _, row := range handed.Rows {
			row.Line = uint32(n)
			all.Rows = append(all.Rows, row)
		}
		for _, write := range handed.Writes {
			write.Line = uint32(n)
			all.Writes = append(all.Writes, write)
		}
	}
	return receipts, all
}

func refuseAll(answers []Answer, err error) {
	for n := range answers {
		answers[n].Err = err
	}
}
