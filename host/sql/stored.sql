-- How many rows between two are still to be sent, and how large their records are.
SELECT count(*), coalesce(sum(octet_length(payload)), 0)
FROM audit_queue
WHERE id BETWEEN :first_id AND :last_id AND sync_status = 'PENDING';
