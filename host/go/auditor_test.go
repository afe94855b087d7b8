package auditbox

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const (
	eventID = "01920000-0000-7000-8000-000000000001"
	event   = `{"event_id":"` + eventID + `","action":"call_allowed","tool_name":"search"}`
)

var ctx = context.Background()

// newAuditor is one that prints nothing, and is closed with the test.
func newAuditor(t *testing.T, options ...Option) *Auditor {
	t.Helper()
	auditor, err := New(append([]Option{WithStdout(false)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = auditor.Close() })
	return auditor
}

// withLog is an auditor with a file, and what is in the file.
func withLog(t *testing.T, options ...Option) (auditor *Auditor, lines func() []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log.jsonl")
	return newAuditor(t, append(options, WithFile(path))...), func() []string {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	}
}

// refused is the error of this package that a call must have.
func refused(t *testing.T, err error, kind Kind) *Error {
	t.Helper()
	var wrong *Error
	if !errors.As(err, &wrong) || wrong.Kind != kind || !errors.Is(err, kind) {
		t.Fatalf("%v, not %s", err, kind)
	}
	return wrong
}

// until waits for a condition, and not for ever.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("this does not come: ", what)
		}
	}
}

func TestAnEventOfAnyFormGoesIntoTheFileAndItsReceiptIsTheComponents(t *testing.T) {
	auditor, lines := withLog(t)
	for _, given := range []any{
		json.RawMessage(event),
		map[string]any{"event_id": eventID, "action": "call_allowed", "tool_name": "search"},
		AuditEvent{EventID: eventID, Action: CallAllowed, ToolName: "search"},
		&AuditEvent{EventID: eventID, Action: CallAllowed, ToolName: "search"},
		struct {
			AuditEvent
			More int `json:"more"`
		}{AuditEvent{EventID: eventID, Action: CallAllowed, ToolName: "search"}, 1},
	} {
		receipt, err := auditor.Emit(ctx, given)
		if err != nil {
			t.Fatal(err)
		}
		want := `{"event_id":"` + eventID + `","redactions":[],"redactions_total":0,"truncated":[],"duplicate":false,"failures":[]}`
		if receipt.JSON() != want || receipt.EventID != eventID {
			t.Error(receipt.JSON())
		}
		if text, err := json.Marshal(receipt); err != nil || string(text) != want {
			t.Errorf("%s %v", text, err)
		}
	}
	for n, line := range lines() {
		if strings.Contains(line, `"more":1`) != (n == 4) || !strings.Contains(line, `"tool_name":"search"`) {
			t.Error(line)
		}
	}
}

func TestTelemetryIsLoggedUnderTheConfiguredAgent(t *testing.T) {
	auditor, lines := withLog(t, WithConfig(map[string]any{"agent_id": "a-1"}))
	receipt, err := auditor.LogEvent(ctx, "TOOL_PINNED", map[string]any{"tool": "search", "api_key": "hunter2"})
	if err != nil || receipt.Redactions[0].Path != "/payload/api_key" || receipt.Redactions[0].Bytes != 7 {
		t.Fatal(receipt, err)
	}
	if _, err := auditor.Emit(ctx, TelemetryEvent{EventType: "SESSION_ACCESS", AgentID: "a-2", Timestamp: time.Unix(0, 0)}); err != nil {
		t.Fatal(err)
	}
	first, second := lines()[0], lines()[1]
	if !strings.Contains(first, `"agent_id":"a-1","payload":{"api_key":"[REDACTED]","tool":"search"}`) {
		t.Error(first)
	}
	if !strings.Contains(second, `"timestamp":"1970-01-01T00:00:00Z","agent_id":"a-2"`) {
		t.Error(second)
	}
}

func TestValuesAreRedactedAndCappedDigitForDigit(t *testing.T) {
	auditor := newAuditor(t)
	const digits = "123456789012345678901234567890.10"
	redacted, err := auditor.Redact(ctx, map[string]any{"password": "hunter2", "n": json.Number(digits)})
	if err != nil || redacted.JSON() != `{"n":`+digits+`,"password":"[REDACTED]"}` || redacted.Receipt.RedactionsTotal != 1 {
		t.Fatal(redacted, err)
	}
	native, err := redacted.Value()
	if err != nil || native.(map[string]any)["n"] != json.Number(digits) {
		t.Error(native, err)
	}
	var decoded struct{ Password string }
	if err := redacted.Decode(&decoded); err != nil || decoded.Password != "[REDACTED]" {
		t.Error(decoded, err)
	}
	capped, err := auditor.CapPayload(ctx, []string{strings.Repeat("x", 40_000)})
	if err != nil || len(capped.JSON()) > 32_768 || capped.Receipt.Truncated[0] != "/0" {
		t.Error(len(capped.JSON()), capped.Receipt, err)
	}
}

func TestARefusalHasItsPlaceAndNoValue(t *testing.T) {
	auditor := newAuditor(t)
	wrong := func(given any) *Error {
		_, err := auditor.Emit(ctx, given)
		var wrong *Error
		if !errors.As(err, &wrong) || strings.Contains(err.Error(), "hunter2") {
			t.Fatal(err)
		}
		return wrong
	}
	if err := wrong(json.RawMessage(`{"a":hunter2}`)); err.Kind != ErrInvalidJSON || err.Offset != 5 || !strings.HasPrefix(err.Error(), "not JSON at byte 5: expected ") {
		t.Error(err)
	}
	if err := wrong(map[string]any{"action": "hunter2"}); err.Kind != ErrInvalidEvent || err.Path != "/action" || !strings.HasPrefix(err.Error(), "`/action`: expected ") {
		t.Error(err)
	}
	if err := wrong("hunter2"); err.Kind != ErrInvalidEvent || err.Path != "" {
		t.Error(err)
	}
	if err := wrong(json.RawMessage(nil)); err.Kind != ErrInvalidJSON {
		t.Error(err)
	}
	if errors.Is(wrong("x"), ErrInvalidJSON) {
		t.Error("it is of both kinds")
	}
}

func TestAReceiptNamesTheSinkThatFailedAndUnderClosedItIsAnError(t *testing.T) {
	for onFailure, closed := range map[string]bool{"open": false, "closed": true} {
		folder := filepath.Join(t.TempDir(), "<folder>")
		auditor := newAuditor(t, WithConfig(map[string]any{"on_failure": onFailure}), WithFile(filepath.Join(folder, "log")))
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(folder, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		receipt, err := auditor.Emit(ctx, json.RawMessage(event))
		if closed {
			refused(t, err, ErrUnavailable)
			continue
		}
		if err != nil || len(receipt.Failures) != 1 || receipt.Failures[0].Target != "file" || !receipt.Failures[0].Retryable ||
			!strings.Contains(receipt.Failures[0].Message, folder) || !strings.Contains(receipt.JSON(), "<folder>") {
			t.Error(receipt, err)
		}
	}
}

func TestAFileThatCannotBeOpenedIsSaidAtOnce(t *testing.T) {
	folder := t.TempDir()
	_, err := New(WithFile(folder))
	if wrong := refused(t, err, ErrSink); !strings.HasSuffix(wrong.Message, "name a file, not a folder") {
		t.Error(wrong)
	}
}

func TestAContextThatIsOverRefusesBeforeAnythingIsRecorded(t *testing.T) {
	auditor, lines := withLog(t)
	over, cancel := context.WithCancel(ctx)
	cancel()
	_, err := auditor.Emit(over, json.RawMessage(event))
	_, second := auditor.Redact(over, 1)
	_, third := auditor.Rules(over)
	answers := auditor.EmitBatch(over, []any{json.RawMessage(event), 1})
	for _, err := range []error{err, second, third, answers[0].Err, answers[1].Err} {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if len(lines()[0]) > 0 {
		t.Error(lines())
	}
}

func TestAClosedAuditorRefusesEverythingAndIsClosedTwice(t *testing.T) {
	auditor, lines := withLog(t)
	if _, err := auditor.Emit(ctx, json.RawMessage(event)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := auditor.Close(); err != nil {
			t.Fatal(err)
		}
	}
	_, emit := auditor.Emit(ctx, json.RawMessage(event))
	_, log := auditor.LogEvent(ctx, "X", nil)
	_, redact := auditor.Redact(ctx, func() {})
	_, capped := auditor.CapPayload(ctx, 1)
	_, rules := auditor.Rules(ctx)
	batch := auditor.EmitBatch(ctx, []any{1, func() {}})
	lined := auditor.EmitBatch(ctx, json.RawMessage("{}\n{}"))
	for _, err := range []error{emit, log, redact, capped, rules, batch[0].Err, batch[1].Err, lined[0].Err, lined[1].Err} {
		if wrong := refused(t, err, ErrClosed); wrong.Error() != "the auditor is closed: make a new one" {
			t.Error(wrong)
		}
	}
	if len(lines()) != 1 || auditor.Config() == "" || len(auditor.SinkStats()) > 0 {
		t.Error(lines())
	}
}

func TestClosingWaitsForCallsThatRun(t *testing.T) {
	auditor, lines := withLog(t)
	accepted := make(chan int, 4)
	for range cap(accepted) {
		go func() {
			count := 0
			for {
				if _, err := auditor.Emit(ctx, json.RawMessage(event)); err != nil {
					var wrong *Error
					if !errors.As(err, &wrong) || wrong.Kind != ErrClosed {
						t.Error(err)
					}
					accepted <- count
					return
				}
				count++
			}
		}()
	}
	until(t, "some records", func() bool { return len(lines()) > 50 })
	if err := auditor.Close(); err != nil {
		t.Error(err)
	}
	total := 0
	for range cap(accepted) {
		total += <-accepted
	}
	if got := len(lines()); got != total {
		t.Errorf("%d accepted, %d recorded", total, got)
	}
}

// nosy calls the auditor while it is written.
type nosy struct{ auditor *Auditor }

func (n nosy) MarshalJSON() ([]byte, error) {
	_ = n.auditor.Close()
	_, err := n.auditor.Emit(ctx, json.RawMessage(event))
	if !errors.Is(err, ErrClosed) {
		return nil, err
	}
	return []byte(`{}`), nil
}

func TestAValueMayCallTheAuditorItIsGivenTo(t *testing.T) {
	auditor := newAuditor(t)
	_, err := auditor.Emit(ctx, nosy{auditor})
	refused(t, err, ErrClosed)
}

// consumers are the goroutines of sinks.
func consumers() int {
	dump := make([]byte, 1<<20)
	return strings.Count(string(dump[:runtime.Stack(dump, true)]), "capability/custom.Start in goroutine")
}

func TestNoGoroutineIsLeftAfterClose(t *testing.T) {
	until(t, "the end of other tests' sinks", func() bool { return consumers() == 0 })
	before := runtime.NumGoroutine()
	sinks := []Option{}
	for _, name := range []string{"a", "b", "c"} {
		sinks = append(sinks, WithSink(name, SinkFunc(ignore)))
	}
	auditor := newAuditor(t, sinks...)
	if _, err := auditor.Emit(ctx, json.RawMessage(event)); err != nil {
		t.Fatal(err)
	}
	if during := consumers(); during != 3 {
		t.Error(during)
	}
	if err := auditor.Close(); err != nil {
		t.Error(err)
	}
	until(t, "the goroutines' end", func() bool { return consumers() == 0 && runtime.NumGoroutine() <= before })
}

func TestAnAuditorThatCannotBeMadeLeavesNothingBehind(t *testing.T) {
	if _, err := New(WithSink("own", SinkFunc(ignore)), WithFile(t.TempDir())); err == nil {
		t.Fatal("it is made")
	}
	until(t, "the goroutines' end", func() bool { return consumers() == 0 })
}

func TestManyEmitsTakeNoMoreMemoryThanAFew(t *testing.T) {
	auditor, _ := withLog(t)
	heap := func(emits int) uint64 {
		for range emits {
			if _, err := auditor.Emit(ctx, map[string]any{"action": "call_allowed", "password": "hunter2"}); err != nil {
				t.Fatal(err)
			}
		}
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		return memory.HeapAlloc
	}
	few := heap(1_000)
	// The benchmark has a million of them.
	if many := heap(20_000); many > few+1<<20 {
		t.Errorf("%d bytes, and before %d", many, few)
	}
}
