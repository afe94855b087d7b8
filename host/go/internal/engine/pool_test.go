package engine

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/auditbox/auditbox/host/go/internal/component"
)

// carried is what the module carries.
func carried(t *testing.T) *Carried {
	t.Helper()
	wasm, err := os.ReadFile("../../auditbox.wasm")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("../../auditbox.wasm.sha256")
	if err != nil {
		t.Fatal(err)
	}
	return &Carried{Wasm: wasm, SHA256: string(sum)}
}

func newPool(t *testing.T, config string) *Pool {
	t.Helper()
	program, err := carried(t).Program()
	if err != nil {
		t.Fatal(err)
	}
	pool, _, err := NewPool(program, []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func redact(t *testing.T, pool *Pool, value, want string) {
	t.Helper()
	if got, _, err := pool.Call(component.Redact, []byte(value)); err != nil || got[0] != want {
		t.Errorf("%.100v %v", got, err)
	}
}

func TestAComponentThatIsNotTheOnePublishedIsRefused(t *testing.T) {
	carried := carried(t)
	carried.Wasm = bytes.Clone(carried.Wasm)
	carried.Wasm[len(carried.Wasm)/2] ^= 1
	if _, err := carried.Program(); !errors.Is(err, ErrChanged) || !strings.HasSuffix(err.Error(), "fetch the module again") {
		t.Error(err)
	}
}

func TestAnInstanceIsUsedAgain(t *testing.T) {
	pool := newPool(t, "{}")
	first := pool.idle[0]
	redact(t, pool, `{"token":"x"}`, `{"token":"[REDACTED]"}`)
	if len(pool.idle) != 1 || pool.idle[0] != first {
		t.Error(pool.idle)
	}
}

func TestARefusalKeepsTheInstanceAndHandsNothingOverToTheNextCall(t *testing.T) {
	pool := newPool(t, "{}")
	_, handed, err := pool.Call(component.Emit, []byte(`{"action":"call_allowed"}`))
	if err != nil || len(handed.Writes) != 1 || handed.Writes[0].Sink != "stdout" {
		t.Fatal(handed, err)
	}
	_, handed, err = pool.Call(component.Emit, []byte(`{"action":"call_exploded"}`))
	var refusal *component.Refusal
	if !errors.As(err, &refusal) || len(handed.Writes) > 0 || len(pool.idle) != 1 {
		t.Error(handed, err, pool.idle)
	}
}

func TestAnInstanceThatTrappedIsDroppedWithAllItHandedOver(t *testing.T) {
	folder := os.Getenv("AUDITBOX_ARTIFACTS")
	if folder == "" {
		t.Skip("skipped: $AUDITBOX_ARTIFACTS names no folder of components that misbehave")
	}
	wasm, err := os.ReadFile(filepath.Join(folder, "misbehaving.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	program, err := Load(wasm)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	pool, _, err := NewPool(program, []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	const form = `{"event_id":"01920000-0000-7000-8000-000000000001","action":"call_allowed","reason":"%s"}`
	_, handed, err := pool.Call(component.Emit, fmt.Appendf(nil, form, "trap-me"))
	var trap *component.Trap
	if !errors.As(err, &trap) || len(handed.Writes) > 0 || len(pool.idle) > 0 {
		t.Error(handed, err, pool.idle)
	}
	_, handed, err = pool.Call(component.Emit, fmt.Appendf(nil, form, "works"))
	if err != nil || len(handed.Writes) != 1 || len(pool.idle) != 1 {
		t.Error(handed, err, pool.idle)
	}
}

func TestAnInstanceThatHasGrownLargeIsNotKept(t *testing.T) {
	pool := newPool(t, "{}")
	large := `"` + strings.Repeat("x", keptBytes/2) + `"`
	redact(t, pool, large, large)
	if len(pool.idle) != 0 {
		t.Error("it is kept, with ", pool.idle[0].MemoryBytes(), " bytes")
	}
	redact(t, pool, "1", "1")
}

func TestCallsAtTheSameTimeHaveAnInstanceEach(t *testing.T) {
	pool := newPool(t, "{}")
	var running sync.WaitGroup
	for number := range 8 {
		running.Add(1)
		go func() {
			defer running.Done()
			for range 50 {
				redact(t, pool, fmt.Sprint(number), fmt.Sprint(number))
			}
		}()
	}
	running.Wait()
	if idle := len(pool.idle); idle < 1 || idle > pool.kept {
		t.Errorf("%d idle of at most %d", idle, pool.kept)
	}
}

func TestAConfigurationThatIsRefusedMakesNoPool(t *testing.T) {
	program, err := carried(t).Program()
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = NewPool(program, []byte(`{"stdou":true}`))
	var refusal *component.Refusal
	if !errors.As(err, &refusal) || refusal.Path != "/stdou" {
		t.Error(err)
	}
}
