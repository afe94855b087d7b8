-- Every connection, first of all. It waits for nobody: the host tries `BEGIN IMMEDIATE` again after a random 0.1 to
-- 1.5 ms, which is fair between processes, as SQLite's own waiting is not.
PRAGMA busy_timeout = 0;
-- A commit is on the disk when it returns; the next two make that true on macOS.
PRAGMA synchronous = FULL;
PRAGMA fullfsync = ON;
PRAGMA checkpoint_fullfsync = ON;
-- An I/O error is an error, not a signal.
PRAGMA mmap_size = 0;
-- What somebody else wrote into the schema runs no function.
PRAGMA trusted_schema = OFF;
-- A long reader may have made the WAL large; it shrinks again to this many bytes.
PRAGMA journal_size_limit = 67108864;
-- 8 MiB of pages: what one settlement of the sync worker touches.
PRAGMA cache_size = -8192;
