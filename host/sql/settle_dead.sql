UPDATE audit_queue
SET sync_status = 'DEAD', retry_count = retry_count + 1, next_attempt_at = NULL, last_error = :reason
WHERE id = :id AND sync_status = 'PENDING';
