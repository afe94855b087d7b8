//! auditbox in a Rust program: `cargo run --example quickstart`. The same in other languages is beside this file.

#![expect(clippy::print_stdout, reason = "a program for people")]

use auditbox::Auditor;

fn main() -> Result<(), auditbox::Error> {
    // Records go to stdout. With `closed`, an error of `emit` means: do not make that call.
    let auditor = Auditor::builder().config(r#"{"on_failure":"closed"}"#).build()?;

    // What the agent is about to do. Ids and times are made when they are left out.
    let receipt = auditor.emit(
        r#"{"event_id": "0198c0de-0000-7000-8000-000000000001", "timestamp": "2026-11-22T09:30:00Z",
            "action": "call_allowed", "tool_name": "Bash", "side_effect": "write",
            "tool_args": {"command": "export DB_PASSWORD=fake-1234 && ./migrate --fast", "max_tokens": 4096},
            "principal": {"user_id": "mika", "role": "developer"}}"#,
    )?;

    // The receipt says what was taken out, never what it was.
    for found in &receipt.redactions {
        println!("{}: {} bytes by rule {}", found.path, found.bytes, found.rule);
    }
    println!("{}", auditor.redact(r#"{"url": "https://mika:fake-5678@db.example/tea", "cups": 3}"#)?.value);

    // What is wrong is said with its place.
    if let Err(error) = auditor.emit(r#"{"action": "call_exploded"}"#) {
        println!("{error}");
    }
    Ok(())
}
