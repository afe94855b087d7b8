//! The `auditbox` program: data on stdout, everything else on stderr, one file a verb.

mod cap;
mod completions;
mod component;
mod emit;
mod exit;
mod explain;
mod input;
mod interrupt;
mod log;
mod notices;
mod options;
mod outbox;
mod receiver;
mod redact;
mod report;
mod rewrite;
mod rules;
mod shown;
mod span_of_time;
mod sync;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::exit::Exit;

/// Flight recorder for AI agents: an audit log of tool calls without the secrets that pass through them.
#[derive(Parser)]
#[command(name = "auditbox", version, after_help = exit::HELP, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    verb: Verb,
}

/// What every verb takes.
#[derive(clap::Args)]
struct Globals {
    /// Runs this component instead of the one that the program carries.
    #[arg(long, global = true, value_name = "FILE.wasm", help_heading = "Global options")]
    component: Option<PathBuf>,
    /// Shows no progress and no summary; errors are still reported.
    #[arg(long, short, global = true, help_heading = "Global options")]
    quiet: bool,
}

#[derive(Subcommand)]
enum Verb {
    Emit(emit::Emit),
    Redact(redact::Redact),
    Cap(cap::Cap),
    Log(log::Log),
    Rules(rules::Rules),
    Outbox(outbox::Outbox),
    Sync(sync::Sync),
    Receiver(receiver::Receiver),
    Component(component::Component),
    Completions(completions::Completions),
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Help and version come this way as well. Where nobody reads them any more, nothing is lost.
            let exit = if usage.use_stderr() { Exit::Usage } else { Exit::Success };
            let _ = shown::without_secrets(usage).print();
            return exit.into();
        }
    };
    let Cli { globals, verb } = cli;
    notices::say(globals.quiet);
    let result = match verb {
        Verb::Emit(verb) => verb.run(&globals),
        Verb::Redact(verb) => verb.run(&globals),
        Verb::Cap(verb) => verb.run(&globals),
        Verb::Log(verb) => verb.run(&globals),
        Verb::Rules(verb) => verb.run(&globals),
        Verb::Outbox(verb) => verb.run(),
        Verb::Sync(verb) => verb.run(&globals),
        Verb::Receiver(verb) => verb.run(&globals),
        Verb::Component(verb) => verb.run(),
        Verb::Completions(verb) => verb.run(),
    };
    result.unwrap_or_else(|error| exit::report(&error)).into()
}
