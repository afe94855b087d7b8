package component

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// refusal is why a binary is not run; the test fails when it is.
func refusal(t *testing.T, wasm []byte) string {
	t.Helper()
	program, err := Load(wasm, nil)
	if err == nil {
		program.Close()
		t.Fatal("it is run")
	}
	var unfit *Unfit
	if !errors.As(err, &unfit) {
		t.Fatalf("%v is no refusal", err)
	}
	return err.Error()
}

func expect(t *testing.T, said string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(said, part) {
			t.Errorf("%q does not say %q", said, part)
		}
	}
}

func TestTheFirstCoreModuleIsFoundBehindOtherSections(t *testing.T) {
	core := assembly{}.core()
	wasm := join(componentHeader, sectionOf(7, []byte("types")), sectionOf(0, []byte("custom")), sectionOf(1, core), sectionOf(1, []byte("another")))
	found, err := coreModule(wasm)
	if err != nil || !bytes.Equal(found, core) {
		t.Fatal(err)
	}
	program, err := Load(wasm, nil)
	if err != nil {
		t.Fatal(err)
	}
	program.Close()
}

func TestWhatIsNoComponentIsRefusedWithItsReason(t *testing.T) {
	for name, test := range map[string]struct {
		wasm []byte
		why  string
	}{
		"nothing":           {nil, "no WebAssembly"},
		"text":              {[]byte("#!/bin/sh"), "no WebAssembly"},
		"a core module":     {assembly{}.core(), "a core module, not a component"},
		"no sections":       {componentHeader, "no core module"},
		"no core module":    {join(componentHeader, sectionOf(7, nil)), "no core module"},
		"an unknown id":     {join(componentHeader, sectionOf(12, nil)), "a section 12, which there is not"},
		"no length":         {join(componentHeader, []byte{1}), "length of a section is broken"},
		"a length too long": {join(componentHeader, []byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 1}), "length of a section is broken"},
		"33 bits of length": {join(componentHeader, []byte{1, 0xff, 0xff, 0xff, 0xff, 0x1f}), "length of a section is broken"},
		"a length too much": {join(componentHeader, []byte{1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0}), "ends inside a section"},
		"an empty module":   {join(componentHeader, sectionOf(1, nil)), "its core module is none"},
		"an empty world":    {join(componentHeader, sectionOf(1, coreHeader)), "does not export its memory"},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, refusal(t, test.wasm), test.why, "auditbox:audit@0.1.0", "`auditbox component` writes one")
		})
	}
}

func TestAComponentThatIsCutOffAnywhereIsRefused(t *testing.T) {
	whole := assembly{}.component()
	for length := range whole {
		refusal(t, whole[:length])
	}
}

func TestWhatIsImportedBeyondTheWorldIsRefusedByItsName(t *testing.T) {
	for _, test := range []struct{ module, name string }{
		{"auditbox:audit/ledger@0.1.0", "append"},
		{"auditbox:audit/sinks@0.1.0", "read"},
		{"auditbox:audit/sinks@9.0.0", "write"},
		{"auditbox:audit/sinks@0.1.1", "write"},
		{"wasi:cli/environment@0.2.0", "get-environment"},
		{"wasi:clocks/wall-clock@0.3.0", "now"},
		{"wasi:clocks/wall-clock", "now"},
	} {
		imported := assembledImport{module: test.module, name: test.name}
		said := refusal(t, assembly{imports: []assembledImport{imported}}.component())
		expect(t, said, "`"+test.module+"`", "`"+test.name+"`", "which this version does not have")
	}
}

func TestAnImportOfAnotherTypeIsRefused(t *testing.T) {
	imported := assembledImport{module: "auditbox:audit/sinks@0.1.0", name: "write", arguments: []int32{1}}
	expect(t, refusal(t, assembly{imports: []assembledImport{imported}}.component()), "`write`", "as another type")
}

func TestAnyPatchOfTheClockAndTheRandomnessFits(t *testing.T) {
	for _, version := range []string{"0.2.0", "0.2.12"} {
		program, err := Load(assembly{imports: []assembledImport{
			{module: "wasi:clocks/wall-clock@" + version, name: "now", arguments: []int32{areaAddress}},
			{module: "wasi:clocks/wall-clock@" + version, name: "resolution", arguments: []int32{areaAddress}},
		}}.component(), nil)
		if err != nil {
			t.Fatal(err)
		}
		program.Close()
	}
}

func TestEveryExportOfTheWorldMustBeThereAndNoOther(t *testing.T) {
	for _, function := range functions {
		for _, name := range []string{function.name, postPrefix + function.name} {
			expect(t, refusal(t, assembly{without: name}.component()), "does not export `"+name+"`")
			expect(t, refusal(t, assembly{oddly: name}.component()), "`"+name+"` is of another type")
		}
	}
	expect(t, refusal(t, assembly{without: reallocExport}.component()), "does not export `cabi_realloc`")
	expect(t, refusal(t, assembly{without: memoryExport}.component()), "does not export its memory")
	expect(t, refusal(t, assembly{with: "auditbox:audit/ledger@0.1.0#read"}.component()), "exports `auditbox:audit/ledger@0.1.0#read`")
	program, err := Load(assembly{with: bindgenPrefix + "0_61_1"}.component(), nil)
	if err != nil {
		t.Fatal("what its parts are made of is its own business: ", err)
	}
	program.Close()
}

func TestASectionThatClaimsMoreThanItHasBytesIsRefusedBeforeMemoryIsTakenForIt(t *testing.T) {
	for _, id := range []byte{1, 2, 3, 4, 5, 6, 7, 9, 10, 11} {
		core := join(coreHeader, sectionOf(id, join(unsigned32(1<<31-1), make([]byte, 8))))
		expect(t, refusal(t, join(componentHeader, sectionOf(1, core))), "a section of its core module is cut off")
	}
}

func FuzzCoreModule(f *testing.F) {
	whole := assembly{area: words(0, 0, textAddress, 4), text: []byte("text")}.component()
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(join(componentHeader, sectionOf(7, []byte("types")), whole[len(componentHeader):]))
	f.Fuzz(func(t *testing.T, wasm []byte) {
		core, err := coreModule(wasm)
		var unfit *Unfit
		if err != nil && !errors.As(err, &unfit) || err == nil && !bytes.Contains(wasm, core) {
			t.Fatalf("%v", err)
		}
	})
}
