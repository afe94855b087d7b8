//! Components that no host should trust: one that misbehaves when it is told to, and those that no host can run.

mod words;

pub use words::{BABBLE, GROW, TRAP};

/// A component of the right world that misbehaves when the configuration, an event or a value holds [`TRAP`], [`GROW`]
/// or [`BABBLE`], and else does as the real one. Events must bring their `event_id`.
pub const MISBEHAVING: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/misbehaving.wasm"));

/// A core module: valid WebAssembly, but no component.
pub const CORE_MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// Neither a module nor a component, although it begins like one.
pub const GARBAGE: &[u8] = b"\0asm\x0d\0\x01\0 and then the disk was full";

/// `component` as if its interfaces were of version 9.0.0.
pub fn of_another_version(component: &[u8]) -> Vec<u8> {
    renamed(component, "@0.1.0", "@9.0.0")
}

/// `component`, but it imports `auditbox:audit/ledger`, which no host has, and not `auditbox:audit/outbox`.
pub fn with_unknown_import(component: &[u8]) -> Vec<u8> {
    renamed(component, "audit/outbox", "audit/ledger")
}

/// Of the same length, so that every size in the binary stays true.
fn renamed(component: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut renamed = component.to_vec();
    let places: Vec<usize> = component
        .windows(from.len())
        .enumerate()
        .filter(|(_, text)| *text == from.as_bytes())
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty(), "the component does not speak of `{from}`");
    for at in places {
        if let Some(place) = renamed.get_mut(at..at + to.len()) {
            place.copy_from_slice(to.as_bytes());
        }
    }
    renamed
}
