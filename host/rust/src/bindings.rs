//! What wasmtime makes of `wit/`: the only generated code of the host.

wasmtime::component::bindgen!({ path: "wit", world: "auditbox" });
