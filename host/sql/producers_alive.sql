-- Producers that have not closed the outbox.
SELECT id, machine, pid, process, buffers, started_at, seen_at, last_sequence,
    abs(unixepoch('now') - unixepoch(seen_at)) AS silent_s
FROM audit_producer INDEXED BY audit_producer_alive
WHERE ended_at IS NULL;
