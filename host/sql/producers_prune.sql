-- The last hundred that have ended are enough to look at.
DELETE FROM audit_producer
WHERE id <= (SELECT id FROM audit_producer WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET 100)
    AND ended_at IS NOT NULL;
