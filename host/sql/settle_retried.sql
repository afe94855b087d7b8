UPDATE audit_queue
SET
    retry_count = retry_count + 1,
    next_attempt_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+' || :after_s || ' seconds'),
    last_error = :reason
WHERE id = :id AND sync_status = 'PENDING';
