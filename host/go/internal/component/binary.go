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

const (
	// coreModuleSection is the id of the sections that hold a core module.
	coreModuleSection = 1
	// The last id of a section in a component, and in a core module.
	lastComponentSection, lastCoreSection = 11, 12
	// Sections of a core module that do not begin with how many things are in them.
	customSection, startSection, dataCountSection = 0, 8, 12
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
	for rest := wasm[len(componentHeader):]; len(rest) > 0; {
		id, content, behind, err := section(rest, lastComponentSection)
		if err != nil {
			return nil, err
		}
		if id == coreModuleSection {
			return content, checkCounts(content)
		}
		rest = behind
	}
	return nil, unfit("there is no core module in it")
}

// checkCounts finds sections that claim to hold more things than they have bytes: the compiler would take memory for all
// of them first.
func checkCounts(core []byte) error {
	if !bytes.HasPrefix(core, coreHeader) {
		return unfit("its core module is none")
	}
	for rest := core[len(coreHeader):]; len(rest) > 0; {
		id, content, behind, err := section(rest, lastCoreSection)
		if err != nil {
			return err
		}
		rest = behind
		if id == customSection || id == startSection || id == dataCountSection {
			continue
		}
		if count, size := unsigned(content); size == 0 || uint64(count) > uint64(len(content)) {
			return unfit("a section of its core module is cut off")
		}
	}
	return nil
}

// section takes a section apart from what is behind it.
func section(from []byte, last byte) (id byte, content, behind []byte, err error) {
	id = from[0]
	length, size := unsigned(from[1:])
	switch behind = from[1+size:]; {
	case id > last:
		err = unfit(fmt.Sprintf("it has a section %d, which there is not", id))
	case size == 0:
		err = unfit("the length of a section is broken")
	case uint64(length) > uint64(len(behind)):
		err = unfit("it ends inside a section")
	default:
		content, behind = behind[:length], behind[length:]
	}
	return id, content, behind, err
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
