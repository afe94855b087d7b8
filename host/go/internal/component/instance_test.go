package component

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// host keeps what it is handed.
type host struct {
	rows   []Row
	writes []string
	// answer is for every record.
	answer func() error
}

func (h *host) Append(_ uint32, row Row) error {
	h.rows = append(h.rows, row)
	return h.answer()
}

func (h *host) Write(_ uint32, sink, body string) error {
	h.writes = append(h.writes, sink+" "+body)
	return h.answer()
}

func run(t *testing.T, guest assembly) *Instance {
	t.Helper()
	return runOn(t, guest, &host{answer: func() error { return nil }})
}

func runOn(t *testing.T, guest assembly, host Host) *Instance {
	t.Helper()
	program, err := Load(guest.component(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(program.Close)
	instance, err := program.Instantiate(host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(instance.Close)
	return instance
}

func TestTextsAreLiftedFromTheReturnArea(t *testing.T) {
	instance := run(t, assembly{area: words(0, 0, textAddress, 5, textAddress+5, 6), text: []byte("valuereceipt")[:11]})
	if got, err := instance.Call(Configure, []byte("{}")); err != nil || !slices.Equal(got, []string{"value"}) {
		t.Error(got, err)
	}
	if got, err := instance.Call(Redact, []byte("{}")); err != nil || !slices.Equal(got, []string{"value", "receip"}) {
		t.Error(got, err)
	}
	if got, err := instance.Call(Finish, []byte("{}"), nil); err != nil || !slices.Equal(got, []string{"value"}) {
		t.Error(got, err)
	}
}

func TestAStringAloneIsLifted(t *testing.T) {
	// It needs no more of the memory than its own two numbers, and is aligned to them.
	for _, at := range []int32{areaAddress, areaAddress + 4} {
		area := make([]byte, at-areaAddress, 16)
		guest := assembly{area: append(area, words(textAddress, 4)...), text: []byte("text"), answered: at}
		if got, err := run(t, guest).Call(Rules); err != nil || !slices.Equal(got, []string{"text"}) {
			t.Error(got, err)
		}
	}
	for why, guest := range map[string]assembly{
		"a text beyond the memory":     {area: words(pageBytes-1, 2)},
		"a text that is not UTF-8":     {area: words(textAddress, 1), text: []byte{0xff}},
		"an area beyond the memory":    {answered: pageBytes - 4},
		"an area that is not aligned":  {answered: areaAddress + 2},
		"an area at the end of memory": {answered: -4},
	} {
		_, err := run(t, guest).Call(Rules)
		var trap *Trap
		if !errors.As(err, &trap) {
			t.Errorf("%s: %v", why, err)
		}
	}
}

func TestEveryCaseOfARefusalIsLifted(t *testing.T) {
	text := []byte("/pathmessage")
	path, message := words(textAddress, 5), words(textAddress+5, 7)
	for want, area := range map[Refusal][]byte{
		{Case: "invalid-json", Offset: 1<<40 + 7, Message: "message"}: join(words(1, 0, 0, 0, 7, 1<<8), message),
		{Case: "invalid-event", Path: "/path", Message: "message"}:    join(words(1, 0, 1, 0), path, message),
		{Case: "invalid-config", Path: "/path", Message: "message"}:   join(words(1, 0, 2, 0), path, message),
		{Case: "unavailable", Message: "message"}:                     join(words(1, 0, 3, 0), message),
	} {
		_, err := run(t, assembly{area: area, text: text}).Call(Emit, nil)
		var got *Refusal
		if !errors.As(err, &got) || *got != want {
			t.Errorf("%+v, not %+v", got, want)
		}
	}
}

func TestWhateverAGuestAnswersAgainstTheContractIsATrap(t *testing.T) {
	const beyond = pageBytes
	for why, guest := range map[string]assembly{
		"an unknown case of a result":       {area: words(2)},
		"an unknown case of a refusal":      {area: words(1, 0, 4)},
		"a text beyond the memory":          {area: words(0, 0, beyond-1, 2)},
		"a text at the end of all numbers":  {area: words(0, 0, 0xffffffff, 0xffffffff)},
		"a text that is not UTF-8":          {area: words(0, 0, textAddress, 1), text: []byte{0xff}},
		"a message that is not UTF-8":       {area: words(1, 0, 3, 0, textAddress, 1), text: []byte{0xff}},
		"an area beyond the memory":         {answered: beyond},
		"an area that ends beyond it":       {answered: beyond - 8},
		"an area at the end of all numbers": {answered: -8},
		"an area that is not aligned":       {answered: areaAddress + 4},
		"memory that it has not":            {allocated: beyond - 1},
		"memory at the end of all numbers":  {allocated: -1},
	} {
		_, err := run(t, guest).Call(Redact, []byte("text"))
		var trap *Trap
		if !errors.As(err, &trap) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", why, err)
		}
	}
}

// writing is a guest whose emit hands a text over and answers with what it was told.
func writing(address, length int32) assembly {
	arguments := []int32{7, address, length, address, length, areaAddress}
	return assembly{
		imports: []assembledImport{{module: "auditbox:audit/sinks@0.1.0", name: "write", arguments: arguments}},
		area:    words(9, 0, textAddress, 4),
		text:    []byte("text"),
	}
}

func TestRecordsAreHandedOver(t *testing.T) {
	took := &host{answer: func() error { return nil }}
	guest := writing(textAddress, 4)
	for _, durability := range []int32{commit, buffered} {
		guest.imports = append(guest.imports, appending(durability))
	}
	got, err := runOn(t, guest, took).Call(Emit, nil)
	if err != nil || got[0] != "text" {
		t.Fatal("the host's answer is not that all is well: ", got, err)
	}
	if !slices.Equal(took.writes, []string{"text text"}) || !slices.Equal(took.rows, []Row{{"t", "e", "x", "t", true}, {"t", "e", "x", "t", false}}) {
		t.Error(took)
	}
}

// appending hands over the four letters of "text".
func appending(durability int32) assembledImport {
	arguments := []int32{7, textAddress, 1, textAddress + 1, 1, textAddress + 2, 1, textAddress + 3, 1, durability, areaAddress}
	return assembledImport{module: "auditbox:audit/outbox@0.1.0", name: "append", arguments: arguments}
}

func TestADurabilityThatThereIsNotIsATrap(t *testing.T) {
	took := &host{answer: func() error { return nil }}
	guest := writing(textAddress, 4)
	guest.imports = append(guest.imports, appending(2))
	if got, err := runOn(t, guest, took).Call(Emit, nil); err == nil || len(took.rows) > 0 {
		t.Error(got, took.rows)
	}
}

func TestAHostThatFailsOrPanicsIsUnavailable(t *testing.T) {
	for message, answer := range map[string]func() error{
		"the disk is full":       func() error { return errors.New("the disk is full") },
		"the host failed inside": func() error { panic("and says hunter2") },
	} {
		_, err := runOn(t, writing(textAddress, 4), &host{answer: answer}).Call(Emit, nil)
		var refusal *Refusal
		if !errors.As(err, &refusal) || *refusal != (Refusal{Case: "unavailable", Message: message}) {
			t.Errorf("%v", err)
		}
	}
}

func TestARecordBeyondTheMemoryIsATrap(t *testing.T) {
	took := &host{answer: func() error { return nil }}
	for _, guest := range []assembly{writing(pageBytes, 4), writing(-1, -1), {
		imports: []assembledImport{{module: "wasi:clocks/wall-clock@0.2.0", name: "now", arguments: []int32{pageBytes}}},
	}} {
		_, err := runOn(t, guest, took).Call(Emit, nil)
		var trap *Trap
		if !errors.As(err, &trap) {
			t.Error(err)
			continue
		}
		expect(t, err.Error(), "it named a place outside of its memory")
	}
	if len(took.writes) > 0 {
		t.Error(took.writes)
	}
}

func TestAMemoryGrowsToTheLimitAndNoFurther(t *testing.T) {
	for pages, want := range map[int32]int{3: 4 * pageBytes, LimitBytes / pageBytes: pageBytes} {
		instance := run(t, assembly{grows: pages, area: words(0)})
		if _, err := instance.Call(Emit, nil); err != nil || instance.MemoryBytes() != want {
			t.Error(pages, instance.MemoryBytes(), err)
		}
	}
}

func TestTheClockAndTheRandomnessAreLowered(t *testing.T) {
	instance := run(t, assembly{})
	at := func(address, length uint32) []byte {
		bytes, _ := instance.memory.Read(address, length)
		return slices.Clone(bytes)
	}
	now(instance, []uint64{areaAddress})
	seconds, nanoseconds := binary.LittleEndian.Uint64(at(areaAddress, 8)), binary.LittleEndian.Uint32(at(areaAddress+8, 4))
	if since := time.Since(time.Unix(int64(seconds), int64(nanoseconds))); since < 0 || since > time.Minute {
		t.Error("the clock is off by ", since)
	}
	resolution(instance, []uint64{areaAddress})
	if !slices.Equal(at(areaAddress, 12), words(0, 0, 1)) {
		t.Error(at(areaAddress, 12))
	}
	stack := []uint64{0}
	randomNumber(instance, stack)
	if stack[0] == 0 {
		t.Error("this happens once in 600 years of tests a nanosecond")
	}
	randomBytes(instance, []uint64{16, areaAddress})
	if !slices.Equal(at(areaAddress, 8), words(allocAddress, 16)) || slices.Equal(at(allocAddress, 16), make([]byte, 16)) {
		t.Error(at(areaAddress, 8), at(allocAddress, 16))
	}
}

func TestArgumentsBecomeUTF8(t *testing.T) {
	for given, want := range map[string]string{"": "", "é\x00": "é\x00", "a\xff\xfeb\xed\xa0\x80": "a\ufffd\ufffdb\ufffd\ufffd\ufffd"} {
		instance := run(t, assembly{area: words(0, 0, allocAddress, uint32(len(want)))})
		if got, err := instance.Call(Emit, []byte(given)); err != nil || got[0] != want {
			t.Errorf("%q becomes %q, %v", given, got, err)
		}
	}
}

// bytesMemory is a memory that is as long as its bytes.
type bytesMemory []byte

func (m bytesMemory) Read(offset, length uint32) ([]byte, bool) {
	if end := uint64(offset) + uint64(length); end > uint64(len(m)) {
		return nil, false
	}
	return m[offset : offset+length], true
}

func FuzzLift(f *testing.F) {
	f.Add(join(words(0, 0, 24, 4, 24, 4), []byte("text")), uint32(0), uint8(2))
	f.Add(join(words(1, 0, 1, 0, 32, 4, 32, 4), []byte("text")), uint32(0), uint8(1))
	f.Fuzz(func(t *testing.T, memory []byte, start uint32, texts uint8) {
		values, err := lift(bytesMemory(memory), start, int(texts%3))
		switch err := err.(type) {
		case nil:
			if len(values) != int(texts%3) {
				t.Fatal(values)
			}
		case breach:
		case *Refusal:
			if err.Case == "" {
				t.Fatal(err)
			}
		default:
			t.Fatalf("%T", err)
		}
	})
}
