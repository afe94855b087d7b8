/** What the tests and the driver share. */

import type { Outbox } from '../lib/delivery.js';
import type { Row } from '../lib/engine.js';
import { Auditor, type AuditorOptions } from '../lib/index.js';
import type { Parts } from '../lib/parts.js';

/** An auditor with parts that its public types do not know. */
export function auditor(options: AuditorOptions = {}, parts: Parts = {}): Auditor {
  const Whole = Auditor as new (options: AuditorOptions, parts: Parts) => Auditor;
  return new Whole(options, parts);
}

/** An outbox in memory. */
export class Memory implements Outbox {
  #rows: Row[] = [];
  readonly #ids = new Set<string>();

  append(rows: readonly Row[]): ('stored' | 'duplicate')[] {
    return rows.map((row) => {
      if (this.#ids.has(row.eventId)) {
        return 'duplicate';
      }
      this.#ids.add(row.eventId);
      this.#rows.push(row);
      return 'stored';
    });
  }

  /** The rows since the last time, as the driver protocol has them. */
  takeRows(): { event_id: string; event_type: string; agent_id: string; body: string }[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows.map(({ eventId, eventType, agentId, body }) => ({
      event_id: eventId,
      event_type: eventType,
      agent_id: agentId,
      body,
    }));
  }

  clear(): void {
    this.#rows = [];
    this.#ids.clear();
  }
}
