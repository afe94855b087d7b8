-- Deletes the oldest rows that are still to be sent.
DELETE FROM audit_queue
WHERE id IN (
    SELECT id FROM audit_queue INDEXED BY audit_queue_pending
    WHERE sync_status = 'PENDING' AND producer IS NOT NULL
    ORDER BY id
    LIMIT :limit
)
RETURNING id, octet_length(payload);
