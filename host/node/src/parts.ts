import type { Outbox } from './delivery.js';
import type { Program } from './engine.js';

/** What an auditor is made of that its options do not say: for tests, and the place where an outbox goes. */
export interface Parts {
  program?: Program;
  outbox?: Outbox;
}
