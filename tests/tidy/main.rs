//! What ARCHITECTURE.md says about the sources, as tests.
// So that clippy knows that the helpers are tests, too.
#![cfg(test)]

mod arrows;
mod component;
mod manifests;
mod readme;
mod rules;
mod source;
