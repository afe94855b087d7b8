-- Records, oldest first: filter.sql and `ORDER BY id` follow.
SELECT id, payload
FROM audit_queue
WHERE
