-- Counts rows that a program stored which knew only audit_queue.
UPDATE audit_queue SET producer = 0
WHERE id IN (SELECT id FROM audit_queue INDEXED BY audit_queue_uncounted WHERE producer IS NULL LIMIT 1000)
RETURNING sync_status, octet_length(payload);
