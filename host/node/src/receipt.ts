/** What the guest says it has done (`wit/schema/receipt.schema.json`). */

/** What was done to an event or a value. Never holds any part of what was redacted. Its fields have the schema's names. */
export interface Receipt {
  /** UUID of the event. Empty in receipts of `redact` and `capPayload`. */
  readonly event_id: string;
  /** What was redacted, the first 100. */
  readonly redactions: readonly Redaction[];
  /** How many redactions there were, those beyond the first 100 included. */
  readonly redactions_total: number;
  /** JSON Pointers (RFC 6901) to what was cut, the first 100. */
  readonly truncated: readonly string[];
  /** Whether the outbox had an event of this id already, so that this one was not recorded. */
  readonly duplicate: boolean;
  /** The effects that failed. */
  readonly failures: readonly Failure[];
  /** The receipt as the component wrote it: one JSON object on one line. */
  readonly json: string;
}

/** One secret that was found, and what became of it. */
export interface Redaction {
  /** Where the secret was: JSON Pointer (RFC 6901). */
  readonly path: string;
  /** Id of the rule that found it. */
  readonly rule: string;
  /** What was done: `replace`. */
  readonly action: string;
  /** Length of what was there, in bytes of the decoded value. */
  readonly bytes: number;
}

/** One effect that failed. */
export interface Failure {
  /** What failed: `outbox`, or the name of a sink. */
  readonly target: string;
  /** Why, for people. */
  readonly message: string;
  /** Whether the same event may be emitted again with a chance of success. */
  readonly retryable: boolean;
}

/** A value and what was done to it. */
export interface Rewritten {
  /** The new value, read from `json` when it is first asked for. Integers beyond 2^53 are bigints. */
  readonly value: unknown;
  /** The new value as JSON text. */
  readonly json: string;
  /** What was redacted and truncated. */
  readonly receipt: Receipt;
}
