INSERT INTO audit_producer (machine, pid, process, buffers, started_at, seen_at)
VALUES (
    :machine, :pid, :process, :buffers,
    strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
)
RETURNING id;
