package component

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Instance is one guest with a memory of its own. Its calls must not overlap.
type Instance struct {
	host    Host
	module  api.Module
	memory  api.Memory
	realloc api.Function
	calls   map[*Function]call
	// ctx leads the imports back to the instance.
	ctx context.Context
	// One for the calls, and one for memory, which is taken in the middle of them.
	stack, reallocStack [4]uint64
}

// call is an export, and what frees its answer.
type call struct{ run, post api.Function }

// Instantiate makes an instance that hands its records to the host. Fails with an [Unfit].
func (p *Program) Instantiate(host Host) (*Instance, error) {
	in := &Instance{host: host, calls: make(map[*Function]call, len(functions))}
	in.ctx = context.WithValue(context.Background(), instanceKey{}, in)
	// Without a name, as only so there can be many; and without `_start`, which components have not.
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	module, err := p.runtime.InstantiateModule(in.ctx, p.module, config)
	if err != nil {
		return nil, unfit(firstLine(err))
	}
	in.module, in.memory, in.realloc = module, module.Memory(), module.ExportedFunction(reallocExport)
	for _, function := range functions {
		run, post := module.ExportedFunction(function.name), module.ExportedFunction(postPrefix+function.name)
		in.calls[function] = call{run, post}
	}
	return in, nil
}

// MemoryBytes is what the memory has grown to.
func (in *Instance) MemoryBytes() int { return int(in.memory.Size()) }

// Close frees the memory.
func (in *Instance) Close() { _ = in.module.Close(context.Background()) }

// Call runs a function on its arguments, bytes that are not UTF-8 replaced. Fails with a [Refusal]; with a [Trap],
// after which the instance must be closed.
func (in *Instance) Call(function *Function, arguments ...[]byte) ([]string, error) {
	results, err := in.call(function, arguments)
	var refusal *Refusal
	if err == nil || errors.As(err, &refusal) {
		return results, err
	}
	// Refused memory is never told to the host; but nothing else takes as much.
	trap := &Trap{why: firstLine(err), exhausted: in.memory.Size() > LimitBytes/2}
	var how breach
	if errors.As(err, &how) {
		trap.why = how.Error()
	}
	return nil, trap
}

func (in *Instance) call(function *Function, arguments [][]byte) ([]string, error) {
	if len(arguments) != function.arguments {
		return nil, fmt.Errorf("`%s` takes %d arguments", function.name, function.arguments)
	}
	var lowered [4]uint64
	for n, argument := range arguments {
		argument = validUTF8(argument)
		address, err := in.allocate(argument)
		if err != nil {
			return nil, err
		}
		lowered[2*n], lowered[2*n+1] = uint64(address), uint64(len(argument))
	}
	call := in.calls[function]
	in.stack = lowered
	if err := call.run.CallWithStack(in.ctx, in.stack[:]); err != nil {
		return nil, err
	}
	results, err := function.lift(in.memory, uint32(in.stack[0]))
	if _, broken := err.(breach); broken {
		return nil, err
	}
	// Its argument is where the answer is: still in its place.
	if err := call.post.CallWithStack(in.ctx, in.stack[:]); err != nil {
		return nil, err
	}
	return results, err
}

// allocate puts bytes into memory of the instance, which becomes the owner.
func (in *Instance) allocate(bytes []byte) (uint32, error) {
	if uint64(len(bytes)) > math.MaxUint32 {
		return 0, outside
	}
	in.reallocStack = [4]uint64{0, 0, 1, uint64(len(bytes))}
	if err := in.realloc.CallWithStack(in.ctx, in.reallocStack[:]); err != nil {
		return 0, err
	}
	address := uint32(in.reallocStack[0])
	if !in.memory.Write(address, bytes) {
		return 0, outside
	}
	return address, nil
}
