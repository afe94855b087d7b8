/** Sinks of the program's own: what they are given, and what is known of them. */

/** A record as a sink gets it (`wit/schema/record.schema.json`). */
export interface AuditRecord {
  /** UUID of the event. */
  event_id: string;
  /** When it happened: RFC 3339, in UTC. */
  timestamp: string;
  /** All other fields. Integers beyond 2^53 are bigints. */
  [field: string]: unknown;
}

/**
 * A sink of the program's own.
 *
 * Records come one after the other, after the call that made them has returned, each a fresh copy: the next one not
 * before a promise that `emit` returns is settled. What it throws is counted, and never reaches the caller of the auditor.
 * What it does before its first `await` runs on the program's own thread, so long work belongs elsewhere.
 *
 * While records wait and `emit` is not at work, the process does not end. An `emit` at work must keep it alive by what it
 * waits for, as network and files do.
 */
export interface AuditSink {
  /** Takes one record. */
  emit(record: AuditRecord): unknown;
}

/** What became of the records for one sink: each is counted in one of these. */
export interface SinkStats {
  /** Records that wait, and the one that `emit` is at work on. */
  readonly queued: number;
  /** Records that `emit` has taken. */
  readonly delivered: number;
  /** Records for which `emit` has thrown. */
  readonly failed: number;
  /** Records that found the queue full, or were still waiting when `close` gave up. */
  readonly dropped: number;
  /** The name of the type of what `emit` threw last. Its text may hold a payload, and is not kept. */
  readonly lastError: string | null;
}
