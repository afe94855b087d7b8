package auditbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"
)

type throws struct{}

func (throws) MarshalJSON() ([]byte, error) { panic("hunter2") }

type fails struct{}

func (fails) MarshalText() ([]byte, error) { return nil, errors.New("hunter2") }

// What no JSON library gets.
func TestBadValuesHaveAnAnswerOrAnErrorThatNamesTheirPlace(t *testing.T) {
	auditor := newAuditor(t)
	cycle := []any{nil}
	cycle[0] = cycle
	for _, test := range []struct {
		name          string
		value         any
		path, message string
	}{
		{"cycle", cycle, "/payload/x/0", "it contains itself"},
		{"func", func() {}, "/payload/x", "a value of type `func()` cannot be said in JSON"},
		{"chan", make(chan int), "/payload/x", "`chan int`"},
		{"panic", throws{}, "/payload/x", "the method `MarshalJSON` of `auditbox.throws` panicked"},
		{"error", fails{}, "/payload/x", "the method `MarshalText` of `auditbox.fails` failed with a `*errors.errorString`"},
		{"key", map[[1]int]int{{1}: 1}, "/payload/x", "is no scalar"},
	} {
		_, err := auditor.Emit(ctx, map[string]any{"event_type": "X", "payload": map[string]any{"x": test.value}})
		if wrong := refused(t, err, ErrInvalidEvent); wrong.Path != test.path || !strings.Contains(wrong.Message, test.message) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	for _, test := range []struct {
		value any
		want  string
	}{
		{[]float64{math.NaN(), math.Inf(1), math.Inf(-1)}, `["NaN","Infinity","-Infinity"]`},
		{[]byte("export TOKEN=hunter2"), `"export TOKEN=[REDACTED]"`},
		{bytes.Repeat([]byte{0xff}, 10<<20), `"[binary, 10485760 bytes]"`},
		{bytes.Repeat([]byte("x"), 10<<20), `"` + strings.Repeat("x", 10<<20) + `"`},
		{"\xed\xa0\x80", "\"\ufffd\ufffd\ufffd\""},
		{json.RawMessage(`"\ud800"`), "\"\ufffd\""},
		{json.RawMessage("\"\xff\""), "\"\ufffd\""},
		{new(big.Int).Lsh(big.NewInt(1), 200), "1606938044258990275541962092341162602522202993782792835301376"},
		{uint64(math.MaxUint64), "18446744073709551615"},
		{time.Minute, "60"},
		{errors.New("at https://mika:hunter2@x"), `"errors.errorString: at https://mika:[REDACTED]@x"`},
	} {
		redacted, err := auditor.Redact(ctx, test.value)
		if err != nil || redacted.JSON() != test.want {
			t.Errorf("%T: %.100s %v", test.value, redacted.JSON(), err)
		}
	}
}

func TestWhatIsTooDeepIsRefusedInTheGuestsWordsHoweverItComes(t *testing.T) {
	auditor := newAuditor(t)
	deep := func(depth int) (v any) {
		for range depth {
			v = []any{v}
		}
		return v
	}
	const message = "expected at most 128 lists and objects inside each other"
	for _, given := range []any{
		deep(129), deep(100_000), json.RawMessage(strings.Repeat("[", 100_000)), []any{json.RawMessage(strings.Repeat("[", 129) + strings.Repeat("]", 129))},
		[]any{json.RawMessage(strings.Repeat("[", 100_000))},
	} {
		_, err := auditor.Redact(ctx, given)
		if wrong := refused(t, err, ErrInvalidEvent); wrong.Path != "" || wrong.Message != message {
			t.Error(wrong)
		}
	}
	if _, err := auditor.Redact(ctx, deep(128)); err != nil {
		t.Error(err)
	}
	_, err := auditor.LogEvent(ctx, "X", deep(128))
	if wrong := refused(t, err, ErrInvalidEvent); wrong.Message != message {
		t.Error(wrong)
	}
}

func TestAKeyThatIsASecretDoesNotShowInThePathOfAnError(t *testing.T) {
	auditor := newAuditor(t)
	const key = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
	_, err := auditor.Emit(ctx, map[string]any{"a": map[string]any{key: func() {}}})
	if wrong := refused(t, err, ErrInvalidEvent); !strings.HasPrefix(wrong.Path, "/a/") || strings.Contains(wrong.Error(), key) {
		t.Error(wrong)
	}
}

func TestWhatIsTooLongIsRefusedByTheGuestOrBeforeIt(t *testing.T) {
	auditor := newAuditor(t)
	_, err := auditor.Emit(ctx, map[string]any{"event_type": "X", "payload": strings.Repeat("x", 17<<20)})
	refused(t, err, ErrInvalidEvent)
	longer := json.RawMessage(bytes.Repeat([]byte(" "), longestBytes+1))
	_, err = auditor.Emit(ctx, longer)
	if wrong := refused(t, err, ErrInvalidEvent); wrong.Message != "268435457 bytes long, but at most 268435456 can be accepted" {
		t.Error(wrong)
	}
	longer[len(longer)-1] = '1'
	answers := auditor.EmitBatch(ctx, longer)
	if wrong := refused(t, answers[0].Err, ErrInvalidEvent); len(answers) != 1 || !strings.HasPrefix(wrong.Message, "268435457 bytes") {
		t.Error(wrong)
	}
}
