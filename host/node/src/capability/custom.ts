/** Sinks of the program's own: each behind a bounded queue, and served after the calls that fill it have returned. */

import { setImmediate as turn } from 'node:timers/promises';
import type { AuditRecord, AuditSink, SinkStats } from '../sink.js';
import { parse, typeName } from '../value.js';
import type { Sink, WriteFailure } from './sink.js';

/**
 * Checks that an object is a sink.
 *
 * @throws TypeError that says what is missing.
 */
export function check(name: string, sink: unknown): asserts sink is AuditSink {
  if (typeof (sink as AuditSink | null | undefined)?.emit !== 'function') {
    throw new TypeError(`the sink \`${name}\` has no function \`emit\`: give it one that takes a record`);
  }
}

/** A queue, and the one consumer that empties it into the program's object. */
export class CustomSink implements Sink {
  readonly name: string;
  readonly #target: AuditSink;
  readonly #maxQueued: number;
  readonly #waiting = new Queue();
  #stats = { queued: 0, delivered: 0, failed: 0, dropped: 0, lastError: null as string | null };
  #drained: Promise<void> | undefined;

  constructor(name: string, target: AuditSink, maxQueued: number) {
    this.name = name;
    this.#target = target;
    this.#maxQueued = maxQueued;
  }

  /** Queues records, and drops those for which there is no room. */
  write(records: readonly string[]): WriteFailure | undefined {
    const written = Math.min(records.length, this.#maxQueued - this.#stats.queued);
    for (const record of records.slice(0, written)) {
      this.#waiting.push(record);
    }
    this.#stats.queued += written;
    this.#stats.dropped += records.length - written;
    this.#drained ??= this.#drain();
    return written === records.length
      ? undefined
      : { written, message: `its queue of ${this.#maxQueued} records is full`, retryable: true };
  }

  get stats(): SinkStats {
    return { ...this.#stats };
  }

  /** Settles when no record waits. */
  async drained(): Promise<void> {
    await this.#drained;
  }

  /** Drops what still waits. */
  drop(): void {
    while (this.#waiting.shift() !== undefined) {
      this.#stats.dropped += 1;
      this.#stats.queued -= 1;
    }
  }

  /** One record a turn of the event loop, so that a program with much to record still gets to its other work. */
  async #drain(): Promise<void> {
    for (;;) {
      await turn();
      const record = this.#waiting.shift();
      if (record === undefined) {
        break;
      }
      try {
        await this.#target.emit(parse(record) as AuditRecord);
        this.#stats.delivered += 1;
      } catch (error) {
        this.#fail(typeName(error));
      }
      this.#stats.queued -= 1;
    }
    this.#drained = undefined;
  }

  #fail(type: string): void {
    if (this.#stats.failed === 0) {
      const message = `the sink \`${this.name}\` threw a \`${type}\`: \`sinkStats\` counts how many records it loses`;
      process.emitWarning(message, 'AuditboxWarning');
    }
    this.#stats.failed += 1;
    this.#stats.lastError = type;
  }
}

/** First in, first out. `Array.shift` alone moves every record of a long queue. */
class Queue {
  #records: string[] = [];
  #next = 0;

  push(record: string): void {
    this.#records.push(record);
  }

  shift(): string | undefined {
    const record = this.#records[this.#next];
    this.#next += 1;
    if (this.#next >= this.#records.length / 2) {
      this.#records.splice(0, this.#next);
      this.#next = 0;
    }
    return record;
  }
}
