"""auditbox in a Python program: `pip install auditbox`. The same in other languages is beside this file."""

import auditbox

# Records go to stdout. With `closed`, an error of `emit` means: do not make that call.
with auditbox.Auditor({"on_failure": "closed"}) as auditor:
    # What the agent is about to do. Ids and times are made when they are left out.
    receipt = auditor.emit(
        {
            "event_id": "0198c0de-0000-7000-8000-000000000001",
            "timestamp": "2026-11-22T09:30:00Z",
            "action": "call_allowed",
            "tool_name": "Bash",
            "side_effect": "write",
            "tool_args": {"command": "export DB_PASSWORD=fake-1234 && ./migrate --fast", "max_tokens": 4096},
            "principal": {"user_id": "mika", "role": "developer"},
        }
    )

    # The receipt says what was taken out, never what it was.
    for found in receipt.redactions:
        print(f"{found.path}: {found.bytes} bytes by rule {found.rule}")
    print(auditor.redact({"url": "https://mika:fake-5678@db.example/tea", "cups": 3}).json)

    # What is wrong is said with its place.
    try:
        auditor.emit({"action": "call_exploded"})
    except auditbox.Error as error:
        print(error)
