//! `auditbox rules`: what is known of secrets, and whether it holds.

use std::fmt::Write;

use anyhow::bail;
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Deserializer, Value};

use super::Globals;
use super::exit::{Exit, print};
use super::options::Config;
use super::report::tell;
use super::shown::shown;
use crate::auditor::Auditor;
use crate::receipt::Redaction;
use crate::rules::Rule;

include!(concat!(env!("OUT_DIR"), "/vectors.rs"));

/// Lists the rules by which secrets are found.
#[derive(Args)]
#[command(after_help = "\
Example:
  auditbox rules
  auditbox rules --json | grep '\"kind\":\"format\"'
  auditbox rules test github-token")]
pub(super) struct Rules {
    #[command(subcommand)]
    question: Option<Question>,
    /// Answers in JSON, one value a line.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Question {
    /// Runs the cases that hold a rule: what it must find, and what it must leave alone.
    Test {
        /// Its id.
        id: String,
    },
}

impl Rules {
    pub(super) fn run(&self, globals: &Globals) -> anyhow::Result<Exit> {
        let auditor = Config::default().rewriter(globals)?;
        match &self.question {
            None => {
                let rules = auditor.rules()?;
                let answer = if self.json { lines(&rules)? } else { table(&rules) };
                print(answer.as_bytes())?;
                Ok(Exit::Success)
            }
            Some(Question::Test { id }) => {
                if auditor.rules()?.find(id).is_none() {
                    bail!("no rule `{}`: `auditbox rules` lists them", shown(id));
                }
                self.test(id, globals)
            }
        }
    }

    fn test(&self, id: &str, globals: &Globals) -> anyhow::Result<Exit> {
        let mut outcomes = Vec::new();
        for (name, text) in VECTORS {
            outcomes.extend(serde_json::from_str::<File<'_>>(text)?.test(name, id, globals)?);
        }
        let answer = if self.json { lines(&outcomes)? } else { outcomes.iter().map(Outcome::line).collect() };
        print(answer.as_bytes())?;
        let failed = outcomes.iter().filter(|outcome| outcome.failure.is_some()).count();
        if !globals.quiet {
            tell(&format_args!("{} passed, {failed} failed", outcomes.len() - failed));
        }
        Ok(if failed == 0 { Exit::Success } else { Exit::Refused })
    }
}

fn lines<T: Serialize>(values: &[T]) -> anyhow::Result<String> {
    let mut lines = String::new();
    for value in values {
        lines += &serde_json::to_string(value)?;
        lines.push('\n');
    }
    Ok(lines)
}

fn table(rules: &[Rule]) -> String {
    let vendor = |rule: &Rule| rule.vendor.clone().unwrap_or_default();
    let width = |column: &dyn Fn(&Rule) -> String| {
        rules.iter().map(|rule| column(rule).chars().count()).max().unwrap_or_default()
    };
    let (ids, kinds, vendors) = (width(&|rule| rule.id.clone()), width(&|rule| rule.kind.clone()), width(&vendor));
    rules.iter().fold(String::new(), |mut table, rule| {
        let Rule { id, kind, description, .. } = rule;
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{id:ids$}  {kind:kinds$}  {:vendors$}  {description}", vendor(rule));
        table
    })
}

/// A file of `tests/vectors`, as much of it as is needed here.
#[derive(Deserialize)]
struct File<'a> {
    op: String,
    #[serde(borrow)]
    config: Option<&'a RawValue>,
    #[serde(borrow)]
    cases: Vec<Case<'a>>,
}

#[derive(Deserialize)]
struct Case<'a> {
    #[serde(default)]
    note: String,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
    #[serde(borrow)]
    want: Option<&'a RawValue>,
    #[serde(borrow)]
    want_receipt: Option<&'a RawValue>,
}

/// What a case came to.
#[derive(Serialize)]
struct Outcome {
    file: &'static str,
    case: usize,
    note: String,
    failure: Option<String>,
}

impl File<'_> {
    fn test(&self, name: &'static str, id: &str, globals: &Globals) -> anyhow::Result<Vec<Outcome>> {
        let cases: Vec<_> =
            (1..).zip(&self.cases).filter(|(_, case)| self.op == "redact" && case.is_about(id)).collect();
        if cases.is_empty() {
            return Ok(Vec::new());
        }
        let auditor = Config::default().rewriter_of(self.config.map(|config| config.get().to_owned()), globals)?;
        let outcome = |(number, case): (usize, &Case<'_>)| {
            let failure = case.failure(&auditor)?;
            Some(Outcome { file: name, case: number, note: case.note.clone(), failure })
        };
        Ok(cases.into_iter().filter_map(outcome).collect())
    }
}

impl Case<'_> {
    /// Whether the rule finds something in it, or the note says that it does not.
    fn is_about(&self, id: &str) -> bool {
        let noted = self.note.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':', ',']));
        noted || self.want_receipt.is_some_and(|receipt| receipt.get().contains(&format!("\"rule\":\"{id}\"")))
    }

    /// What is not as it should be. None when this program cannot play the case: its input is no JSON.
    fn failure(&self, auditor: &Auditor) -> Option<Option<String>> {
        #[derive(Deserialize)]
        struct Receipt {
            redactions: Vec<Redaction>,
        }
        let (input, want) = (whole(self.input?.get())?, whole(self.want?.get())?);
        let receipt = whole(self.want_receipt.map_or(r#"{"redactions":[]}"#, RawValue::get))?;
        let rewritten = match auditor.redact(&input) {
            Ok(rewritten) => rewritten,
            Err(error) => return Some(Some(error.to_string())),
        };
        let value = |json| serde_json::from_str::<Value>(json).ok();
        let found = serde_json::from_str::<Receipt>(&receipt).ok()?.redactions == rewritten.receipt.redactions;
        Some(match value(&rewritten.value) == value(&want) {
            true if found => None,
            true => Some("the redactions are not what they should be".into()),
            false => Some("the value is not what it should be".into()),
        })
    }
}

/// JSON with the strings that are given in pieces put together: `{"$text":["sk-",{"repeat":["x",20]}]}`.
fn whole(json: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Text {
        #[serde(rename = "$text")]
        pieces: Vec<Piece>,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Piece {
        Once(String),
        Often { repeat: (String, usize) },
    }
    let (mut new, mut rest) = (String::new(), json);
    while let Some((before, _)) = rest.split_once(r#"{"$text":"#) {
        let mut stream = Deserializer::from_str(rest.get(before.len()..)?).into_iter::<Text>();
        let pieces = stream.next()?.ok()?.pieces.into_iter();
        let text: String = pieces
            .map(|piece| match piece {
                Piece::Once(text) => text,
                Piece::Often { repeat: (text, times) } => text.repeat(times),
            })
            .collect();
        new += before;
        new += &Value::from(text).to_string();
        rest = rest.get(before.len() + stream.byte_offset()..)?;
    }
    Some(new + rest)
}

impl Outcome {
    fn line(&self) -> String {
        let Self { file, case, note, failure } = self;
        let mut line = format!("{}  {file} case {case}", if failure.is_some() { "failed" } else { "passed" });
        for more in [Some(note), failure.as_ref()].into_iter().flatten().filter(|more| !more.is_empty()) {
            line += ": ";
            line += more;
        }
        line + "\n"
    }
}
