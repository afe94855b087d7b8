UPDATE audit_dropped
SET untold = 0, first_id = NULL, last_id = NULL, told_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
WHERE consumer = :consumer AND reason = :reason;
