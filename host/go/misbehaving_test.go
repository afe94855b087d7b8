package auditbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/auditbox/auditbox/host/go/internal/setting"
)

// What makes the artifact misbehave (tests/artifacts/src/words.rs).
const trapWord, growWord, babbleWord = "trap-me", "grow-me", "babble-me"

func eventWith(number int, word string) json.RawMessage {
	const form = `{"event_id":"01920000-0000-7000-8000-%012d","timestamp":"2026-01-01T00:00:00Z","action":"call_allowed","reason":%q}`
	return json.RawMessage(fmt.Sprintf(form, number, word))
}

func TestATrapIsAnErrorLeavesNothingBehindAndTheNextCallWorks(t *testing.T) {
	auditor, lines := withLog(t, WithComponent(artifact(t, "misbehaving")))
	for number := range 3 {
		_, err := auditor.Emit(ctx, eventWith(number, trapWord))
		wrong := refused(t, err, ErrTrap)
		if !strings.Contains(wrong.Message, "unreachable; this is a bug in it, and the next call works") || strings.Contains(wrong.Message, "\n") {
			t.Error(wrong)
		}
		if _, err := auditor.Emit(ctx, eventWith(number, "works")); err != nil {
			t.Error(err)
		}
	}
	if got := lines(); len(got) != 3 || strings.Contains(strings.Join(got, ""), trapWord) {
		t.Error(got)
	}
}

func TestInABatchOnlyTheEventThatTrapsFails(t *testing.T) {
	auditor, lines := withLog(t, WithComponent(artifact(t, "misbehaving")))
	answers := auditor.EmitBatch(ctx, []json.RawMessage{eventWith(0, "a"), eventWith(1, trapWord), eventWith(2, "b")})
	if answers[0].Err != nil || answers[2].Err != nil || answers[2].Receipt.EventID[35] != '2' {
		t.Error(answers)
	}
	refused(t, answers[1].Err, ErrTrap)
	if got := lines(); len(got) != 2 || !strings.Contains(got[1], `"reason":"b"`) {
		t.Error(got)
	}
}

func TestAComponentThatTakesAllMemoryIsStopped(t *testing.T) {
	auditor := newAuditor(t, WithComponent(artifact(t, "misbehaving")))
	_, err := auditor.Emit(ctx, eventWith(0, growWord))
	if wrong := refused(t, err, ErrTrap); wrong.Message != "the component ran out of memory: the value is too large for it" {
		t.Error(wrong)
	}
	if _, err := auditor.Emit(ctx, eventWith(0, "works")); err != nil {
		t.Error(err)
	}
}

func TestWhatTheContractDoesNotKnowIsNotTakenForAnAnswer(t *testing.T) {
	component := WithComponent(artifact(t, "misbehaving"))
	auditor := newAuditor(t, component)
	_, emit := auditor.Emit(ctx, eventWith(0, babbleWord))
	_, redact := auditor.Redact(ctx, babbleWord)
	_, configure := New(component, WithConfig(map[string]any{"agent_id": babbleWord}))
	_, rules := auditor.Rules(ctx)
	answers := auditor.EmitBatch(ctx, []any{eventWith(0, babbleWord)})
	for _, err := range []error{emit, redact, configure, rules, answers[0].Err} {
		if wrong := refused(t, err, ErrComponent); strings.Contains(wrong.Message, "sea") {
			t.Error(wrong)
		}
	}
}

func TestNothingButAnObjectIsAReceipt(t *testing.T) {
	for _, text := range []string{"", "null", "[]", "{", `{"redactions":7}`} {
		_, err := parseReceipt(text)
		refused(t, err, ErrComponent)
	}
}

func TestAnswersThatAreNotOneForEachEventAreNotTaken(t *testing.T) {
	auditor, lines := withLog(t, WithComponent(artifact(t, "misbehaving")))
	// It answers empty lines, too.
	batch := json.RawMessage(string(eventWith(0, "a")) + "\n\n" + string(eventWith(1, "b")))
	answers := auditor.EmitBatch(ctx, batch)
	if len(answers) != 2 || len(lines()[0]) > 0 {
		t.Fatal(answers, lines())
	}
	for _, answer := range answers {
		if wrong := refused(t, answer.Err, ErrComponent); !strings.Contains(wrong.Message, "one line for each event") {
			t.Error(wrong)
		}
	}
}

func TestATrapWhileConfiguringIsSaid(t *testing.T) {
	_, err := New(WithComponent(artifact(t, "misbehaving")), func(settings *setting.Settings) {
		settings.Config = map[string]any{"agent_id": trapWord}
	})
	refused(t, err, ErrTrap)
}
