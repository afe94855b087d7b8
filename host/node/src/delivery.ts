/**
 * Carries out what the guest has handed over, in the one order that is safe: the commit, then the sinks. What failed is
 * told to the guest, which decides what it means.
 */

import type { Sink } from './capability/sink.js';
import type { Handed, Row } from './engine.js';

const OUTBOX = 'outbox';

/** What did not simply go well, in the words of `delivery.finish`. */
export type Outcome =
  | { target: string; message: string; retryable: boolean }
  | { target: typeof OUTBOX; duplicate: true };

/** Outcomes by the number of the event. */
export type Outcomes = Map<number, Outcome[]>;

/** A durable queue. */
export interface Outbox {
  /**
   * Stores rows in one transaction, and answers for each of them.
   *
   * @throws {@link OutboxError} when they could not be stored.
   */
  append(rows: readonly Row[]): ('stored' | 'duplicate')[];
}

/** Why rows could not be stored. */
export class OutboxError extends Error {
  /** Whether they may be stored later. */
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean) {
    super(message);
    this.retryable = retryable;
  }
}

/** The effects of one auditor. */
export class Delivery {
  readonly #outbox: Outbox | undefined;
  readonly #sinks: readonly Sink[];
  readonly #onFailure: 'open' | 'closed';

  constructor(outbox: Outbox | undefined, sinks: readonly Sink[], onFailure: 'open' | 'closed') {
    this.#outbox = outbox;
    this.#sinks = sinks;
    this.#onFailure = onFailure;
  }

  /**
   * Stores the rows of one call in one transaction, and then gives each sink its records in one go. Of events that were
   * not `accepted` nothing is carried out. A record that the outbox had already is shown by no sink, nor is one that it
   * could not store under `on_failure: closed`.
   */
  carryOut(handed: Handed, accepted: (line: number) => boolean): Outcomes {
    const outcomes: Outcomes = new Map();
    const withheld = this.#commit(
      handed.rows.filter(({ line }) => accepted(line)),
      outcomes,
    );
    const shown = handed.writes.filter(({ line }) => accepted(line) && !withheld.has(line));
    for (const sink of this.#sinks) {
      const writes = shown.filter((write) => write.sink === sink.name);
      const failure = writes.length > 0 ? sink.write(writes.map(({ body }) => body)) : undefined;
      if (failure) {
        const { written, message, retryable } = failure;
        for (const { line } of writes.slice(written)) {
          add(outcomes, line, { target: sink.name, message, retryable });
        }
      }
    }
    return outcomes;
  }

  /** Answers with the events that no sink may show. */
  #commit(rows: Handed['rows'], outcomes: Outcomes): Set<number> {
    const withheld = new Set<number>();
    if (!this.#outbox || rows.length === 0) {
      return withheld;
    }
    try {
      const stored = this.#outbox.append(rows.map(({ row }) => row));
      for (const { line } of rows.filter((_, index) => stored[index] === 'duplicate')) {
        add(outcomes, line, { target: OUTBOX, duplicate: true });
        withheld.add(line);
      }
    } catch (error) {
      if (!(error instanceof OutboxError)) {
        throw error;
      }
      for (const { line } of rows) {
        add(outcomes, line, { target: OUTBOX, message: error.message, retryable: error.retryable });
        if (this.#onFailure === 'closed') {
          withheld.add(line);
        }
      }
    }
    return withheld;
  }
}

function add(outcomes: Outcomes, line: number, outcome: Outcome): void {
  const before = outcomes.get(line) ?? [];
  outcomes.set(line, [...before, outcome]);
}
