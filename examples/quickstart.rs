//! auditbox in a Rust program: `cargo run --example quickstart`.

#![expect(clippy::print_stderr, reason = "a program for people")]

use auditbox::Auditor;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Records go to stdout, and durably into an outbox of this example's own.
    let auditor = Auditor::builder()
        .config(r#"{ "agent_id": "quickstart", "on_failure": "closed" }"#)
        .outbox(std::env::temp_dir().join("auditbox-quickstart/outbox.db"))
        .build()?;

    // What the agent is about to do. With `closed`, an error means: do not do it.
    let receipt = auditor.emit(
        r#"{
            "action": "call_allowed",
            "tool_name": "Bash",
            "side_effect": "write",
            "tool_args": { "command": "export DB_PASSWORD=fake-1234 && ./migrate --fast" },
            "principal": { "user_id": "mika", "role": "developer" }
        }"#,
    )?;

    // The receipt says what was taken out, never what it was.
    for redaction in &receipt.redactions {
        eprintln!("{}: {} bytes by rule `{}`", redaction.path, redaction.bytes, redaction.rule);
    }

    // Other things worth remembering are telemetry: a type and any JSON.
    auditor.log_event("SESSION_ACCESS", r#"{ "session": "s-1", "token": "fake-5678" }"#)?;
    Ok(())
}
