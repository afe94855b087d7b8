-- Schema 1: the queue. Each file in this folder brings an outbox from the schema before it to its own; those that are
-- missing are run in their order inside one `BEGIN IMMEDIATE`, after identity.sql has been looked at.
PRAGMA application_id = 1635082872; -- "aubx"

CREATE TABLE audit_queue (
    -- AUTOINCREMENT: consumers remember ids, so none is ever given out again.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL UNIQUE,
    event_type TEXT NOT NULL,
    -- The record: redacted, capped, one JSON object.
    payload TEXT NOT NULL,
    -- RFC 3339, UTC, milliseconds: sorts as text.
    created_at TEXT NOT NULL,
    sync_status TEXT NOT NULL DEFAULT 'PENDING' CHECK (sync_status IN ('PENDING', 'COMPLETED', 'DEAD')),
    retry_count INTEGER NOT NULL DEFAULT 0,
    -- As created_at; NULL: at once.
    next_attempt_at TEXT,
    last_error TEXT,
    agent_id TEXT NOT NULL
) STRICT;

-- The oldest rows that are due, without a look at the table.
CREATE INDEX audit_queue_pending ON audit_queue (id, next_attempt_at) WHERE sync_status = 'PENDING';
-- Dead rows are few and asked for by people.
CREATE INDEX audit_queue_dead ON audit_queue (id) WHERE sync_status = 'DEAD';

PRAGMA user_version = 1;
