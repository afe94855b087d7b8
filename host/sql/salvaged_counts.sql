-- The counters of a damaged file, in the new one. What it holds is counted row by row.
UPDATE audit_account
SET
    accepted = accepted + :accepted,
    duplicates = duplicates + :duplicates,
    quarantined = quarantined + :quarantined + 1;
