//! `auditbox-core` as a WebAssembly component: it translates between the interfaces of `wit/` and the core, stamps
//! time and ids, and hands records to the host's effects. Every decision is the core's.
//!
//! One world a build: feature `auditor` is the whole component, feature `redactor` the part that imports nothing.
//! Without either, which is how the workspace checks it natively, the crate is empty.

#[cfg(any(feature = "auditor", feature = "redactor"))]
mod answer;
#[cfg(feature = "auditor")]
mod auditor;
#[cfg(any(feature = "auditor", feature = "redactor"))]
#[expect(unsafe_code, reason = "generated: the canonical ABI passes pointers")]
mod bindings;
#[cfg(all(feature = "redactor", not(feature = "auditor")))]
mod redactor;
#[cfg(feature = "auditor")]
mod stamp;
#[cfg(any(feature = "auditor", feature = "redactor"))]
mod state;
