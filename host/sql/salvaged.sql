-- A row of a damaged file, in the new one.
INSERT INTO audit_queue (
    id, event_id, event_type, payload, created_at, sync_status, retry_count, next_attempt_at, last_error, agent_id, producer
)
VALUES (
    :id, :event_id, :event_type, :payload, :created_at, :sync_status, :retry_count, :next_attempt_at, :last_error, :agent_id, 0
)
ON CONFLICT DO NOTHING;
