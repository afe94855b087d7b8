/** Many events in few calls of the guest. */

import { answerFrom, broken } from './answer.js';
import type { Guest, Handed } from './engine.js';
import { AuditboxError } from './error.js';

/** As much goes into one call of the guest. More costs memory and saves no time. */
const CHUNK_BYTES = 2 ** 20;

/** What the guest says to each event of a chunk, and what it has handed over. */
export interface Answers {
  answers: (string | AuditboxError)[];
  handed: Handed;
}

/** Asks the guest about events, each JSON text or why it has none; a chunk at a time, in the same order. */
export function* ask(guest: Guest, events: Iterable<string | AuditboxError>): Iterable<Answers> {
  let chunk: string[] = [];
  let bytes = 0;
  for (const event of events) {
    const fits = typeof event === 'string' && isOneLine(event);
    const length = fits ? Buffer.byteLength(event) + 1 : 0;
    if (chunk.length > 0 && (!fits || bytes + length > CHUNK_BYTES)) {
      yield askTogether(guest, chunk);
      chunk = [];
      bytes = 0;
    }
    if (fits) {
      chunk.push(event);
      bytes += length;
    } else {
      yield askSingly(guest, [event]);
    }
  }
  if (chunk.length > 0) {
    yield askTogether(guest, chunk);
  }
}

/** The events of JSON Lines text: its lines but for the empty ones. */
export function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => !isBlank(line));
}

/** Text of several lines, or blank text, would be another number of events to the guest. */
function isOneLine(event: string): boolean {
  return !event.includes('\n') && !isBlank(event);
}

function isBlank(line: string): boolean {
  return !/[^ \t\n\f\r]/.test(line);
}

function askTogether(guest: Guest, events: string[]): Answers {
  try {
    const { answer, handed } = guest.call(({ auditor }) => auditor.emitBatch(events.join('\n')));
    const answers = answer.split('\n').slice(0, -1).map(answerFrom);
    return answers.length === events.length ? { answers, handed } : refuse(events, broken('one line for each event'));
  } catch (error) {
    if (!(error instanceof AuditboxError)) {
      throw error;
    }
    // A trap has handed nothing over: one by one, only the event that causes it fails.
    return error.kind === 'trap' ? askSingly(guest, events) : refuse(events, error);
  }
}

function askSingly(guest: Guest, events: (string | AuditboxError)[]): Answers {
  const all: Answers = { answers: [], handed: { rows: [], writes: [] } };
  for (const [line, event] of events.entries()) {
    try {
      if (typeof event !== 'string') {
        throw event;
      }
      const { answer, handed } = guest.call(({ auditor }) => auditor.emit(event));
      all.answers.push(answer);
      all.handed.rows.push(...handed.rows.map((row) => ({ ...row, line })));
      all.handed.writes.push(...handed.writes.map((write) => ({ ...write, line })));
    } catch (error) {
      if (!(error instanceof AuditboxError)) {
        throw error;
      }
      all.answers.push(error);
    }
  }
  return all;
}

function refuse(events: string[], error: AuditboxError): Answers {
  return { answers: events.map(() => error), handed: { rows: [], writes: [] } };
}
