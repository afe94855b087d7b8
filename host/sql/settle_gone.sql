-- Delivered rows that nobody will look at: so many younger ones are to come that they would soon be deleted.
DELETE FROM audit_queue
WHERE id BETWEEN :first_id AND :last_id AND sync_status = 'PENDING';
