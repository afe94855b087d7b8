package component

import (
	"bytes"
	"fmt"
)

// A binary starts with a magic number and a version; in a component's version the last two bytes name its layer
// (Component Model, Binary Format).
var (
	coreHeader      = []byte("\x00asm\x01\x00\x00\x00")
	componentHeader = []byte("\x00asm\x0d\x00\x01\x00")
)

// The sections of a component's top level by their ids.
const (
	coreModuleSection = 1
	lastSection       = 11
)

// coreModule is the first core module of a component: the guest itself. Those behind it only tie it to its imports,
// which a host without components does by itself.
func coreModule(wasm []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(wasm, coreHeader):
		return nil, unfit("it is a core module, not a component")
	case !bytes.HasPrefix(wasm, componentHeader):
		return nil, unfit("it is no WebAssembly")
	}
	rest := wasm[len(componentHeader):]
	for len(rest) > 0 {
		id := rest[0]
		if id > lastSection {
			return nil, unfit(fmt.Sprintf("it has a section %d, which components have not", id))
		}
		length, size := unsigned(rest[1:])
		if size == 0 {
			return nil, unfit("the length of a section is broken")
		}
		rest = rest[1+size:]
		if uint64(length) > uint64(len(rest)) {
			return nil, unfit("it ends inside a section")
		}
		if id == coreModuleSection {
			return rest[:length], nil
		}
		rest = rest[length:]
	}
	return nil, unfit("there is no core module in it")
}

// unsigned reads a 32 bit number in LEB128 and how many bytes it takes: 0 when it is none.
func unsigned(from []byte) (value uint32, size int) {
	for size < 5 && size < len(from) {
		b := from[size]
		if size == 4 && b > 0x0f {
			return 0, 0
		}
		value |= uint32(b&0x7f) << (7 * size)
		size++
		if b&0x80 == 0 {
			return value, size
		}
	}
	return 0, 0
}
