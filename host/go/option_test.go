package auditbox

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/auditbox/auditbox/host/go/internal/setting"
)

func textOf(t *testing.T, options ...Option) string {
	t.Helper()
	var settings setting.Settings
	for _, option := range options {
		option(&settings)
	}
	text, err := configText(&settings)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func ignore(context.Context, Record) error { return nil }

func TestOptionsWinOverTheConfigurationAndLeaveTheRestOfIt(t *testing.T) {
	const config = `{"stdout":true,"agent_id":"<a>","file":{"path":"old","keep":2},"max_event_bytes":5e3,"sinks":{"a":{"max_queued":7}}}`
	for _, given := range []any{config, []byte(config), json.RawMessage(config)} {
		got := textOf(t, WithFile("new"), WithSink("b", SinkFunc(ignore)), WithConfig(given), WithStdout(false), WithSink("a", SinkFunc(ignore)))
		want := `{"agent_id":"<a>","file":{"keep":2,"path":"new"},"max_event_bytes":5e3,"sinks":{"a":{"max_queued":7},"b":{}},"stdout":false}`
		if got != want {
			t.Error(got)
		}
		if got := textOf(t, WithConfig(given)); got != config {
			t.Error(got)
		}
	}
	if got := textOf(t, WithConfig(map[string]any{"agent_id": "a"}), WithFile("new")); got != `{"agent_id":"a","file":"new"}` {
		t.Error(got)
	}
	if got := textOf(t); got != "{}" {
		t.Error(got)
	}
}

func TestWhatIsNoConfigurationIsLeftToTheComponent(t *testing.T) {
	for config, kind := range map[any]Kind{"": ErrInvalidJSON, "[1]": ErrInvalidConfig, "null": ErrInvalidConfig, `{"stdout":`: ErrInvalidJSON, 7: ErrInvalidConfig} {
		_, err := New(WithConfig(config), WithStdout(false), WithSink("own", SinkFunc(ignore)))
		refused(t, err, kind)
	}
	for config, path := range map[string]string{
		`{"stdou":true}`:                   "/stdou",
		`{"sinks":7}`:                      "/sinks",
		`{"sinks":{"own":{"max_que":1}}}`:  "/sinks/own/max_que",
		`{"redaction":{"safe_keys":"x"}}`:  "/redaction/safe_keys",
		`{"outbox":true}`:                  "/outbox",
		`{"outbox":{"path":"outbox.db"}}`:  "/outbox",
		`{"sinks":{"own":{},"other":{}}}`:  "/sinks/other",
		`{"file":{"path":"x","keep":"y"}}`: "/file/keep",
	} {
		_, err := New(WithConfig(config), WithStdout(false), WithSink("own", SinkFunc(ignore)))
		if wrong := refused(t, err, ErrInvalidConfig); wrong.Path != path {
			t.Error(wrong)
		}
	}
}

func TestAnOutboxIsRefusedWithWhatToDoAboutIt(t *testing.T) {
	_, err := New(WithConfig(`{"outbox":true}`))
	want := "`/outbox`: this host has no outbox yet: leave the key out, or record with the `auditbox` program"
	if refused(t, err, ErrInvalidConfig).Error() != want {
		t.Error(err)
	}
	for _, none := range []string{`{"outbox":false}`, `{"outbox":null}`} {
		newAuditor(t, WithConfig(none))
	}
}

func TestAConfigurationThatCannotBeSaidIsRefusedWithItsPath(t *testing.T) {
	const key = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
	_, err := New(WithConfig(map[string]any{key: []any{func() {}}}))
	if wrong := refused(t, err, ErrInvalidConfig); wrong.Path == "" || strings.Contains(wrong.Error(), key) {
		t.Error(wrong)
	}
}

func TestAPathThatIsNotUTF8IsRefused(t *testing.T) {
	_, err := New(WithFile("\xff.jsonl"))
	if refused(t, err, ErrInvalidConfig).Path != "/file" {
		t.Error(err)
	}
}

func TestTheConfigurationInForceHasEveryDefault(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	config := newAuditor(t, WithFile(path)).Config()
	if !strings.HasPrefix(config, `{"stdout":false,"file":{"path":"`) || !strings.Contains(config, `"max_payload_bytes":32768`) {
		t.Error(config)
	}
}

func TestTheModuleCarriesTheComponentThatItsHashSays(t *testing.T) {
	if _, err := carried.Program(); err != nil {
		t.Error(err)
	}
	if strings.TrimSpace(wasmSHA256) != carried.SHA256[:64] {
		t.Error(wasmSHA256)
	}
}

func TestAComponentOfOnesOwnIsRunAndAnUnfitOneRefusedByWhatIsWrong(t *testing.T) {
	auditor := newAuditor(t, WithComponent(bytes.Clone(wasm)))
	if _, err := auditor.Emit(ctx, json.RawMessage(event)); err != nil {
		t.Error(err)
	}
	for why, unfit := range map[string][]byte{
		"it is no WebAssembly":           {},
		"a core module, not a component": []byte("\x00asm\x01\x00\x00\x00"),
		"it ends inside a section":       wasm[:len(wasm)/2],
		"`auditbox:audit/ledger@0.1.0`":  bytes.ReplaceAll(wasm, []byte("audit/outbox"), []byte("audit/ledger")),
		"@9.0.0":                         bytes.ReplaceAll(wasm, []byte("@0.1.0"), []byte("@9.0.0")),
	} {
		_, err := New(WithComponent(unfit))
		if wrong := refused(t, err, ErrComponent); !strings.Contains(wrong.Message, why) {
			t.Error(wrong)
		}
	}
}

// artifact is a component that no host should trust. The project's own test run makes them.
func artifact(t *testing.T, name string) []byte {
	t.Helper()
	folder := os.Getenv("AUDITBOX_ARTIFACTS")
	if folder == "" {
		t.Skip("skipped: $AUDITBOX_ARTIFACTS names no folder of components that misbehave")
	}
	bytes, err := os.ReadFile(filepath.Join(folder, name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func TestComponentsThatNoHostCanRunAreRefused(t *testing.T) {
	for _, name := range []string{"core-module", "garbage", "other-version", "unknown-import"} {
		_, err := New(WithComponent(artifact(t, name)))
		refused(t, err, ErrComponent)
	}
}
