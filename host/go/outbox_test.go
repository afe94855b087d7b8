package auditbox

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/auditbox/auditbox/host/go/internal/capability"
	"github.com/auditbox/auditbox/host/go/internal/engine"
	"github.com/auditbox/auditbox/host/go/internal/setting"
)

// outbox is one in memory: this host has none of its own yet, but its place.
type outbox struct {
	ids    []string
	failed *capability.WriteError
}

func (o *outbox) Append(rows []engine.Row) (duplicates []bool, failed *capability.WriteError) {
	for _, row := range rows {
		duplicates = append(duplicates, slices.Contains(o.ids, row.EventID))
		o.ids = append(o.ids, row.EventID)
	}
	return duplicates, o.failed
}

func withOutbox(outbox *outbox) Option {
	return func(settings *setting.Settings) { settings.Outbox = outbox }
}

func TestWhatTheOutboxHadAlreadyIsADuplicateAndShowsInNoSink(t *testing.T) {
	auditor, lines := withLog(t, WithConfig(`{"outbox":true}`), withOutbox(&outbox{}))
	for _, duplicate := range []bool{false, true} {
		if receipt, err := auditor.Emit(ctx, json.RawMessage(event)); err != nil || receipt.Duplicate != duplicate {
			t.Error(receipt, err)
		}
	}
	if len(lines()) != 1 {
		t.Error(lines())
	}
}

func TestWithoutAnOutboxInTheConfigurationNoneIsUsed(t *testing.T) {
	unused := &outbox{}
	auditor, _ := withLog(t, withOutbox(unused))
	if _, err := auditor.Emit(ctx, json.RawMessage(event)); err != nil || len(unused.ids) > 0 {
		t.Error(unused, err)
	}
}

func TestWhatCouldNotBeStoredIsRefusedUnderClosedAndElseNamed(t *testing.T) {
	full := &outbox{failed: &capability.WriteError{Message: "full", Retryable: true}}
	auditor, lines := withLog(t, WithConfig(`{"outbox":true,"on_failure":"closed"}`), withOutbox(full))
	_, err := auditor.Emit(ctx, json.RawMessage(event))
	refused(t, err, ErrUnavailable)
	if got := lines(); got[0] != "" {
		t.Error(got)
	}
	auditor, lines = withLog(t, WithConfig(`{"outbox":true}`), withOutbox(full))
	receipt, err := auditor.Emit(ctx, json.RawMessage(event))
	if err != nil || !slices.Equal(receipt.Failures, []Failure{{"outbox", "full", true}}) || len(lines()) != 1 {
		t.Error(receipt, err)
	}
}

func TestEventsOfABatchThatTrapsAreStoredUnderTheirOwnNumbers(t *testing.T) {
	auditor, lines := withLog(t, WithComponent(artifact(t, "misbehaving")), WithConfig(`{"outbox":true}`), withOutbox(&outbox{}))
	answers := auditor.EmitBatch(ctx, []json.RawMessage{eventWith(1, "a"), eventWith(2, trapWord), eventWith(1, "again"), eventWith(3, "c")})
	if answers[0].Receipt.Duplicate || !errors.Is(answers[1].Err, ErrTrap) || !answers[2].Receipt.Duplicate || answers[3].Receipt.Duplicate {
		t.Errorf("%+v", answers)
	}
	if got := lines(); len(got) != 2 || !strings.Contains(got[1], `"reason":"c"`) {
		t.Error(got)
	}
}
