//! `auditbox component`: the component itself, to embed it elsewhere.

use std::io::{self, IsTerminal};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::exit::{Exit, print};
use crate::component;

/// Writes the component that this program carries, or its WIT.
#[derive(Args)]
#[command(after_help = "\
Example:
  auditbox component > auditbox.wasm
  auditbox component --world redactor > redactor.wasm
  auditbox component --wit > auditbox.wit")]
pub(super) struct Component {
    /// Which component.
    #[arg(long, value_enum, default_value_t = World::Auditbox)]
    world: World,
    /// The WIT instead: it holds both worlds.
    #[arg(long)]
    wit: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum World {
    /// The whole component.
    Auditbox,
    /// Redaction and size cap alone; it imports nothing.
    Redactor,
}

impl Component {
    pub(super) fn run(&self) -> anyhow::Result<Exit> {
        if !self.wit && io::stdout().is_terminal() {
            bail!("a component is binary: write it to a file, `auditbox component > auditbox.wasm`");
        }
        print(match self.world {
            _ if self.wit => component::WIT.as_bytes(),
            World::Auditbox => component::AUDITBOX,
            World::Redactor => component::REDACTOR,
        })?;
        Ok(Exit::Success)
    }
}
