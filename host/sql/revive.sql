-- Dead rows that are to be tried again: filter.sql follows, with sync_status DEAD.
UPDATE audit_queue
SET sync_status = 'PENDING', next_attempt_at = NULL
WHERE
