//! JSON as text (RFC 8259): a reader that walks it without building anything, and the writing of strings.
//!
//! What is read is checked in full, so text that has passed through here is JSON. Numbers are never converted.

pub(crate) mod parts;
mod reader;
mod string;

pub(crate) use reader::{Blanks, Fault, Kind, Mark, Reader};
pub use string::json_string;
pub(crate) use string::{Str, cut, write_string};
