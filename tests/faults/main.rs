//! What the outbox does when something goes wrong around it: killed processes, full and broken disks, damaged files, clocks
//! that jump. Every test ends with the law of `law.rs`.
// So that clippy knows that the helpers are tests, too.
#![cfg(test)]
#![cfg(unix)]

mod child;
mod law;
mod shim;

mod clock;
mod damage;
mod disk;
mod fork;
mod full;
mod io;
mod kill;
mod strangers;
