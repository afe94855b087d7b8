-- One row with its record, by either of its ids; the other is NULL.
SELECT
    id, event_id, event_type, agent_id, created_at, sync_status, retry_count, next_attempt_at, last_error,
    octet_length(payload) AS payload_bytes,
    payload
FROM audit_queue
WHERE id = :id OR event_id = :event_id;
