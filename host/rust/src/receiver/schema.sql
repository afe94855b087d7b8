-- What a receiver has taken. It is for trying things out: `synchronous = NORMAL` may forget the last batches when the
-- machine, not the process, dies.
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;

CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    -- The `event_type`, or the `action` of a tool call.
    event_type TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- How often it has come.
    times INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE IF NOT EXISTS batch (
    idempotency_key TEXT PRIMARY KEY,
    events INTEGER NOT NULL,
    -- Of the event ids in their order.
    digest INTEGER NOT NULL,
    times INTEGER NOT NULL DEFAULT 1,
    -- How often other events have come by this key: a sender's bug.
    conflicts INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
