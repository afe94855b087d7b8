UPDATE audit_producer
SET ended_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), unclean = :unclean
WHERE id = :id;
