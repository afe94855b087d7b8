//! What a record needs that no function of its event can give.

/// Time and randomness, from outside.
pub trait Stamp {
    /// Unix time: seconds, and nanoseconds within the second.
    fn now(&mut self) -> (u64, u32);
    /// Random bytes, of a quality fit for identifiers.
    fn random(&mut self) -> [u8; 16];
}
