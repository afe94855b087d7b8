-- After schema.sql has been committed. Answers `wal`, or the file system cannot do it.
PRAGMA journal_mode = WAL;
