package auditbox

import (
	_ "embed" // for what the module carries

	"github.com/auditbox/auditbox/host/go/internal/engine"
)

//go:embed auditbox.wasm
var wasm []byte

//go:embed auditbox.wasm.sha256
var wasmSHA256 string

// carried is the component that this module carries: the very bytes that the other hosts run.
var carried = &engine.Carried{Wasm: wasm, SHA256: wasmSHA256}
