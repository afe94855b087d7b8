package component

import "encoding/binary"

// A guest put together by hand: it exports what the world has, and answers every call with what lies at areaAddress.
const (
	areaAddress  = 1024
	textAddress  = 2048
	allocAddress = 4096
)

// assembly is what of a guest differs from the obedient one.
type assembly struct {
	// area is what lies at areaAddress, text at textAddress.
	area, text []byte
	// imports are functions, which the export `emit` calls one after the other, with these constants.
	imports []assembledImport
	// without and with are exports that are not there, or there, too.
	without, with string
	// oddly is an export that takes no arguments.
	oddly string
	// grows is by how many pages `emit` lets the memory grow.
	grows int32
	// allocated is what `cabi_realloc` answers; 0 is allocAddress.
	allocated int32
	// answered is what all functions answer; 0 is areaAddress.
	answered int32
}

type assembledImport struct {
	module, name string
	// parameters are the types, all i32 when nil; arguments are the constants, all of them i32.
	parameters []byte
	arguments  []int32
}

// Types of core WebAssembly.
const i32, i64 = 0x7f, 0x7e

// component is the guest's binary.
func (a assembly) component() []byte {
	return append(append([]byte{}, componentHeader...), sectionOf(coreModuleSection, a.core())...)
}

func (a assembly) core() []byte {
	var types, imports, defined, exports, code [][]byte
	function := func(parameters, results int) []byte {
		types = append(types, join([]byte{0x60}, vector(repeated(i32, parameters)...), vector(repeated(i32, results)...)))
		return unsigned32(len(types) - 1)
	}
	for _, imported := range a.imports {
		parameters := imported.parameters
		if parameters == nil {
			parameters = make([]byte, len(imported.arguments))
			for n := range parameters {
				parameters[n] = i32
			}
		}
		types = append(types, join([]byte{0x60}, unsigned32(len(parameters)), parameters, []byte{0}))
		imports = append(imports, join(name(imported.module), name(imported.name), []byte{0}, unsigned32(len(types)-1)))
	}
	export := func(exported string, parameters, results int, body []byte) {
		if exported == a.without {
			return
		}
		if exported == a.oddly {
			parameters++
		}
		defined = append(defined, function(parameters, results))
		code = append(code, sized(join([]byte{0}, body, []byte{0x0b})))
		exports = append(exports, join(name(exported), []byte{0}, unsigned32(len(a.imports)+len(defined)-1)))
	}
	export(reallocExport, 4, 1, constant(either(a.allocated, allocAddress)))
	for _, f := range functions {
		body := constant(either(a.answered, areaAddress))
		if f == Emit {
			var calls []byte
			for n, imported := range a.imports {
				for _, argument := range imported.arguments {
					calls = append(calls, constant(argument)...)
				}
				calls = join(calls, []byte{0x10}, unsigned32(n))
			}
			if a.grows > 0 {
				calls = join(calls, constant(a.grows), []byte{0x40, 0, 0x1a})
			}
			body = append(calls, body...)
		}
		export(f.name, 2*f.arguments, 1, body)
		export(postPrefix+f.name, 1, 0, nil)
	}
	if a.with != "" {
		export(a.with, 0, 0, nil)
	}
	if a.without != memoryExport {
		exports = append(exports, join(name(memoryExport), []byte{2, 0}))
	}
	data := func(at int32, bytes []byte) []byte { return join([]byte{0}, constant(at), []byte{0x0b}, sized(bytes)) }
	return join(
		coreHeader,
		sectionOf(1, vector(types...)),
		sectionOf(2, vector(imports...)),
		sectionOf(3, vector(defined...)),
		sectionOf(5, []byte{1, 0, 1}),
		sectionOf(7, vector(exports...)),
		sectionOf(10, vector(code...)),
		sectionOf(11, vector(data(areaAddress, a.area), data(textAddress, a.text))),
	)
}

// words are 32 bit numbers as they lie in memory.
func words(numbers ...uint32) (bytes []byte) {
	for _, number := range numbers {
		bytes = binary.LittleEndian.AppendUint32(bytes, number)
	}
	return bytes
}

func either(given, otherwise int32) int32 {
	if given != 0 {
		return given
	}
	return otherwise
}

func constant(number int32) []byte { return append([]byte{0x41}, signed32(number)...) }

func sectionOf(id byte, content []byte) []byte { return append([]byte{id}, sized(content)...) }

func sized(content []byte) []byte { return append(unsigned32(len(content)), content...) }

func name(text string) []byte { return sized([]byte(text)) }

func vector(items ...[]byte) []byte { return append(unsigned32(len(items)), join(items...)...) }

func repeated(b byte, times int) (items [][]byte) {
	for range times {
		items = append(items, []byte{b})
	}
	return items
}

func join(parts ...[]byte) (whole []byte) {
	for _, part := range parts {
		whole = append(whole, part...)
	}
	return whole
}

func unsigned32(number int) (bytes []byte) {
	for {
		low := byte(number & 0x7f)
		if number >>= 7; number == 0 {
			return append(bytes, low)
		}
		bytes = append(bytes, low|0x80)
	}
}

func signed32(number int32) (bytes []byte) {
	for {
		low := byte(number & 0x7f)
		number >>= 7
		if number == 0 && low&0x40 == 0 || number == -1 && low&0x40 != 0 {
			return append(bytes, low)
		}
		bytes = append(bytes, low|0x80)
	}
}
