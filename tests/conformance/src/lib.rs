//! What every host must do, and how it is asked: the driver protocol (`README.md` beside this crate says it for all
//! languages) and the vectors of `tests/vectors`.

pub mod compact;
pub mod difference;
pub mod hosts;
pub mod process;
pub mod protocol;
pub mod vector;
