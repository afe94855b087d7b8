-- Schema 2: what has become of every event, who stores here, and for whom.
-- For each consumer: accepted = delivered + pending + dead + expired + dropped.

-- The producer that stored a row; 0 is a program that knew only audit_queue, NULL a row of one that is not counted yet.
ALTER TABLE audit_queue ADD COLUMN producer INTEGER;
UPDATE audit_queue SET producer = 0;

CREATE INDEX audit_queue_completed ON audit_queue (id) WHERE sync_status = 'COMPLETED';
CREATE INDEX audit_queue_uncounted ON audit_queue (id) WHERE producer IS NULL;

-- One row: every event that was acknowledged, and how much of audit_queue is there now.
CREATE TABLE audit_account (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    accepted INTEGER NOT NULL,
    -- Events that came again: told to the caller, and otherwise nothing.
    duplicates INTEGER NOT NULL,
    stored_rows INTEGER NOT NULL,
    -- Of the records.
    stored_bytes INTEGER NOT NULL,
    pending_rows INTEGER NOT NULL,
    dead_rows INTEGER NOT NULL,
    -- Files that were damaged and put aside.
    quarantined INTEGER NOT NULL,
    -- The last check of the whole file, and what it found: `ok`, or what is wrong.
    checked_at TEXT,
    check_result TEXT
) STRICT;

-- Whoever is to get every record. A row leaves audit_queue when all are done with it.
CREATE TABLE audit_consumer (
    name TEXT PRIMARY KEY,
    -- Done with all rows up to this one; NULL: sync_status tells (the platform).
    after_id INTEGER,
    -- What had been accepted before it came.
    accepted_before INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    dead INTEGER NOT NULL DEFAULT 0,
    expired INTEGER NOT NULL DEFAULT 0,
    -- The lease: the producer whose worker sends, and a number that it raises every second while it does. Whoever has
    -- seen it stand still for 4 s by its own clock takes over.
    holder INTEGER,
    beat INTEGER NOT NULL DEFAULT 0,
    -- What the worker does, for people.
    state TEXT,
    reason TEXT,
    since TEXT,
    next_attempt_at TEXT
) STRICT;

-- Events that a consumer will never get, by the reason.
CREATE TABLE audit_dropped (
    consumer TEXT NOT NULL,
    reason TEXT NOT NULL,
    events INTEGER NOT NULL,
    -- Not yet told by an event `auditbox.loss`, with the first and last id where they had one; and when one was told last.
    untold INTEGER NOT NULL,
    first_id INTEGER,
    last_id INTEGER,
    told_at TEXT,
    PRIMARY KEY (consumer, reason)
) STRICT, WITHOUT ROWID;

-- Every process that has opened the outbox to store.
CREATE TABLE audit_producer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Where `pid` means something, and when that process began: together they name one process, for ever.
    machine TEXT NOT NULL,
    pid INTEGER NOT NULL,
    process TEXT NOT NULL,
    -- How many events at most it acknowledges before they are on the disk.
    buffers INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    -- The number of its last event that is on the disk; its first is 1.
    last_sequence INTEGER NOT NULL DEFAULT 0,
    ended_at TEXT,
    -- Whether it ended without closing the outbox.
    unclean INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX audit_producer_alive ON audit_producer (id) WHERE ended_at IS NULL;

INSERT INTO audit_account
SELECT
    1, count(*), 0, count(*), coalesce(sum(octet_length(payload)), 0),
    count(*) FILTER (WHERE sync_status = 'PENDING'), count(*) FILTER (WHERE sync_status = 'DEAD'), 0, NULL, NULL
FROM audit_queue;

INSERT INTO audit_consumer (name, delivered, dead)
SELECT
    'platform',
    count(*) FILTER (WHERE sync_status = 'COMPLETED'),
    count(*) FILTER (WHERE sync_status = 'DEAD')
FROM audit_queue;

PRAGMA user_version = 2;
