UPDATE audit_queue
SET sync_status = 'COMPLETED', next_attempt_at = NULL, last_error = NULL
WHERE id BETWEEN :first_id AND :last_id AND sync_status = 'PENDING';
