package auditbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// pointerSink is a sink by its pointer.
type pointerSink struct{ records chan Record }

func (s *pointerSink) Emit(_ context.Context, record Record) error {
	s.records <- record
	return nil
}

func TestASinkThatIsNoneIsRefusedWhenItIsGiven(t *testing.T) {
	for _, none := range []Sink{nil, (*pointerSink)(nil), SinkFunc(nil)} {
		_, err := New(WithSink("own", none))
		want := "`/sinks/own`: the sink is nil: give a value with the method `Emit(context.Context, auditbox.Record) error`"
		if refused(t, err, ErrInvalidConfig).Error() != want {
			t.Error(err)
		}
	}
	_, err := New(WithSink("own", SinkFunc(ignore)), WithSink("own", SinkFunc(ignore)))
	if wrong := refused(t, err, ErrInvalidConfig); wrong.Path != "/sinks/own" || !strings.Contains(wrong.Message, "two sinks") {
		t.Error(wrong)
	}
	for name, path := range map[string]string{"stdout": "/sinks/stdout", "a/b": "/sinks/a~1b", "": "/sinks/"} {
		_, err := New(WithSink(name, SinkFunc(ignore)))
		if wrong := refused(t, err, ErrInvalidConfig); wrong.Path != path {
			t.Error(wrong)
		}
	}
	_, err = New(WithConfig(`{"sinks":{"siem":{}}}`))
	if refused(t, err, ErrInvalidConfig).Error() != "`/sinks/siem`: no sink of this name was given to the auditor" {
		t.Error(err)
	}
}

func TestASinkOfOnesOwnGetsTheRecordsAsTextAndAsCopies(t *testing.T) {
	own := &pointerSink{make(chan Record, 9)}
	auditor, lines := withLog(t, WithSink("siem", own))
	if _, err := auditor.Emit(ctx, map[string]any{"action": "call_allowed", "call_index": json.Number("9007199254740993"), "password": "hunter2"}); err != nil {
		t.Fatal(err)
	}
	answers := auditor.EmitBatch(ctx, []any{json.RawMessage(event), 7})
	if answers[0].Err != nil {
		t.Fatal(answers)
	}
	if err := auditor.Close(); err != nil {
		t.Fatal(err)
	}
	first, second := <-own.records, <-own.records
	if first.JSON() != lines()[0] || second.JSON() != lines()[1] || len(own.records) > 0 {
		t.Error(first, second)
	}
	record, err := first.Value()
	if err != nil || record["call_index"] != json.Number("9007199254740993") || record["password"] != "[REDACTED]" {
		t.Error(record, err)
	}
	record["action"] = "changed"
	var typed AuditEvent
	if err := first.Decode(&typed); err != nil || typed.Action != CallAllowed || typed.CallIndex != 9007199254740993 {
		t.Error(typed, err)
	}
	if again, err := first.Value(); err != nil || again["action"] != "call_allowed" {
		t.Error(again, err)
	}
	if stats := auditor.SinkStats(); stats["siem"] != (SinkStats{Delivered: 2}) || len(stats) != 1 {
		t.Error(stats)
	}
}

func TestAFullQueueIsAFailureInTheReceiptAndNobodyWaits(t *testing.T) {
	holds, release := make(chan struct{}, 9), make(chan struct{})
	slow := SinkFunc(func(context.Context, Record) error {
		holds <- struct{}{}
		<-release
		return nil
	})
	auditor, lines := withLog(t, WithSink("slow", slow), WithConfig(`{"sinks":{"slow":{"max_queued":2}}}`))
	for number := range 5 {
		receipt, err := auditor.Emit(ctx, map[string]any{"action": "call_allowed"})
		if err != nil {
			t.Fatal(err)
		}
		if number == 0 {
			<-holds
		}
		want := []Failure{{Target: "slow", Message: "its queue of 2 records is full", Retryable: true}}
		if got := fmt.Sprint(receipt.Failures); (number < 3 && got != "[]") || (number >= 3 && got != fmt.Sprint(want)) {
			t.Error(number, got)
		}
	}
	if stats := auditor.SinkStats()["slow"]; stats != (SinkStats{Queued: 2, Dropped: 2}) || len(lines()) != 5 {
		t.Error(stats, len(lines()))
	}
	close(release)
	until(t, "an empty queue", func() bool { return auditor.SinkStats()["slow"].Delivered == 3 })
}

func TestASinkThatFailsOrPanicsHarmsNobody(t *testing.T) {
	own := &pointerSink{make(chan Record, 9)}
	auditor, lines := withLog(t,
		WithSink("fails", SinkFunc(func(context.Context, Record) error { return errors.New("hunter2") })),
		WithSink("panics", SinkFunc(func(context.Context, Record) error { panic("hunter2") })),
		WithSink("works", own))
	for range 3 {
		if receipt, err := auditor.Emit(ctx, json.RawMessage(event)); err != nil || len(receipt.Failures) > 0 {
			t.Error(receipt, err)
		}
	}
	if err := auditor.Close(); err != nil {
		t.Error(err)
	}
	want := map[string]SinkStats{
		"fails":  {Failed: 3, LastError: "*errors.errorString"},
		"panics": {Failed: 3, LastError: "string"},
		"works":  {Delivered: 3},
	}
	if got := auditor.SinkStats(); fmt.Sprint(got) != fmt.Sprint(want) || len(lines()) != 3 {
		t.Error(got)
	}
}

func TestClosingWaitsForSinksAndSaysWhatTheyDidNotTake(t *testing.T) {
	holds := make(chan struct{}, 9)
	stuck := SinkFunc(func(ctx context.Context, _ Record) error {
		holds <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	})
	auditor := newAuditor(t, WithSink("stuck", stuck), WithSink("works", SinkFunc(ignore)))
	for range 3 {
		if _, err := auditor.Emit(ctx, json.RawMessage(event)); err != nil {
			t.Fatal(err)
		}
	}
	<-holds
	short, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	wrong := refused(t, auditor.CloseContext(short), ErrUnavailable)
	if wrong.Message != "sinks did not take all records in time, the rest is dropped: 2 of `stuck`" {
		t.Error(wrong)
	}
	until(t, "the end of the one in its hands", func() bool { return auditor.SinkStats()["stuck"].Failed == 1 })
	if stats := auditor.SinkStats(); stats["stuck"].Dropped != 2 || stats["works"] != (SinkStats{Delivered: 3}) {
		t.Error(stats)
	}
}

func TestASinkMayCallTheAuditorEvenWhileItIsClosed(t *testing.T) {
	var auditor *Auditor
	called, calls := make(chan struct{}), make(chan error, 1)
	auditor = newAuditor(t, WithSink("own", SinkFunc(func(ctx context.Context, record Record) error {
		<-called
		until(t, "the end", func() bool {
			_, err := auditor.Redact(ctx, 1)
			if err != nil {
				calls <- err
			}
			return err != nil
		})
		return nil
	})))
	if _, err := auditor.Emit(ctx, json.RawMessage(event)); err != nil {
		t.Fatal(err)
	}
	close(called)
	if err := auditor.Close(); err != nil {
		t.Error(err)
	}
	refused(t, <-calls, ErrClosed)
}
