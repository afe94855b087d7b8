//! Units that are bad for a scanner, a lexer or a reader, each repeated to 1 MB in the places where text can stand.

use serde_json::{Value, json};

const SIZE: usize = 1 << 20;

/// A place, and what makes the value with a text of many units there.
type Place = (&'static str, fn(&str) -> Value);

pub(crate) const PLACES: [Place; 6] = [
    ("a command", |unit| json!({"tool_name": "bash", "tool_args": {"command": fill(unit)}})),
    ("prose", |unit| json!({"text": fill(unit)})),
    ("lines", |unit| json!({"output": fill(&format!("{unit}\n"))})),
    ("values", |unit| many(unit, |unit, at| json!(format!("{unit}{at}")))),
    ("keys", |unit| many(unit, |unit, at| json!({format!("{unit}{at}"): unit}))),
    ("pairs", |unit| many(unit, |unit, _| json!({"name": unit, "value": unit}))),
];

/// Each alone is no secret, begins one, or is one.
pub(crate) const UNITS: [&str; 62] = [
    // A shell's.
    " -p ",
    "-p",
    " --password=",
    "--token ",
    "TOKEN=x ",
    "export A=b;",
    "$(",
    "`",
    "<<E\n",
    "<<<x ",
    "mysql -p",
    "curl -u a:b ",
    "'",
    "|",
    ";",
    "(",
    "${",
    "\\\n",
    // Assignments, headers, queries, markup, prose.
    "pw:",
    "token: ",
    "key=key=",
    "a=b&",
    "a=b; ",
    "=",
    ":",
    "password is ",
    "password ",
    "Authorization: ",
    "Authorization: Basic ",
    "://a:b@",
    "://",
    "IDENTIFIED BY ",
    "<token>",
    "<a b=\"c\">",
    "<",
    "name=\"password\"\r\n\r\n",
    // JSON in a text, and its escapes.
    "\"",
    "\\",
    "{\"a\":",
    "[",
    "{\"token\":\"x\"}",
    "\\\"token\\\":",
    // Disguises.
    "%3D",
    "%25",
    "\\u0041",
    "&#x41;",
    "&amp;",
    "\u{200b}",
    "=\r\n",
    "QUJD",
    "cGFzc3dvcmQ9aHVudGVyMg== ",
    "70617373776f72643d",
    // Formats: beginnings, near misses, and words before them.
    "eyJ",
    "sk-",
    "ghp_0123456789abcdefghijABCDEFGHIJ01234 ",
    "AKIA",
    "datadog 0123456789abcdef0123456789abcdeg ",
    "-----BEGIN RSA PRIVATE KEY-----\n",
    "-",
    "a1",
    "x",
    "é",
];

/// What is compared with them.
pub(crate) const WORDS: &str = "The quick brown fox jumps over the lazy dog, 13 times a day. ";

fn fill(unit: &str) -> String {
    unit.repeat(SIZE / unit.len())
}

/// A list of so many small values that it has the size.
fn many(unit: &str, value: fn(&str, usize) -> Value) -> Value {
    let len = value(unit, 10_000).to_string().len() + 1;
    Value::Array((0..SIZE / len).map(|at| value(unit, at)).collect())
}
