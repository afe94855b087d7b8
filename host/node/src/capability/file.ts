/**
 * Records in a file of JSON Lines, which several processes may write at once, and which may be rotated by them or by
 * somebody else. There are no lock files: a line is one write to a file opened for appending.
 *
 * The hosts in other languages lock the log itself: together while they write, alone while they rotate. Node cannot lock
 * a file. Before each line it looks whether the path still leads to the file it has open, and for a rotation, which is
 * rare, it has the program `flock` lock the log. From that follows:
 *
 * - A line that is written while another process rotates may go into the log that is being moved. It is not lost, unless
 *   `keep` is 0 and the log is deleted.
 * - Behind a torn last line, whose writer was killed or found the disk full, a line break comes first. What looks torn may
 *   be another process in the middle of its write, so it is looked at again for some milliseconds; a writer that takes
 *   longer costs an empty line.
 * - Where there is no program `flock` (macOS has none), only one process should rotate: two at the same moment could move
 *   one log over another.
 */

import { AuditboxError } from '../error.js';
import type { FileConfig } from '../options.js';
import { Log } from './log.js';
import type { Sink, WriteFailure } from './sink.js';
import { explain } from './system.js';

/** The `file` section of the configuration in force. */
export type FileOptions = Required<FileConfig>;

/** A log of JSON Lines. */
export class FileSink implements Sink {
  readonly name = 'file';
  readonly #options: FileOptions;

  /** Opened anew after every error. */
  #log: Log | undefined;

  /**
   * Opens the log, or creates it for this user alone.
   *
   * @throws {@link AuditboxError} `sink` when it cannot be opened for reading and appending, or is a pipe or socket.
   */
  constructor(options: FileOptions) {
    this.#options = options;
    try {
      this.#log = Log.open(options);
    } catch (error) {
      throw new AuditboxError('sink', this.#failure('open', 0, error).message);
    }
  }

  /** Writes each record by one write of its own. */
  write(records: readonly string[]): WriteFailure | undefined {
    let written = 0;
    let failure: WriteFailure | undefined;
    try {
      for (const record of records) {
        const line = Buffer.from(`${record}\n`);
        this.#ready(line.length).append(line);
        written += 1;
      }
    } catch (error) {
      failure = this.#failure('write to', written, error);
    }
    try {
      if (this.#options.fsync === 'always') {
        this.#log?.sync();
      }
    } catch (error) {
      // None of these lines is as safe as was promised.
      failure = this.#failure('write to', 0, error);
    }
    if (failure) {
      this.close();
    }
    return failure;
  }

  close(): void {
    this.#log?.close();
    this.#log = undefined;
  }

  /** The log that the path leads to, with room for so many bytes. */
  #ready(incoming: number): Log {
    for (;;) {
      this.#log ??= Log.open(this.#options);
      const bytes = this.#log.bytes();
      if (bytes !== undefined && !this.#log.isFull(bytes, incoming)) {
        return this.#log;
      }
      const log = this.#log;
      // Whatever comes of it, the path leads to another log from here on.
      this.#log = undefined;
      try {
        if (bytes !== undefined) {
          log.rotate(incoming);
        }
      } finally {
        log.close();
      }
    }
  }

  #failure(action: string, written: number, error: unknown): WriteFailure {
    const message = `cannot ${action} the log \`${this.#options.path}\`: ${explain(error)}`;
    return { written, message, retryable: true };
  }
}
