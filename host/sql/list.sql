-- Rows without their records: filter.sql, and an order, follow.
SELECT
    id, event_id, event_type, agent_id, created_at, sync_status, retry_count, next_attempt_at, last_error,
    octet_length(payload) AS payload_bytes
FROM audit_queue
WHERE
