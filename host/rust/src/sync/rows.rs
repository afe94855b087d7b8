//! What the worker needs of an outbox. The tests have one of their own that loses its lease when it is told to.

use std::time::Duration;

use super::outbox::{Claimed as Row, OutboxError, Settlement, State};

pub(super) use super::outbox::Claimed;

/// Ends `wait` from any thread.
pub(super) type Wake = Box<dyn Fn() + Send + Sync>;

/// One worker's hold on an outbox.
pub(super) trait Rows: Send {
    /// Takes the lease; `false`: another worker has it.
    fn take_lease(&mut self) -> Result<bool, OutboxError>;
    /// Says that the worker is alive; `false`: the lease is lost.
    fn beat(&mut self) -> Result<bool, OutboxError>;
    /// Leaves the lease to whoever wants it.
    fn release(&mut self) -> Result<(), OutboxError>;
    /// What is to be sent after a row, oldest first.
    fn claim(&mut self, after_id: i64, max_rows: usize, max_bytes: usize) -> Result<Vec<Row>, OutboxError>;
    /// Writes down what became of rows; `false`: the lease is lost, and nothing was changed.
    fn settle(&mut self, settlement: Settlement) -> Result<bool, OutboxError>;
    /// Shows what the worker does.
    fn show_state(&mut self, state: State<'_>) -> Result<(), OutboxError>;
    /// How many rows are still to be sent.
    fn pending(&self) -> Result<u64, OutboxError>;
    /// Until something was stored, `waker` was used, or the time is over.
    fn wait(&self, timeout: Duration) -> bool;
    /// What ends `wait`.
    fn waker(&self) -> Wake;
}
