/// The component traps, with the record handed over already.
pub const TRAP: &str = "trap-me";

/// The component takes more and more memory.
pub const GROW: &str = "grow-me";

/// The component answers with something that the contract does not know.
pub const BABBLE: &str = "babble-me";
