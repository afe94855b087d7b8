-- At the end of a transaction: what it has changed.
UPDATE audit_account
SET
    accepted = accepted + :accepted,
    duplicates = duplicates + :duplicates,
    stored_rows = stored_rows + :stored_rows,
    stored_bytes = stored_bytes + :stored_bytes,
    pending_rows = pending_rows + :pending_rows,
    dead_rows = dead_rows + :dead_rows
WHERE id = 1;
