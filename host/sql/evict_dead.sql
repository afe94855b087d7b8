-- Deletes the oldest rows that nobody will try to send again. They stay counted as dead.
DELETE FROM audit_queue
WHERE id IN (
    SELECT id FROM audit_queue INDEXED BY audit_queue_dead
    WHERE
        sync_status = 'DEAD'
        AND producer IS NOT NULL
        AND id <= coalesce((SELECT min(after_id) FROM audit_consumer), id)
    ORDER BY id
    LIMIT :limit
)
RETURNING id, octet_length(payload);
