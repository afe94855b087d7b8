-- Losses that are to be told now: each reason at most once a minute, whatever the clock does.
SELECT consumer, reason, untold, first_id, last_id
FROM audit_dropped
WHERE untold > 0 AND (told_at IS NULL OR abs(unixepoch('now') - unixepoch(told_at)) >= 60);
