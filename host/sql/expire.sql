-- Deletes rows that are older than they may become, among the oldest.
DELETE FROM audit_queue
WHERE
    id IN (SELECT id FROM audit_queue WHERE producer IS NOT NULL ORDER BY id LIMIT :limit)
    AND created_at < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || :max_age_s || ' seconds')
RETURNING id, octet_length(payload), sync_status;
