//! Rewrites what the vectors want as the native driver does it. Whoever blesses reads the difference afterwards.

use crate::check::{ask, configure, is_new_uuid7, is_now};
use auditbox_conformance::compact::{compact, shorten};
use auditbox_conformance::process::Process;
use auditbox_conformance::vector::{Case, DIR, Op, Vector, fields, receipt_fields};
use serde_json::Value;
use std::path::Path;
use std::{fs, io};

/// Rewrites the vectors' files. The driver may write into the folder.
pub(crate) fn rewrite(vectors: &[Vector], command: &[String], folder: &Path) -> io::Result<()> {
    let mut process = Process::start("bless", command, folder)?;
    for (number, vector) in vectors.iter().enumerate() {
        let dir = folder.join(number.to_string());
        fs::create_dir(&dir)?;
        let text = rewritten(vector, &mut process, &dir.to_string_lossy())
            .map_err(|error| io::Error::other(format!("{}: {error}", vector.path.display())))?;
        if fs::read_to_string(&vector.path)? != text {
            fs::write(&vector.path, text)?;
        }
    }
    Ok(())
}

fn rewritten(vector: &Vector, process: &mut Process, dir: &str) -> io::Result<String> {
    let targets = configure(process, vector, dir)?;
    let cases = vector.cases.iter().map(|case| {
        let got = ask(process, vector.op, case, targets, dir)?;
        let mut members = given(case)?;
        if let Some(value) = got.value {
            let value = with_placeholders(&value.replace(dir, DIR));
            match fields(&value) {
                Ok(Some(fields)) if vector.op == Op::Emit => members.push(("want_fields", shorten(&fields)?)),
                _ => members.push(("want", shorten(&value)?)),
            }
        }
        if let Some(error) = got.error {
            members.push(("want_error", serde_json::to_string(&error)?.replace(dir, DIR)));
        }
        if let Some(durable) = got.durable.filter(|_| case.want_durable.is_some()) {
            members.push(("want_durable", durable.to_string()));
        }
        if let Some(receipt) = got.receipt.map(|receipt| receipt_fields(&receipt)).transpose()?.flatten() {
            members.push(("want_receipt", shorten(&receipt)?));
        }
        let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        Ok(format!("    {{{}}}", members.join(",\n     ")))
    });
    let cases: io::Result<Vec<String>> = cases.collect();
    let config = match &vector.config {
        Some(config) => format!("  \"config\": {},\n", compact(config.get())?),
        None => String::new(),
    };
    let (note, op) = (Value::from(vector.note.as_str()), op_name(vector.op));
    Ok(format!(
        "{{\n  \"note\": {note},\n  \"op\": \"{op}\",\n{config}  \"cases\": [\n{}\n  ]\n}}\n",
        cases?.join(",\n")
    ))
}

/// What is given, as it is written.
fn given(case: &Case) -> io::Result<Vec<(&'static str, String)>> {
    let mut members = Vec::new();
    if let Some(note) = &case.note {
        members.push(("note", Value::from(note.as_str()).to_string()));
    }
    if let Some(event_type) = &case.event_type {
        members.push(("event_type", Value::from(event_type.as_str()).to_string()));
    }
    for (key, json) in [("input", &case.input), ("outcomes", &case.outcomes), ("answer", &case.answer)] {
        if let Some(json) = json {
            members.push((key, json.get().to_owned()));
        }
    }
    let texts =
        [("input_text", &case.input_text), ("outcomes_text", &case.outcomes_text), ("answer_text", &case.answer_text)];
    for (key, text) in texts {
        if let Some(text) = text {
            members.push((key, serde_json::to_string(text)?));
        }
    }
    Ok(members)
}

/// Names for what is different each time.
fn with_placeholders(value: &str) -> String {
    let strings = value.split('"').collect::<Vec<_>>();
    let named = strings.iter().map(|string| match string {
        id if is_new_uuid7(id) => "<uuid7>",
        time if is_now(time) => "<now>",
        other => other,
    });
    named.collect::<Vec<_>>().join("\"")
}

fn op_name(op: Op) -> String {
    serde_json::to_value(op).ok().and_then(|op| Some(op.as_str()?.to_owned())).unwrap_or_default()
}
