-- After the schema has been committed. Answers `wal`, or the file system cannot do it.
PRAGMA journal_mode = WAL;
