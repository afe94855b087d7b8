package component

import (
	"encoding/binary"
	"unicode/utf8"
)

// The canonical ABI (Component Model, Canonical ABI), as far as the types of `auditbox:audit` need it: what a function
// returns lies in memory at an address, the return area, with every field aligned to its size.
const (
	// areaAlign is the alignment of every result here: `types.error` holds a u64. A string alone has textAlign.
	areaAlign, textAlign = 8, 4
	// payload is where the fields of a result's case begin, behind the number of the case and what aligns them.
	payload = 8
	// refusalPayload is where the fields of a `types.error`'s case begin.
	refusalPayload = payload + 8
	// textSize is the size of a string: address and length.
	textSize = 8
)

// memory is the linear memory of an instance. A read beyond its end is not ok.
type memory interface {
	Read(offset, length uint32) ([]byte, bool)
}

// breach is how an instance has broken the ABI.
type breach string

const (
	outside   breach = "it named a place outside of its memory"
	notUTF8   breach = "it handed over a text that is not UTF-8"
	unknown   breach = "it answered with a case that the contract does not know"
	unaligned breach = "it answered at an address that is not aligned"
)

func (b breach) Error() string { return string(b) }

// area is where a function has put its result. What is read after a breach is worth nothing: ask for it at the end.
type area struct {
	memory memory
	start  uint32
	breach error
}

// lift reads what the function has answered.
func (f *Function) lift(memory memory, start uint32) ([]string, error) {
	if f.bare {
		return liftBare(memory, start)
	}
	return lift(memory, start, f.results)
}

// liftBare reads a string alone.
func liftBare(memory memory, start uint32) ([]string, error) {
	a := &area{memory: memory, start: start}
	if start%textAlign != 0 {
		a.breach = unaligned
	}
	text := a.text(0)
	if a.breach != nil {
		return nil, a.breach
	}
	return []string{text}, nil
}

// lift reads a `result<…, types.error>` whose good case holds so many strings.
func lift(memory memory, start uint32, texts int) ([]string, error) {
	a := &area{memory: memory, start: start}
	if start%areaAlign != 0 {
		a.breach = unaligned
	}
	var values []string
	var refusal error
	switch a.bytes(0, 1)[0] {
	case 0:
		for n := range texts {
			values = append(values, a.text(payload+uint32(n)*textSize))
		}
	case 1:
		refusal = a.refusal()
	default:
		a.broken(unknown)
	}
	if a.breach != nil {
		return nil, a.breach
	}
	return values, refusal
}

func (a *area) refusal() *Refusal {
	number := int(a.bytes(payload, 1)[0])
	if number >= len(cases) {
		a.broken(unknown)
		return nil
	}
	refusal := &Refusal{Case: cases[number]}
	switch number {
	case invalidJSON:
		refusal.Offset = binary.LittleEndian.Uint64(a.bytes(refusalPayload, 8))
		refusal.Message = a.text(refusalPayload + 8)
	case invalidEvent, invalidConfig:
		refusal.Path, refusal.Message = a.text(refusalPayload), a.text(refusalPayload+textSize)
	case unavailable:
		refusal.Message = a.text(refusalPayload)
	}
	return refusal
}

func (a *area) text(offset uint32) string {
	place := a.bytes(offset, textSize)
	text, err := liftText(a.memory, binary.LittleEndian.Uint32(place), binary.LittleEndian.Uint32(place[4:]))
	if err != nil {
		a.broken(err)
	}
	return text
}

// bytes are so many zeros where there is nothing to read. The first read is at the start: with that inside a memory of
// at most LimitBytes, no sum goes around.
func (a *area) bytes(offset, length uint32) []byte {
	bytes, ok := a.memory.Read(a.start+offset, length)
	if !ok || a.breach != nil {
		a.broken(outside)
		return make([]byte, length)
	}
	return bytes
}

func (a *area) broken(breach error) {
	if a.breach == nil {
		a.breach = breach
	}
}

// liftText copies a string.
func liftText(memory memory, address, length uint32) (string, error) {
	bytes, ok := memory.Read(address, length)
	if !ok {
		return "", outside
	}
	if !utf8.Valid(bytes) {
		return "", notUTF8
	}
	return string(bytes), nil
}

// validUTF8 replaces each byte that is not UTF-8 by U+FFFD: the guest takes UTF-8 on trust.
func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return []byte(string([]rune(string(text))))
}
