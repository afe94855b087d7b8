package component

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"strings"
	"time"

	"github.com/tetratelabs/wazero/api"
)

// Host is what an instance hands its records to. It takes them and returns at once; an error, or a panic, becomes the
// `unavailable` of the WIT.
type Host interface {
	// Append takes a row for the outbox.
	Append(line uint32, row Row) error
	// Write takes a record for the sink of that name.
	Write(line uint32, sink, body string) error
}

// Row is a record with what the outbox keeps beside it.
type Row struct {
	EventID, EventType, AgentID, Body string
	// Durable is whether it is stored only when it is on the disk, and not when it is queued.
	Durable bool
}

// The cases of `outbox.durability`.
const commit, buffered = 0, 1

// mostRandom is more than any guest asks for at once, in bytes.
const mostRandom = 1 << 16

// importedFunction is a function that instances may call: its signature as the canonical ABI flattens it.
type importedFunction struct {
	parameters, results []api.ValueType
	call                func(*Instance, []uint64)
}

// imports are all functions that there are, by module and name. Of WASI any 0.2 fits.
var imports = map[string]importedFunction{
	"auditbox:audit/outbox@0.1.0#append":      {i32s(11), nil, appendRow},
	"auditbox:audit/sinks@0.1.0#write":        {i32s(6), nil, writeRecord},
	"wasi:clocks/wall-clock@0.2#now":          {i32s(1), nil, now},
	"wasi:clocks/wall-clock@0.2#resolution":   {i32s(1), nil, resolution},
	"wasi:random/random@0.2#get-random-u64":   {nil, []api.ValueType{api.ValueTypeI64}, randomNumber},
	"wasi:random/random@0.2#get-random-bytes": {[]api.ValueType{api.ValueTypeI64, api.ValueTypeI32}, nil, randomBytes},
}

func imported(module, name string) (importedFunction, bool) {
	if strings.HasPrefix(module, "wasi:") {
		if at := strings.LastIndex(module, "@0.2."); at >= 0 {
			module = module[:at+len("@0.2")]
		}
	}
	function, known := imports[module+"#"+name]
	return function, known
}

func i32s(count int) []api.ValueType {
	types := make([]api.ValueType, count)
	for n := range types {
		types[n] = api.ValueTypeI32
	}
	return types
}

// instanceKey is where an instance is found in the context of its calls.
type instanceKey struct{}

func (f importedFunction) goFunction() api.GoModuleFunc {
	return func(ctx context.Context, _ api.Module, stack []uint64) {
		f.call(ctx.Value(instanceKey{}).(*Instance), stack)
	}
}

func appendRow(in *Instance, stack []uint64) {
	line := uint32(stack[0])
	row := Row{EventID: in.argument(stack[1:]), EventType: in.argument(stack[3:]), AgentID: in.argument(stack[5:]), Body: in.argument(stack[7:])}
	switch uint32(stack[9]) {
	case commit:
		row.Durable = true
	case buffered:
	default:
		panic(unknown)
	}
	in.answer(stack[10], func() error { return in.host.Append(line, row) })
}

func writeRecord(in *Instance, stack []uint64) {
	line, sink, body := uint32(stack[0]), in.argument(stack[1:]), in.argument(stack[3:])
	in.answer(stack[5], func() error { return in.host.Write(line, sink, body) })
}

func now(in *Instance, stack []uint64) {
	now := time.Now()
	if now.Unix() < 0 {
		now = time.Unix(0, 0)
	}
	in.datetime(stack[0], uint64(now.Unix()), uint32(now.Nanosecond()))
}

func resolution(in *Instance, stack []uint64) { in.datetime(stack[0], 0, 1) }

func randomNumber(_ *Instance, stack []uint64) {
	var bytes [8]byte
	rand.Read(bytes[:])
	stack[0] = binary.LittleEndian.Uint64(bytes[:])
}

func randomBytes(in *Instance, stack []uint64) {
	bytes := make([]byte, min(stack[0], mostRandom))
	rand.Read(bytes)
	in.lowerText(stack[1], 0, bytes)
}

// datetime lowers a `wall-clock.datetime`.
func (in *Instance) datetime(to uint64, seconds uint64, nanoseconds uint32) {
	var bytes [12]byte
	binary.LittleEndian.PutUint64(bytes[:], seconds)
	binary.LittleEndian.PutUint32(bytes[8:], nanoseconds)
	in.write(uint32(to), bytes[:])
}

// answer lowers a `result<_, types.error>`.
func (in *Instance) answer(to uint64, take func() error) {
	message := caught(take)
	if message == "" {
		in.write(uint32(to), []byte{0})
		return
	}
	in.write(uint32(to), []byte{1})
	in.write(uint32(to)+payload, []byte{unavailable})
	in.lowerText(to, refusalPayload, []byte(message))
}

// caught is why the host did not take a record: empty when it did.
func caught(take func() error) (message string) {
	defer func() {
		if recover() != nil {
			message = "the host failed inside"
		}
	}()
	if err := take(); err != nil {
		return err.Error()
	}
	return ""
}

// argument copies a string that is given by address and length.
func (in *Instance) argument(stack []uint64) string {
	text, err := liftText(in.memory, uint32(stack[0]), uint32(stack[1]))
	if err != nil {
		panic(err)
	}
	return text
}

// lowerText puts a string, or a list of bytes, into the memory, and its address and length at an offset of an area.
func (in *Instance) lowerText(area uint64, offset uint32, text []byte) {
	address, err := in.allocate(text)
	if err != nil {
		panic(err)
	}
	var place [textSize]byte
	binary.LittleEndian.PutUint32(place[:], address)
	binary.LittleEndian.PutUint32(place[4:], uint32(len(text)))
	in.write(uint32(area)+offset, place[:])
}

// write panics beyond the end of the memory: inside a call that is a trap.
func (in *Instance) write(address uint32, bytes []byte) {
	if !in.memory.Write(address, bytes) {
		panic(outside)
	}
}
