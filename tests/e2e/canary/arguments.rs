//! Mistakes at the command line, where what belongs into a file or the standard input is given as an argument.

use super::Cage;
use super::watch::stem;

pub(super) const NAMES: [&str; 3] = ["a typed password", "a typed token", "a typed key of hashes"];

#[test]
fn what_is_typed_in_the_wrong_place_is_not_repeated() {
    let cage = Cage::new();
    let [password, token, hash_key] = NAMES.map(stem);
    let value = format!(r#"{{"password":"{password}"}}"#);
    let event = format!(r#"{{"action":"call_executed","tool_args":{{"token":"{token}"}}}}"#);
    let config = format!(r#"{{"redaction":{{"hash_key":{{"id":"a","key":"{hash_key}"}}}}}}"#);
    let token = format!("ghp_{token}0123456789abcdef");
    let assignment = format!("--password={password}");
    let mistakes: &[&[&str]] = &[
        &["redact", &value],
        &["emit", &event],
        &["emit", "events.jsonl", &event],
        &["cap", &value],
        &["redact", "--text", &token],
        &["redact", "--config", &config],
        &["emit", "--config", &config],
        &["emit", "--component", &value],
        &["emit", &assignment],
        &["emit", "--strict", &token, &value],
        &["log", "NOTE", &value, &event],
        &["log", "NOTE", &format!("{value},")],
        &["log", "NOTE", event.trim_start_matches('{')],
        &["log", &value],
        &["outbox", "show", &token],
        &["outbox", "list", "--limit", &token],
        &["outbox", "list", "--status", &value],
        &["rules", "test", &token],
        &["completions", &value],
        &["component", "--world", &value],
        &[&value],
        &[&token],
        &[&assignment],
        &["emit", "--no-outbox", "--file", "-", &value],
        &["emit", "--outbox", "a.db", "--no-outbox", &value],
    ];
    for arguments in mistakes {
        let run = cage.run_command(cage.command("").args(*arguments), "");
        assert!(matches!(run.code, Some(1..=3)), "{arguments:?}: {run:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
    cage.leaves(&[]);
}

/// What has no secret in it is repeated: otherwise nobody would know what is meant.
#[test]
fn the_rest_of_it_is() {
    let cage = Cage::new();
    let [password, ..] = NAMES.map(stem);
    let told = |arguments: &[&str], told: &str| {
        cage.run_command(cage.command("").args(arguments), "").exits(2).tells(told).ignore()
    };
    told(&["redact", "missing.jsonl"], "cannot read `missing.jsonl`: ");
    told(
        &["redact", &format!(r#"{{"user":"ada","password":"{password}"}}"#)],
        r#"cannot read `{"user":"ada","password":"[REDACTED]"}`: "#,
    );
    told(&["emit", "a.jsonl", &format!("password={password}")], "unexpected argument 'password=[REDACTED]'");
    told(&["emitt"], "unrecognized subcommand 'emitt'");
    told(&["emit", "--recipts"], "a similar argument exists: '--receipts'");
}
