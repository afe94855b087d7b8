UPDATE audit_consumer
SET
    state = :state,
    reason = :reason,
    since = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
    next_attempt_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+' || :after_s || ' seconds')
WHERE name = 'platform';
