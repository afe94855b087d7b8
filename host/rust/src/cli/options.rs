//! Options that several verbs share, and the auditor they make.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use serde_json::{Map, Value};

use super::Globals;
use super::shown::shown;
use crate::auditor::{Auditor, Builder};
use crate::error::ErrorKind;

/// Where records go.
#[derive(Args)]
pub(super) struct Destinations {
    /// Prints receipts instead of records, each once its event is as durable as promised.
    #[arg(long)]
    pub(super) receipts: bool,
    /// Appends the records to this file as well.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// Stores the records in this outbox instead of this user's own.
    #[arg(long, value_name = "PATH", conflicts_with = "no_outbox")]
    outbox: Option<PathBuf>,
    /// Stores the records in no outbox.
    #[arg(long)]
    no_outbox: bool,
    #[command(flatten)]
    config: Config,
}

/// Where the configuration is.
#[derive(Args, Default)]
pub(super) struct Config {
    /// Takes the configuration from this file.
    #[arg(long, value_name = "FILE.json")]
    config: Option<PathBuf>,
}

impl Destinations {
    /// The auditor of these options: stdout and the outbox, unless they or the configuration say otherwise.
    pub(super) fn auditor(&self, globals: &Globals) -> anyhow::Result<Auditor> {
        let config = self.config.read()?;
        let mut builder = Auditor::builder();
        if self.receipts {
            builder = builder.stdout(false);
        }
        if let Some(path) = &self.file {
            if path.as_os_str() == "-" {
                bail!("`--file -` would be a file named `-`: records go to the standard output without it");
            }
            builder = builder.file(path);
        }
        builder = match &self.outbox {
            _ if self.no_outbox => builder.no_outbox(),
            Some(path) => builder.outbox(path),
            None if config.as_deref().is_some_and(speaks_of_outbox) => builder,
            None => builder.default_outbox(),
        };
        self.config.build(config, builder, globals)
    }
}

impl Config {
    /// The configuration in that file, if one is named.
    pub(super) fn of(file: Option<PathBuf>) -> Self {
        Self { config: file }
    }

    /// An auditor that opens nothing.
    pub(super) fn rewriter(&self, globals: &Globals) -> anyhow::Result<Auditor> {
        self.rewriter_of(self.read()?, globals)
    }

    /// As `rewriter`, of this configuration.
    pub(super) fn rewriter_of(&self, config: Option<String>, globals: &Globals) -> anyhow::Result<Auditor> {
        self.build(config, Auditor::builder().no_effects(), globals)
    }

    pub(super) fn read(&self) -> anyhow::Result<Option<String>> {
        let Some(path) = &self.config else { return Ok(None) };
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read the configuration `{}`", shown(path.display())))?;
        Ok(Some(text))
    }

    pub(super) fn build(
        &self,
        config: Option<String>,
        mut builder: Builder,
        globals: &Globals,
    ) -> anyhow::Result<Auditor> {
        if let Some(config) = config {
            builder = builder.config(config);
        }
        if let Some(path) = &globals.component {
            let wasm =
                fs::read(path).with_context(|| format!("cannot read the component `{}`", shown(path.display())))?;
            builder = builder.component(wasm);
        }
        builder.build().map_err(|error| {
            let file = match error.kind() {
                ErrorKind::InvalidJson | ErrorKind::Config => self.config.as_ref(),
                ErrorKind::Component => globals.component.as_ref(),
                _ => None,
            };
            match file {
                // No longer an `Error`, whose kind would tell that some input was refused.
                Some(file) => anyhow!("`{}`: {error}", file.display()),
                None => error.into(),
            }
        })
    }
}

/// Whether a configuration says anything of an outbox.
pub(super) fn speaks_of_outbox(config: &str) -> bool {
    serde_json::from_str::<Map<String, Value>>(config).is_ok_and(|config| config.contains_key("outbox"))
}
