// Package component runs a component of `auditbox:audit@0.1.0` on wazero, which knows modules only: it takes the
// component's core module, gives it its imports, and lifts and lowers strings, numbers and results by the canonical
// ABI. It knows the functions of that one world and refuses everything else by its name. Nothing that a binary or an
// instance does makes it panic.
package component

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero"
)

// LimitBytes is how far the memory of an instance may grow: more than any accepted event needs.
const LimitBytes = 1 << 30

const (
	pageBytes = 1 << 16
	// The name of the function by which the host takes memory of the instance, and of that memory.
	reallocExport, memoryExport = "cabi_realloc", "memory"
	// postPrefix begins the name of the function that frees what another one has returned.
	postPrefix = "cabi_post_"
	// bindgenPrefix begins the names of what `cabi_realloc` is made of.
	bindgenPrefix = reallocExport + "_wit_bindgen_"
)

// Function is an export of the component. All take strings, and answer with strings or a [Refusal].
type Function struct {
	name               string
	arguments, results int
	// bare is whether it never refuses: its answer is one string, and no result.
	bare bool
}

// The exports of the world `auditbox`.
var (
	Configure  = &Function{name: "auditbox:audit/auditor@0.1.0#configure", arguments: 1, results: 1}
	Emit       = &Function{name: "auditbox:audit/auditor@0.1.0#emit", arguments: 1, results: 1}
	EmitBatch  = &Function{name: "auditbox:audit/auditor@0.1.0#emit-batch", arguments: 1, results: 1}
	LogEvent   = &Function{name: "auditbox:audit/auditor@0.1.0#log-event", arguments: 2, results: 1}
	Redact     = &Function{name: "auditbox:audit/auditor@0.1.0#redact", arguments: 1, results: 2}
	CapPayload = &Function{name: "auditbox:audit/auditor@0.1.0#cap-payload", arguments: 1, results: 2}
	Finish     = &Function{name: "auditbox:audit/delivery@0.1.0#finish", arguments: 2, results: 1}
	Judge      = &Function{name: "auditbox:audit/delivery@0.1.0#judge", arguments: 2, results: 1}
	Rules      = &Function{name: "auditbox:audit/catalog@0.1.0#rules", results: 1, bare: true}
)

var functions = []*Function{Configure, Emit, EmitBatch, LogEvent, Redact, CapPayload, Finish, Judge, Rules}

// Program is a component that is compiled and linked, ready to be instantiated by several goroutines at once.
type Program struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
}

// Load compiles and links the bytes of a `.wasm`. What it refuses is an [Unfit]. A cache is optional.
func Load(wasm []byte, cache wazero.CompilationCache) (program *Program, err error) {
	core, err := coreModule(wasm)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(LimitBytes / pageBytes).WithDebugInfoEnabled(false)
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	runtime := wazero.NewRuntimeWithConfig(ctx, config)
	defer func() {
		// A compiler has bugs, and these bytes may come from anywhere.
		if recover() != nil {
			err = unfit("the compiler failed inside")
		}
		if err != nil {
			_ = runtime.Close(ctx)
			program = nil
		}
	}()
	module, err := runtime.CompileModule(ctx, core)
	if err != nil {
		return nil, unfit(firstLine(err))
	}
	if err := link(ctx, runtime, module); err != nil {
		return nil, err
	}
	if err := checkExports(module); err != nil {
		return nil, err
	}
	return &Program{runtime, module}, nil
}

// Close frees the code. No instance may be running.
func (p *Program) Close() { _ = p.runtime.Close(context.Background()) }

// checkExports holds the module to the exports of the world: all of them, and no other.
func checkExports(module wazero.CompiledModule) error {
	exported := module.ExportedFunctions()
	check := func(name string, parameters, results int) error {
		function, found := exported[name]
		if !found {
			return unfit(fmt.Sprintf("it does not export `%s`", name))
		}
		if !slices.Equal(function.ParamTypes(), i32s(parameters)) || !slices.Equal(function.ResultTypes(), i32s(results)) {
			return unfit(fmt.Sprintf("its `%s` is of another type", name))
		}
		delete(exported, name)
		return nil
	}
	if _, found := module.ExportedMemories()[memoryExport]; !found {
		return unfit("it does not export its memory")
	}
	if err := check(reallocExport, 4, 1); err != nil {
		return err
	}
	for _, function := range functions {
		if err := check(function.name, 2*function.arguments, 1); err != nil {
			return err
		}
		if err := check(postPrefix+function.name, 1, 0); err != nil {
			return err
		}
	}
	for name := range exported {
		if !strings.HasPrefix(name, bindgenPrefix) {
			return unfit(fmt.Sprintf("it exports `%s`, which this version does not know", name))
		}
	}
	return nil
}

// link gives the module the functions it imports, and refuses to give it any other.
func link(ctx context.Context, runtime wazero.Runtime, module wazero.CompiledModule) error {
	hosts := map[string]wazero.HostModuleBuilder{}
	for _, definition := range module.ImportedFunctions() {
		from, name, _ := definition.Import()
		function, known := imported(from, name)
		if !known {
			return unfit(fmt.Sprintf("it imports `%s` of `%s`, which this version does not have", name, from))
		}
		if !slices.Equal(definition.ParamTypes(), function.parameters) || !slices.Equal(definition.ResultTypes(), function.results) {
			return unfit(fmt.Sprintf("it imports `%s` of `%s` as another type", name, from))
		}
		if hosts[from] == nil {
			hosts[from] = runtime.NewHostModuleBuilder(from)
		}
		hosts[from].NewFunctionBuilder().
			WithGoModuleFunction(function.goFunction(), function.parameters, function.results).Export(name)
	}
	for _, host := range hosts {
		if _, err := host.Instantiate(ctx); err != nil {
			return unfit(firstLine(err))
		}
	}
	return nil
}

// firstLine leaves the stack trace out, which of stripped code tells nobody anything.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return strings.TrimSuffix(line, " (recovered by wazero)")
}
