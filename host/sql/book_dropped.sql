-- At the end of a transaction: what the platform will not get.
INSERT INTO audit_dropped (consumer, reason, events, untold, first_id, last_id)
VALUES ('platform', :reason, :events, :events, :first_id, :last_id)
ON CONFLICT (consumer, reason) DO UPDATE SET
    events = events + excluded.events,
    untold = untold + excluded.untold,
    first_id = coalesce(first_id, excluded.first_id),
    last_id = coalesce(excluded.last_id, last_id);
