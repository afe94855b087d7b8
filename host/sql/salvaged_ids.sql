-- No id of a damaged file is given out again.
UPDATE sqlite_sequence SET seq = max(seq, :last_id) WHERE name = 'audit_queue';
