-- Oldest first, after the given id.
SELECT
    id, event_id, event_type, agent_id, created_at, sync_status, retry_count, next_attempt_at, last_error,
    octet_length(payload) AS payload_bytes
FROM audit_queue
WHERE id > :after_id AND (:sync_status IS NULL OR sync_status = :sync_status)
ORDER BY id ASC
LIMIT :limit;
