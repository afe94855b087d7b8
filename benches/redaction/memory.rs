//! How far the linear memory of an instance grows: of the component without an auditor around it, on an engine of its own.

use auditbox::component::REDACTOR;
use wasmtime::component::{Component, Linker, Val};
use wasmtime::{Engine, ResourceLimiter, Store};

#[derive(Default)]
struct Bytes(usize);

impl ResourceLimiter for Bytes {
    fn memory_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.0 = self.0.max(desired);
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, _desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

/// The component, compiled.
pub(crate) struct Memory {
    component: Component,
}

impl Memory {
    pub(crate) fn new() -> wasmtime::Result<Self> {
        Ok(Self { component: Component::from_binary(&Engine::default(), REDACTOR)? })
    }

    /// Before the call and after it, in bytes: memory is never given back, so that is the most.
    pub(crate) fn of(&self, text: &str) -> wasmtime::Result<(usize, usize)> {
        let mut store = Store::new(self.component.engine(), Bytes::default());
        store.limiter(|bytes| bytes);
        let instance = Linker::new(self.component.engine()).instantiate(&mut store, &self.component)?;
        let interface = instance.get_export_index(&mut store, None, "auditbox:audit/redaction@0.1.0");
        let redact = instance.get_export_index(&mut store, interface.as_ref(), "redact");
        let redact = redact.and_then(|redact| instance.get_func(&mut store, redact));
        let redact = redact.ok_or_else(|| wasmtime::Error::msg("no `redact`"))?;
        let before = store.data().0;
        let mut answer = [Val::Bool(false)];
        redact.call(&mut store, &[Val::String(text.into())], &mut answer)?;
        Ok((before, store.data().0))
    }
}
