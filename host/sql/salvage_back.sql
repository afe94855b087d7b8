-- What can still be read of a damaged file, from the other side.
SELECT id, event_id, event_type, payload, created_at, sync_status, retry_count, next_attempt_at, last_error, agent_id
FROM audit_queue
WHERE id > :after_id
ORDER BY id DESC;
