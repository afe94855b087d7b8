-- Stores an event of the outbox's own, a telemetry event as the component writes them. `payload` is JSON.
WITH
milliseconds (now) AS (SELECT printf('%012x', CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER))),
random (bits) AS (SELECT lower(hex(randomblob(9)))),
-- A UUID of version 7 (RFC 9562, section 5.7).
identity (event_id) AS (
    SELECT
        substr(now, 1, 8) || '-' || substr(now, 9, 4) || '-7' || substr(bits, 1, 3) || '-'
        || substr('89ab', 1 + abs(random() % 4), 1) || substr(bits, 4, 3) || '-' || substr(bits, 7, 12)
    FROM milliseconds, random
)
INSERT INTO audit_queue (event_id, event_type, payload, created_at, agent_id, producer)
SELECT
    event_id,
    :event_type,
    json_object(
        'event_id', event_id,
        'event_type', :event_type,
        'timestamp', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
        'agent_id', '',
        'payload', json(:payload)
    ),
    strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
    '',
    :producer
FROM identity
WHERE true
RETURNING octet_length(payload);
