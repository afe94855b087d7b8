-- Whether a row is still to be sent, and how large its record is.
SELECT octet_length(payload) FROM audit_queue WHERE id = :id AND sync_status = 'PENDING';
