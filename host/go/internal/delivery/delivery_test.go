package delivery

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/auditbox/auditbox/host/go/internal/capability"
	"github.com/auditbox/auditbox/host/go/internal/component"
	"github.com/auditbox/auditbox/host/go/internal/engine"
	"github.com/auditbox/auditbox/host/go/internal/value"
)

// fake remembers what it was given, and takes only so many records.
type fake struct {
	name  string
	takes int
	seen  []string
}

func (f *fake) Name() string { return f.name }

func (f *fake) Write(records []string) *capability.WriteError {
	taken := min(f.takes, len(records))
	f.seen = append(f.seen, records[:taken]...)
	if taken == len(records) {
		return nil
	}
	return &capability.WriteError{Written: taken, Message: "full", Retryable: true}
}

// queue is an outbox that knows some events, or is broken.
type queue struct {
	known  []string
	broken bool
}

func (q *queue) Append(rows []engine.Row) (duplicates []bool, failed *capability.WriteError) {
	if q.broken {
		return nil, &capability.WriteError{Message: "locked", Retryable: true}
	}
	for _, row := range rows {
		duplicates = append(duplicates, slices.Contains(q.known, row.EventID))
		q.known = append(q.known, row.EventID)
	}
	return duplicates, nil
}

// handed is events of these ids, each with a record for stdout and file.
func handed(ids ...string) (handed engine.Handed) {
	for line, id := range ids {
		row := engine.Row{Row: component.Row{EventID: id}, Line: uint32(line)}
		handed.Rows = append(handed.Rows, row)
		for _, sink := range []string{"stdout", "file"} {
			handed.Writes = append(handed.Writes, engine.Write{Line: uint32(line), Sink: sink, Body: fmt.Sprint("line ", line)})
		}
	}
	return handed
}

func all(uint32) bool { return true }

func check(t *testing.T, outcomes Outcomes, want string) {
	t.Helper()
	byLine := map[uint32][]Outcome(outcomes)
	got, err := value.Append(nil, byLine)
	if err != nil || string(got) != want {
		t.Errorf("%s, not %s", got, want)
	}
}

func sees(t *testing.T, sink *fake, want ...string) {
	t.Helper()
	if !slices.Equal(sink.seen, want) {
		t.Errorf("%s got %q, not %q", sink.name, sink.seen, want)
	}
}

func TestEachSinkGetsAllRecordsOfACallInOrder(t *testing.T) {
	stdout, file := &fake{name: "stdout", takes: 9}, &fake{name: "file", takes: 9}
	delivery := Delivery{Sinks: []capability.Sink{stdout, file}}
	check(t, delivery.CarryOut(handed("a", "b"), all), `{}`)
	sees(t, stdout, "line 0", "line 1")
	sees(t, file, "line 0", "line 1")
}

func TestNothingIsCarriedOutForARefusedEvent(t *testing.T) {
	outbox, stdout := &queue{}, &fake{name: "stdout", takes: 9}
	delivery := Delivery{Outbox: outbox, Sinks: []capability.Sink{stdout}}
	check(t, delivery.CarryOut(handed("a", "b"), func(line uint32) bool { return line == 1 }), `{}`)
	sees(t, stdout, "line 1")
	if !slices.Equal(outbox.known, []string{"b"}) {
		t.Error(outbox.known)
	}
}

func TestASinkThatFailsIsNamedAndTheOthersGetEverything(t *testing.T) {
	stdout, file := &fake{name: "stdout", takes: 1}, &fake{name: "file", takes: 9}
	delivery := Delivery{Sinks: []capability.Sink{stdout, file}, Closed: true}
	full := `[{"target":"stdout","message":"full","retryable":true}]`
	check(t, delivery.CarryOut(handed("a", "b", "c"), all), `{"1":`+full+`,"2":`+full+`}`)
	sees(t, file, "line 0", "line 1", "line 2")
}

func TestADuplicateShowsInNoSink(t *testing.T) {
	stdout := &fake{name: "stdout", takes: 9}
	delivery := Delivery{Outbox: &queue{}, Sinks: []capability.Sink{stdout}}
	check(t, delivery.CarryOut(handed("a", "a", "b"), all), `{"1":[{"target":"outbox","duplicate":true}]}`)
	sees(t, stdout, "line 0", "line 2")
}

func TestWhatCouldNotBeStoredShowsInNoSinkWhenClosedAndInAllWhenOpen(t *testing.T) {
	for closed, want := range map[bool][]string{true: nil, false: {"line 0", "line 1"}} {
		stdout := &fake{name: "stdout", takes: 9}
		delivery := Delivery{Outbox: &queue{broken: true}, Sinks: []capability.Sink{stdout}, Closed: closed}
		locked := `[{"target":"outbox","message":"locked","retryable":true}]`
		check(t, delivery.CarryOut(handed("a", "b"), all), `{"0":`+locked+`,"1":`+locked+`}`)
		sees(t, stdout, want...)
	}
}

func TestAnOutcomeSaysThatItCannotBeTriedAgain(t *testing.T) {
	outcomes := Outcomes{}
	outcomes.failed(0, "stdout", &capability.WriteError{Message: "gone"})
	text, err := json.Marshal(outcomes[0])
	if err != nil || !reflect.DeepEqual(string(text), `[{"target":"stdout","message":"gone","retryable":false}]`) {
		t.Errorf("%s", text)
	}
}
