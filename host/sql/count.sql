-- How many rows are meant: filter.sql follows.
SELECT count(*)
FROM audit_queue
WHERE
