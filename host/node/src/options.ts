/** What an auditor is told: its options, and the portable configuration (`wit/schema/config.schema.json`). */

import type { AuditSink } from './sink.js';

/** The portable configuration; every key may be left out. */
export interface Config {
  /** Whether records go to the standard output. Default: true. */
  stdout?: boolean;
  /** JSON Lines file that records are appended to: its path, or with its particulars; null is none. Default: null. */
  file?: string | FileConfig | null;
  /** Whether records are queued durably: true, or how. This host has no outbox yet. Default: false. */
  outbox?: boolean | OutboxConfig | null;
  /** Where what is in the outbox is sent; null is nowhere. This host has no outbox yet. Default: null. */
  sync?: SyncConfig | null;
  /** The program's own sinks by name. Those given to the auditor need not stand here. Default: {}. */
  sinks?: Record<string, SinkConfig>;
  /** What a failed effect means: `open` names it in the receipt, `closed` makes `emit` throw. Default: open. */
  on_failure?: 'open' | 'closed';
  /** The agent that telemetry events are from when they do not say, at most 1,024 bytes. Default: empty. */
  agent_id?: string;
  /** Longest event that is accepted, in bytes of its JSON text: 4 KiB to 256 MiB. Default: 16 MiB. */
  max_event_bytes?: number;
  /** Largest record, in bytes of its JSON text: 4 KiB to 16 MiB. Default: 32 KiB. */
  max_payload_bytes?: number;
  /** How a record over the cap is cut: `tool_args` replaced by a note, or its largest values first. Default: replace. */
  cap_strategy?: 'replace' | 'shrink';
  /** What counts as a secret beside the built-in rules. Default: {}. */
  redaction?: RedactionConfig;
}

/** A JSON Lines file with its particulars. */
export interface FileConfig {
  /** Path of the file. */
  path: string;
  /** Whether each write is forced to the disk. Default: never. */
  fsync?: 'never' | 'always';
  /** Size at which the file is rotated, in bytes, at least 4 KiB; null is never. Default: null. */
  max_bytes?: number | null;
  /** How many rotated files are kept, 0 to 1,000. Default: 5. */
  keep?: number;
}

/** An outbox with its particulars. */
export interface OutboxConfig {
  /** Path of the SQLite file; null is the host's own place for it. Default: null. */
  path?: string | null;
  /** How many records may wait; null is no limit, the default with `sync`. Default: 10,000. */
  max_rows?: number | null;
  /** How many bytes of records may wait, at least 1 MiB; null is no limit. Default: 1 GiB. */
  max_bytes?: number | null;
  /** How old a waiting record may become, in seconds, at least 60; null is no limit. Default: null. */
  max_age_s?: number | null;
  /** What gives way when the outbox is full. Default: `drop_oldest`, with `sync` `block`. */
  when_full?: 'block' | 'drop_oldest' | 'drop_newest' | 'fail';
  /** The longest an event waits for room or for the disk, in milliseconds, 1 to 600,000. Default: 5,000. */
  deadline_ms?: number;
  /** When a record counts as stored, by the event's side effect: on the disk, or queued. Default: `buffered` for pure and read. */
  durability?: { [effect in 'pure' | 'read' | 'write' | 'irreversible' | 'other']?: 'commit' | 'buffered' };
  /** Size of a file that is kept aside to be given up on a full disk, in bytes, at most 1 GiB. Default: 1 MiB. */
  ballast_bytes?: number;
}

/** Where what is in the outbox is sent, and how. The API key is in `AUDITBOX_API_KEY` or in a file. */
export interface SyncConfig {
  /** `https://host[:port][/path]`, or `http://` to this machine. */
  endpoint: string;
  /** Path of the file that the API key is in. Default: null. */
  api_key_file?: string | null;
  /** Path of certificates (PEM) of who may have signed the endpoint's. Default: null, the system's. */
  ca_file?: string | null;
  /** Path of the certificate (PEM) that the endpoint knows this client by; given with its key. Default: null. */
  client_cert_file?: string | null;
  /** Path of that certificate's key (PEM). Default: null. */
  client_key_file?: string | null;
  /** How bodies are compressed. Default: gzip. */
  compression?: 'gzip' | 'zstd' | 'none';
  /** The most records of one request, 1 to 10,000. Default: 500. */
  max_batch_rows?: number;
  /** The most bytes of one request's body, before it is compressed, 64 KiB to 16 MiB. Default: 1 MiB. */
  max_batch_bytes?: number;
  /** The longest one request takes as a whole, in milliseconds, 1,000 to 600,000. Default: 30,000. */
  timeout_ms?: number;
}

/** A sink of the program's own. */
export interface SinkConfig {
  /** How many records may wait for it. Default: 1,000. */
  max_queued?: number;
}

/** What counts as a secret beside the built-in rules. */
export interface RedactionConfig {
  /** Keys whose value is redacted, beside the built-in ones. At most 1,000, of 1 to 64 bytes each. */
  sensitive_keys?: string[];
  /** Keys that keep a number or boolean although they look sensitive. At most 1,000, of 1 to 64 bytes each. */
  safe_keys?: string[];
  /** Whether a sensitive word is looked for anywhere in a key, or among its words. Default: substring. */
  key_matching?: 'substring' | 'word';
  /** Patterns applied to every string, as [regex, replacement]. At most 100. */
  custom_patterns?: [pattern: string, replacement: string][];
  /** Whether secrets are looked for in values. Default: true. */
  detect_secret_values?: boolean;
  /** What becomes of what a rule finds, by the rule's id. Default: {}, which is `replace` for all. */
  rules?: Record<string, RedactionAction>;
  /** The key that `hash` uses, and the name that hashes carry. Default: null. */
  hash_key?: { id: string; key: string } | null;
}

/** What becomes of a secret: `mask` leaves the last 4 characters of 12 or more, `off` does not look for it. */
export type RedactionAction = 'replace' | 'mask' | 'hash' | 'drop' | 'off';

/** How an auditor is made. What is not said is as the component has it by default: records go to the standard output. */
export interface AuditorOptions {
  /** The portable configuration: an object, or JSON text. The options below win over it. */
  config?: Config | string;
  /** Whether records go to the standard output. */
  stdout?: boolean;
  /** Appends records to this file, one a line: its path, or the object of the configuration; null is no file. */
  file?: string | URL | FileConfig | null;
  /** Sinks of the program's own, by the names they have in receipts: letters, digits, `-`, `_` and `.`. */
  sinks?: Record<string, AuditSink>;
}
