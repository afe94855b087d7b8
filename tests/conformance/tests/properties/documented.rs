//! `docs/redaction.md` is true: its examples come out as it says, and its configurations are accepted.

use auditbox_core::{Pipeline, catalogue};
use serde_json::Value;
use std::path::Path;

/// An example: a row of three cells of which the last two are code, and the configuration of its section.
struct Example {
    line: usize,
    config: String,
    input: String,
    want: String,
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/redaction.md");
    std::fs::read_to_string(path).unwrap_or_default()
}

/// The configurations of a page with the lines that they end in.
fn configurations(page: &str) -> Vec<(usize, String)> {
    let mut lines = (1..).zip(page.lines());
    let mut found = Vec::new();
    while lines.any(|(_, line)| line == "```json") {
        let body: Vec<_> = lines.by_ref().take_while(|(_, line)| *line != "```").collect();
        let end = body.last().map_or(0, |(number, _)| *number);
        found.push((end, body.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n")));
    }
    found
}

fn examples(page: &str) -> Vec<Example> {
    let configurations = configurations(page);
    let mut heading = 0;
    let mut examples = Vec::new();
    for (line, text) in (1..).zip(page.lines()) {
        if text.starts_with('#') {
            heading = line;
        }
        let cells = text.replace("\\|", "\u{1}");
        let code = |cell: &str| Some(cell.trim().strip_prefix('`')?.strip_suffix('`')?.replace('\u{1}', "|"));
        let cells: Vec<_> = cells.trim_matches('|').split('|').map(code).collect();
        let [_, Some(input), Some(want)] = cells.as_slice() else { continue };
        let config = configurations.iter().rfind(|(at, _)| (heading..line).contains(at));
        let config = config.map_or("{}".to_owned(), |(_, config)| config.clone());
        examples.push(Example { line, config, input: input.clone(), want: want.clone() });
    }
    examples
}

#[test]
fn what_the_page_on_redaction_shows_is_what_comes_out() {
    let examples = examples(&page());
    assert!(examples.len() > 40, "{} examples", examples.len());
    let json = |text: &str| match text.starts_with(['{', '[']) {
        true => text.to_owned(),
        false => Value::from(text).to_string(),
    };
    let untrue = examples.into_iter().filter_map(|Example { line, config, input, want }| {
        let redacted = Pipeline::new(&config).unwrap().redact(&json(&input)).unwrap();
        let same = redacted.value == json(&want) && redacted.receipt.redactions.is_empty() == (input == want);
        (!same).then(|| format!("line {line}: {}", redacted.value))
    });
    assert_eq!(untrue.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn what_the_page_on_redaction_says_of_configurations_and_rules_is_so() {
    let page = page();
    let configurations = configurations(&page);
    assert!(configurations.len() > 1);
    for (line, config) in configurations {
        assert!(Pipeline::new(&config).is_ok(), "line {line}: {:?}", Pipeline::new(&config).unwrap_err());
    }
    let rules: Vec<Value> = serde_json::from_str(&catalogue()).unwrap();
    for rule in rules.iter().filter(|rule| rule["kind"] != "format") {
        assert!(page.contains(&format!("`{}`", rule["id"].as_str().unwrap())), "{rule} is not named");
    }
}
