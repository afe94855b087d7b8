package auditbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/auditbox/auditbox/host/go/internal/engine"
)

func TestChunksEndAtLineBreaksAndLoseNothing(t *testing.T) {
	short, long := strings.Repeat("x", 100_000)+"\n", strings.Repeat("y", 3*chunkBytes)+"\n"
	for _, text := range []string{
		"", "no line break", strings.Repeat(short, 25), short + long + short, long + strings.Repeat("z", 2*chunkBytes),
	} {
		whole := ""
		for rest := []byte(text); len(rest) > 0; {
			chunk := string(rest[:chunkEnd(rest)])
			rest = rest[len(chunk):]
			whole += chunk
			if !strings.HasSuffix(chunk, "\n") && len(rest) > 0 || len(chunk) > chunkBytes && strings.Count(chunk, "\n") > 1 {
				t.Errorf("a chunk of %d bytes", len(chunk))
			}
		}
		if whole != text {
			t.Error("something is lost")
		}
	}
}

const batch = "{\"action\":\"call_allowed\"}\n \n{\"action\":\"call_exploded\"}\r\n{not json\n{\"event_type\":\"X\"}"

// kindsOf are the kinds of the errors, empty where there is none.
func kindsOf(t *testing.T, answers []Answer) (kinds []Kind) {
	t.Helper()
	for _, answer := range answers {
		wrong, _ := answer.Err.(*Error)
		if wrong == nil {
			wrong = &Error{}
		}
		if (wrong.Kind == "") != (answer.Receipt.EventID != "") {
			t.Errorf("%+v", answer)
		}
		kinds = append(kinds, wrong.Kind)
	}
	return kinds
}

func TestLinesAreAnsweredOneByOneAndEmptyOnesAreSkipped(t *testing.T) {
	auditor, lines := withLog(t)
	answers := auditor.EmitBatch(ctx, json.RawMessage(batch))
	if got := kindsOf(t, answers); !slices.Equal(got, []Kind{"", ErrInvalidEvent, ErrInvalidJSON, ""}) {
		t.Error(got)
	}
	if wrong := refused(t, answers[1].Err, ErrInvalidEvent); wrong.Path != "/action" {
		t.Error(wrong)
	}
	if wrong := refused(t, answers[2].Err, ErrInvalidJSON); wrong.Offset != 1 {
		t.Error(wrong)
	}
	if len(lines()) != 2 {
		t.Error(lines())
	}
	if answers := auditor.EmitBatch(ctx, json.RawMessage(" \n\n")); len(answers) > 0 {
		t.Error(answers)
	}
}

func TestEventsThatCannotBeSaidOrAreRefusedDoNotHoldUpTheRest(t *testing.T) {
	auditor, lines := withLog(t)
	answers := auditor.EmitBatch(ctx, []any{
		AuditEvent{Action: CallAllowed, RunID: "first"},
		map[string]any{"action": "call_allowed", "tool_args": map[string]any{"f": func() {}}},
		json.RawMessage("{\n\"action\":\n\"call_allowed\", \"run_id\":\"second\"}"),
		json.RawMessage("{\"action\":\"call_\nallowed\"}"),
		json.RawMessage(" \n"),
		7,
		&TelemetryEvent{EventType: "X"},
	})
	want := []Kind{"", ErrInvalidEvent, "", ErrInvalidJSON, ErrInvalidJSON, ErrInvalidEvent, ""}
	if got := kindsOf(t, answers); !slices.Equal(got, want) {
		t.Error(got)
	}
	if wrong := refused(t, answers[1].Err, ErrInvalidEvent); wrong.Path != "/tool_args/f" {
		t.Error(wrong)
	}
	if got := lines(); len(got) != 3 || !strings.Contains(got[0], "first") || !strings.Contains(got[1], "second") {
		t.Error(got)
	}
}

func TestABatchOfManyChunksIsAnsweredInOrder(t *testing.T) {
	auditor, lines := withLog(t)
	events := make([]map[string]any, 3_000)
	for n := range events {
		events[n] = map[string]any{"action": "call_allowed", "run_id": fmt.Sprint(n), "reason": strings.Repeat("x", 1_000)}
		switch n % 1_000 {
		case 500:
			events[n]["reason"] = strings.Repeat("y", chunkBytes)
		case 501:
			events[n]["call_index"] = -1
		}
	}
	answers := auditor.EmitBatch(ctx, events)
	recorded := lines()
	next := 0
	for n, answer := range answers {
		if n%1_000 == 501 {
			if wrong := refused(t, answer.Err, ErrInvalidEvent); wrong.Path != "/call_index" {
				t.Error(wrong)
			}
			continue
		}
		if answer.Err != nil || !strings.Contains(recorded[next], answer.Receipt.EventID) || !strings.Contains(recorded[next], fmt.Sprintf(`"run_id":"%d"`, n)) {
			t.Fatal(n, answer.Err)
		}
		next++
	}
	if next != len(recorded) {
		t.Error(next, len(recorded))
	}
}

func TestWhatIsNoListIsOneEventThatIsRefused(t *testing.T) {
	auditor := newAuditor(t)
	for _, given := range []any{nil, 7, "lines", []byte("{}"), map[string]any{}, AuditEvent{Action: CallAllowed}} {
		answers := auditor.EmitBatch(ctx, given)
		if len(answers) != 1 {
			t.Fatal(answers)
		}
		if wrong := refused(t, answers[0].Err, ErrInvalidEvent); !strings.HasPrefix(wrong.Message, "expected a slice of events") {
			t.Error(wrong)
		}
	}
	if answers := auditor.EmitBatch(ctx, []any{}); len(answers) > 0 {
		t.Error(answers)
	}
}

func TestOneByOneTheGuestSaysAndHandsOverTheSame(t *testing.T) {
	auditor, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer auditor.Close()
	var events [][]byte
	for line := range strings.Lines(batch) {
		if line = strings.TrimRight(line, "\n"); !isBlank([]byte(line)) {
			events = append(events, []byte(line))
		}
	}
	together, singly := make([]Answer, len(events)), make([]Answer, len(events))
	_, first := auditor.ask([]byte(batch), events, together)
	_, second := auditor.askSingly(events, singly)
	said := func(answers []Answer, handed engine.Handed) (said []string) {
		for _, answer := range answers {
			said = append(said, fmt.Sprint(answer.Err))
		}
		for _, write := range handed.Writes {
			said = append(said, fmt.Sprint(write.Line, write.Sink))
		}
		return said
	}
	if first, second := said(together, first), said(singly, second); !slices.Equal(first, second) || second[4] != "0stdout" || second[5] != "3stdout" {
		t.Errorf("%q, not %q", first, second)
	}
}

// witness says how many records there were when its turn came.
type witness struct {
	lines func() []string
	saw   *int
}

func (w witness) MarshalJSON() ([]byte, error) {
	*w.saw = len(w.lines())
	return []byte(event), nil
}

func TestALongListIsRecordedPieceByPiece(t *testing.T) {
	auditor, lines := withLog(t)
	large := AuditEvent{Action: CallAllowed, Reason: strings.Repeat("x", chunkBytes/2)}
	saw := 0
	auditor.EmitBatch(ctx, []any{large, large, large, large, large, witness{lines, &saw}})
	if saw < 2 || saw > 4 {
		t.Errorf("%d of 5 were recorded", saw)
	}
}
