UPDATE audit_queue
SET sync_status = 'COMPLETED', next_attempt_at = NULL, last_error = NULL
WHERE id = :id AND sync_status = 'PENDING';
