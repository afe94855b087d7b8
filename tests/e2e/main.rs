//! The program `auditbox` from the outside: the real binary with the real component, each test in a folder of its own.
// So that clippy knows that the helpers are tests, too.
#![cfg(test)]

mod accepted;
mod broken_pipe;
mod canary;
mod component;
mod delivery;
mod examples;
mod harness;
mod interrupted;
mod memory;
mod places;
mod refused;
mod secrets;
mod several;
mod shipped;
mod transcripts;
