-- The outbox at a glance, in one snapshot. Counting everything and subtracting is faster than looking at every row.
WITH counted AS (
    SELECT
        (SELECT count(*) FROM audit_queue) AS total,
        (SELECT count(*) FROM audit_queue WHERE sync_status = 'PENDING') AS pending,
        (SELECT count(*) FROM audit_queue WHERE sync_status = 'DEAD') AS dead
)
SELECT
    (SELECT user_version FROM pragma_user_version) AS schema_version,
    pending,
    total - pending - dead AS completed,
    dead,
    (SELECT coalesce(sum(octet_length(payload)), 0) FROM audit_queue) AS payload_bytes,
    (SELECT created_at FROM audit_queue WHERE sync_status = 'PENDING' ORDER BY id LIMIT 1) AS oldest_pending
FROM counted;
