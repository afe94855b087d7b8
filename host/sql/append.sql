-- Stores one record. Changes no row when the event is there already.
INSERT INTO audit_queue (event_id, event_type, payload, created_at, agent_id, producer)
VALUES (:event_id, :event_type, :payload, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), :agent_id, :producer)
ON CONFLICT (event_id) DO NOTHING;
