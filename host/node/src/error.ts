/** The one error of the package. No message holds any part of a payload's values. */

/**
 * What sort of failure an {@link AuditboxError} is.
 *
 * | kind | what |
 * |---|---|
 * | `invalid-json` | the text is not JSON: `offset` says where |
 * | `invalid-event` | it is not an event or a value that is accepted: `path` says where |
 * | `invalid-config` | the configuration is wrong: `path` says where |
 * | `unavailable` | an effect failed, and `on_failure` is `closed`: refuse the tool call |
 * | `closed` | the auditor is closed |
 * | `sink` | the file cannot be opened |
 * | `component` | the component in the package is damaged, or of another version |
 * | `trap` | the component failed inside, which is a bug in it; the next call works |
 * | `internal` | something else failed inside |
 */
export type ErrorKind =
  | 'invalid-json'
  | 'invalid-event'
  | 'invalid-config'
  | 'unavailable'
  | 'closed'
  | 'sink'
  | 'component'
  | 'trap'
  | 'internal';

/** Why a call failed. `message` is for people, and names the place. */
export class AuditboxError extends Error {
  override readonly name = 'AuditboxError';

  /** What sort of failure this is. */
  readonly kind: ErrorKind;

  /** JSON Pointer (RFC 6901) to what is wrong, empty for the value as a whole; only where a value is to blame. */
  readonly path: string | undefined;

  /** Where a text stops being JSON, in bytes from its start; only of `invalid-json`. */
  readonly offset: number | undefined;

  /** What is wrong, without the place; where a text stops being JSON, what was expected there. */
  readonly detail: string;

  /** @internal */
  constructor(kind: ErrorKind, detail: string, place: { path?: string; offset?: number } = {}) {
    super(`${placeOf(place)}${detail}`);
    this.kind = kind;
    this.path = place.path;
    this.offset = place.offset;
    this.detail = detail;
  }
}

function placeOf({ path, offset }: { path?: string; offset?: number }): string {
  if (offset !== undefined) {
    return `not JSON at byte ${offset}: expected `;
  }
  return path ? `\`${path}\`: ` : '';
}
