//! `auditbox completions`: for the shell.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use super::Cli;
use super::exit::{Exit, print};

/// Prints the completions for a shell.
#[derive(Args)]
#[command(after_help = "\
Example:
  auditbox completions bash > ~/.local/share/bash-completion/completions/auditbox")]
pub(super) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> anyhow::Result<Exit> {
        let mut script = Vec::new();
        generate(self.shell, &mut Cli::command(), "auditbox", &mut script);
        print(&script)?;
        Ok(Exit::Success)
    }
}
