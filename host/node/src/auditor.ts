/** The package's front door: a guest that decides, and the effects it asks for, in the one order that is safe. */

import { receiptFrom, rewrittenFrom, rulesFrom } from './answer.js';
import { ask, linesOf } from './batch.js';
import { CustomSink } from './capability/custom.js';
import { FileSink } from './capability/file.js';
import type { Sink } from './capability/sink.js';
import { Stdout } from './capability/stdout.js';
import { configText, type Effective, effective } from './config.js';
import { Delivery, type Outcome } from './delivery.js';
import { Guest, type Handed } from './engine.js';
import { AuditboxError } from './error.js';
import type { AuditEvent, TelemetryEvent } from './event.js';
import { Json } from './json.js';
import type { AuditorOptions } from './options.js';
import type { Parts } from './parts.js';
import type { Receipt, Rewritten } from './receipt.js';
import type { Rule } from './rule.js';
import type { SinkStats } from './sink.js';
import { LONGEST_BYTES, stringify, Unwritable } from './value.js';

const PATIENCE_MS = 5_000;

/** What is longer, Node takes for nothing. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Records events: redacted, capped and stamped by the component, then written. A call returns when the record is in the
 * file and on the standard output; the program's own sinks get it after that.
 *
 * Values are native: what JSON has as it is, `bigint` digit for digit, and `JSON.rawJSON` as it is written. `Date` becomes
 * its text, `NaN` and the infinities their names, an error `"TypeName: its message"`, a set a list, a map with scalar keys
 * an object. Bytes become the text they are in UTF-8, so that secrets in it are found, or `"[binary, N bytes]"`. `toJSON`
 * is asked; other class instances are objects of their own enumerable properties. `undefined` is left out of objects and
 * `null` in lists. Anything else is refused with its place. {@link Json} takes exact JSON text instead.
 *
 * One auditor is for one thread; workers make their own, on the same file if they like.
 *
 * ```js
 * using auditor = new Auditor({ file: 'audit.jsonl' });
 * const receipt = auditor.emit({ action: 'call_allowed', tool_name: 'search', tool_args: { token: 'abc' } });
 * receipt.redactions[0].path; // '/tool_args/token'
 * ```
 */
export class Auditor implements Disposable, AsyncDisposable {
  readonly #guest: Guest;
  readonly #delivery: Delivery;
  readonly #file: FileSink | undefined;
  readonly #custom: readonly CustomSink[];
  #isClosed = false;
  #closing: Promise<void> | undefined;

  /**
   * Loads the component, checks the configuration, and opens the file.
   *
   * @throws {@link AuditboxError} `invalid-json` and `invalid-config` when the configuration is wrong, `sink` when the
   * file cannot be opened, `component` when the package is damaged.
   * @throws TypeError when an option is unknown, or a sink has no function `emit`.
   */
  constructor(options?: AuditorOptions);
  /** @internal */
  constructor(options: AuditorOptions, parts: Parts);
  constructor(options: AuditorOptions = {}, parts: Parts = {}) {
    this.#guest = new Guest(configText(options), parts.program);
    const config = effective(this.#guest.config);
    if (config.outbox && !parts.outbox) {
      const message = 'this host has no outbox yet: leave the key out, or record with the `auditbox` program';
      throw new AuditboxError('invalid-config', message, { path: '/outbox' });
    }
    this.#custom = customSinks(config, options);
    this.#file = config.file ? new FileSink(config.file) : undefined;
    const sinks: Sink[] = [config.stdout && new Stdout(), this.#file, ...this.#custom].filter((sink) => !!sink);
    this.#delivery = new Delivery(parts.outbox, sinks, config.on_failure);
  }

  /**
   * Records one event: a tool call, which has an `action`, or a telemetry event, which has an `event_type`.
   *
   * @throws {@link AuditboxError} `invalid-event` when it is refused, `invalid-json` when the text in {@link Json} is none,
   * `unavailable` when `on_failure` is `closed` and the record could not be written: refuse the tool call then. When it
   * is `open`, the receipt names what failed.
   */
  emit(event: AuditEvent | TelemetryEvent | Json): Receipt {
    const text = this.#text(event);
    return this.#conclude(this.#guest.call(({ auditor }) => auditor.emit(text)));
  }

  /**
   * Records many events, given one by one or as JSON Lines in {@link Json} (empty lines are skipped), and answers for each
   * of them in the same order with its receipt or the error that `emit` would throw. Not atomic: an event that is refused
   * does not hold up the rest.
   *
   * @throws TypeError when they are no list of events; a string is none.
   */
  emitBatch(events: Iterable<AuditEvent | TelemetryEvent | Json> | Json): (Receipt | AuditboxError)[] {
    if (typeof events !== 'object' || !(events instanceof Json || Symbol.iterator in events)) {
      throw new TypeError('expected a list of events: pass an iterable, or JSON Lines as `new Json(text)`');
    }
    const texts =
      events instanceof Json ? linesOf(events.text) : Array.from(events, (event) => caught(() => this.#text(event)));
    this.#ensureOpen();
    const checked = texts.map((text) => (typeof text === 'string' ? caught(() => withinBounds(text)) : text));
    const receipts: (Receipt | AuditboxError)[] = [];
    for (const { answers, handed } of ask(this.#guest, checked)) {
      const outcomes = this.#delivery.carryOut(handed, (line) => typeof answers[line] === 'string');
      for (const [line, answer] of answers.entries()) {
        receipts.push(typeof answer === 'string' ? caught(() => this.#settle(answer, outcomes.get(line))) : answer);
      }
    }
    return receipts;
  }

  /**
   * Records a telemetry event from its type and its payload, any value. The `agent_id` is the configured one.
   *
   * @throws {@link AuditboxError} as `emit` does.
   */
  logEvent(type: string, payload: unknown = {}): Receipt {
    const text = this.#text(payload);
    if (typeof type !== 'string') {
      throw new AuditboxError('invalid-event', 'expected a text', { path: '/event_type' });
    }
    return this.#conclude(this.#guest.call(({ auditor }) => auditor.logEvent(type, text)));
  }

  /**
   * Redacts any value. Nothing is recorded.
   *
   * @throws {@link AuditboxError} `invalid-event` when the value has no JSON, or is too large or too deep, `invalid-json`
   * when the text in {@link Json} is none.
   */
  redact(value: unknown): Rewritten {
    const text = this.#text(value);
    return rewrittenFrom(this.#guest.call(({ auditor }) => auditor.redact(text)).answer);
  }

  /**
   * Cuts any value to `max_payload_bytes`, the way the records are cut. It does not redact: redact first, or a secret could
   * be cut in half and no longer be known as one. Nothing is recorded.
   *
   * @throws {@link AuditboxError} as `redact` does.
   */
  capPayload(value: unknown): Rewritten {
    const text = this.#text(value);
    return rewrittenFrom(this.#guest.call(({ auditor }) => auditor.capPayload(text)).answer);
  }

  /**
   * Every built-in rule by which secrets are found, in a fixed order: the ids that receipts name and `redaction.rules`
   * takes. The same under every configuration.
   *
   * ```js
   * auditor.rules().find(({ id }) => id === 'aws-access-key-id')?.vendor; // 'AWS'
   * ```
   *
   * @throws {@link AuditboxError} `component` when the component is not of this version, `closed` after `close`.
   */
  rules(): Rule[] {
    this.#ensureOpen();
    return rulesFrom(this.#guest.call(({ catalog }) => catalog.rules()).answer);
  }

  /** The configuration in force as JSON text, all defaults filled in. */
  get config(): string {
    return this.#guest.config;
  }

  /** What became of the records for each of the program's own sinks, so far. */
  get sinkStats(): Record<string, SinkStats> {
    return Object.fromEntries(this.#custom.map((sink) => [sink.name, sink.stats]));
  }

  /**
   * Closes the file, and waits until the program's own sinks have taken what waits for them, at most so many milliseconds
   * (5,000 when not said); what still waits then is dropped and counted. May be called twice. Every other call throws from
   * now on.
   */
  close({ timeoutMs = PATIENCE_MS }: { timeoutMs?: number } = {}): Promise<void> {
    this[Symbol.dispose]();
    this.#closing ??= this.#flush(timeoutMs);
    return this.#closing;
  }

  /** Closes at once. The program's own sinks still get what waits for them, and the process does not end before. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#file?.close();
  }

  /** Closes as `close` does. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #flush(timeoutMs: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, Math.min(timeoutMs, LONGEST_TIMEOUT_MS));
    await Promise.race([Promise.all(this.#custom.map((sink) => sink.drained())), late.promise]);
    clearTimeout(timer);
    for (const sink of this.#custom) {
      sink.drop();
    }
  }

  #ensureOpen(): void {
    if (this.#isClosed) {
      throw new AuditboxError('closed', 'the auditor is closed: make a new one');
    }
  }

  /** The JSON text of an argument. */
  #text(value: unknown): string {
    try {
      return withinBounds(value instanceof Json ? value.text : stringify(value));
    } catch (error) {
      throw error instanceof Unwritable
        ? new AuditboxError('invalid-event', error.message, { path: this.#redacted(error.path) })
        : error;
    } finally {
      // Not before: a `toJSON` may close the auditor.
      this.#ensureOpen();
    }
  }

  /** Keys are the caller's, too. */
  #redacted(path: string): string {
    const { answer } = this.#guest.call(({ auditor }) => auditor.redact(JSON.stringify(path)));
    return JSON.parse(answer.value);
  }

  #conclude({ answer, handed }: { answer: string; handed: Handed }): Receipt {
    return this.#settle(answer, this.#delivery.carryOut(handed, () => true).get(0));
  }

  /** Only when something did not simply go well, the guest is asked what that means. */
  #settle(receipt: string, outcomes: Outcome[] | undefined): Receipt {
    if (!outcomes) {
      return receiptFrom(receipt);
    }
    const said = JSON.stringify(outcomes);
    return receiptFrom(this.#guest.call(({ delivery }) => delivery.finish(receipt, said)).answer);
  }
}

/** @throws {@link AuditboxError} `invalid-config` when the configuration names a sink that was not given. */
function customSinks(config: Effective, options: AuditorOptions): CustomSink[] {
  return Object.entries(config.sinks).map(([name, { max_queued }]) => {
    const sink = Object.hasOwn(options.sinks ?? {}, name) ? options.sinks?.[name] : undefined;
    if (!sink) {
      const message = 'no sink of this name was given to the auditor';
      throw new AuditboxError('invalid-config', message, { path: `/sinks/${name}` });
    }
    return new CustomSink(name, sink, max_queued);
  });
}

/** @throws {@link AuditboxError} `invalid-event` when it is longer than anything the guest could hold. */
function withinBounds(text: string): string {
  // In UTF-8, no character of JavaScript's is longer than three bytes.
  if (text.length * 3 > LONGEST_BYTES) {
    const bytes = Buffer.byteLength(text);
    if (bytes > LONGEST_BYTES) {
      const message = `${bytes} bytes long, but at most ${LONGEST_BYTES} can be accepted`;
      throw new AuditboxError('invalid-event', message, { path: '' });
    }
  }
  return text;
}

/** An answer, or the error in its place. */
function caught<T>(work: () => T): T | AuditboxError {
  try {
    return work();
  } catch (error) {
    if (error instanceof AuditboxError) {
      return error;
    }
    throw error;
  }
}
