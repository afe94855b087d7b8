/**
 * Records on the standard output of the process, one a line.
 *
 * What the program itself prints goes there at once when it is a file or a terminal, so a record comes after it. To a pipe
 * whose reader is slow, Node keeps what is printed waiting; a record is queued behind it then, and whether it arrives is
 * not known. A worker thread prints by way of the main thread, but its records take the direct way.
 */

import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import type { Sink, WriteFailure } from './sink.js';
import { codeOf, explain, pause, Refused } from './system.js';

const STDOUT = 1;

/** How long a call waits for a reader that takes nothing, in milliseconds. */
const PATIENCE_MS = 5_000;

/** The standard output. */
export class Stdout implements Sink {
  readonly name = 'stdout';

  /** What the program prints by, where that may be waiting. */
  readonly #printer = isMainThread && isPipe() ? process.stdout : undefined;

  readonly #patienceMs: number;

  /** Whether it ends inside a line, as its reader took no more. */
  #torn = false;

  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  /** Writes all records in as few writes as the reader takes. */
  write(records: readonly string[]): WriteFailure | undefined {
    const lines = `${records.join('\n')}\n`;
    if (this.#printer && this.#printer.writableLength > 0) {
      this.#printer.write(lines);
      return undefined;
    }
    const bytes = Buffer.from(this.#torn ? `\n${lines}` : lines);
    let at = 0;
    try {
      while (at < bytes.length) {
        at += writeSome(bytes, at, this.#patienceMs);
      }
      this.#torn = false;
      return undefined;
    } catch (error) {
      this.#torn = at > 0 ? bytes[at - 1] !== 10 : this.#torn;
      const left = bytes.subarray(at).filter((byte) => byte === 10).length;
      const closed = codeOf(error) === 'EPIPE';
      return {
        written: Math.max(records.length - left, 0),
        message: `cannot write to the standard output: ${explain(error, closed ? 'its reader has gone' : undefined)}`,
        retryable: !closed,
      };
    }
  }
}

function writeSome(bytes: Buffer, at: number, patienceMs: number): number {
  for (let waited = 0; ; waited += 1) {
    try {
      const written = fs.writeSync(STDOUT, bytes, at);
      if (written === 0) {
        throw new Refused('EIO', 'it takes nothing');
      }
      return written;
    } catch (error) {
      // A pipe that is full, and that Node or another process has told not to wait.
      if (codeOf(error) !== 'EAGAIN' || waited >= patienceMs) {
        throw error;
      }
      pause(1);
    }
  }
}

function isPipe(): boolean {
  try {
    const found = fs.fstatSync(STDOUT);
    return found.isFIFO() || found.isSocket();
  } catch {
    // It is closed: each write says so.
    return false;
  }
}
