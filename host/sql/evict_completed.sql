-- Deletes the oldest rows that everybody is done with.
DELETE FROM audit_queue
WHERE id IN (
    SELECT id FROM audit_queue INDEXED BY audit_queue_completed
    WHERE
        sync_status = 'COMPLETED'
        AND producer IS NOT NULL
        AND id <= coalesce((SELECT min(after_id) FROM audit_consumer), id)
    ORDER BY id
    LIMIT :limit
)
RETURNING id, octet_length(payload);
