-- Rows that somebody wants to have deleted: filter.sql and `RETURNING` follow.
DELETE FROM audit_queue
WHERE
