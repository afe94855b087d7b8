-- With every transaction, and once a minute: how far this producer has come.
UPDATE audit_producer
SET last_sequence = :last_sequence, seen_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
WHERE id = :id;
