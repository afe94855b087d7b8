//! What the worker needs of an outbox. The tests have one of their own that loses its lease when it is told to.

use std::time::Duration;

use crate::capability::outbox::{Claimed, Courier, OutboxError, Settlement, State};

/// Ends `wait` from any thread.
pub(super) type Wake = Box<dyn Fn() + Send + Sync>;

/// One worker's hold on an outbox. The methods are those of [`Courier`].
pub(super) trait Rows: Send {
    fn take_lease(&mut self) -> Result<bool, OutboxError>;
    fn beat(&mut self) -> Result<bool, OutboxError>;
    fn release(&mut self) -> Result<(), OutboxError>;
    fn claim(&mut self, after_id: i64, max_rows: usize, max_bytes: usize) -> Result<Vec<Claimed>, OutboxError>;
    fn settle(&mut self, settlement: Settlement) -> Result<bool, OutboxError>;
    fn show_state(&mut self, state: State<'_>) -> Result<(), OutboxError>;
    fn pending(&self) -> Result<u64, OutboxError>;
    fn wait(&self, timeout: Duration) -> bool;
    fn waker(&self) -> Wake;
}

impl Rows for Courier {
    fn take_lease(&mut self) -> Result<bool, OutboxError> {
        Self::take_lease(self)
    }

    fn beat(&mut self) -> Result<bool, OutboxError> {
        Self::beat(self)
    }

    fn release(&mut self) -> Result<(), OutboxError> {
        Self::release(self)
    }

    fn claim(&mut self, after_id: i64, max_rows: usize, max_bytes: usize) -> Result<Vec<Claimed>, OutboxError> {
        Self::claim(self, after_id, max_rows, max_bytes)
    }

    fn settle(&mut self, settlement: Settlement) -> Result<bool, OutboxError> {
        Self::settle(self, settlement)
    }

    fn show_state(&mut self, state: State<'_>) -> Result<(), OutboxError> {
        Self::show_state(self, state)
    }

    fn pending(&self) -> Result<u64, OutboxError> {
        Self::pending(self)
    }

    fn wait(&self, timeout: Duration) -> bool {
        Self::wait(self, timeout)
    }

    fn waker(&self) -> Wake {
        let waker = Self::waker(self);
        Box::new(move || waker.wake())
    }
}
