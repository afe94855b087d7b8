-- The outbox at a glance, in one snapshot: by the counters, not by looking at every row.
SELECT
    (SELECT user_version FROM pragma_user_version) AS schema_version,
    accepted,
    duplicates,
    delivered,
    pending_rows AS pending,
    consumer.dead,
    expired,
    (SELECT coalesce(sum(events), 0) FROM audit_dropped WHERE consumer = 'platform') AS dropped,
    (
        SELECT coalesce(json_group_object(reason, events), '{}') FROM audit_dropped WHERE consumer = 'platform'
    ) AS dropped_by_reason,
    stored_rows,
    stored_bytes,
    (SELECT created_at FROM audit_queue INDEXED BY audit_queue_pending WHERE sync_status = 'PENDING' ORDER BY id LIMIT 1)
        AS oldest_pending,
    (
        SELECT count(*)
        FROM (SELECT created_at FROM audit_queue ORDER BY id DESC LIMIT 100000)
        WHERE created_at >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-60 seconds')
    ) AS stored_last_minute,
    (SELECT count(*) FROM audit_producer INDEXED BY audit_producer_alive WHERE ended_at IS NULL) AS producers,
    quarantined,
    checked_at,
    check_result,
    holder IS NOT NULL AS worker_runs,
    state AS worker_state,
    reason AS worker_reason,
    since AS worker_since,
    next_attempt_at AS worker_next_attempt_at,
    unixepoch('now') AS now
FROM audit_account
JOIN audit_consumer AS consumer ON name = 'platform';
