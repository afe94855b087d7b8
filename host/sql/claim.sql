-- What is to be sent next, oldest first.
SELECT id, event_id, payload, retry_count
FROM audit_queue INDEXED BY audit_queue_pending
WHERE sync_status = 'PENDING' AND id > :after_id
ORDER BY id;
