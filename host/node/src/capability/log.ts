/** One open log, which other processes may have open, too. */

import fs from 'node:fs';
import path from 'node:path';
import type { FileOptions } from './file.js';
import { codeOf, pause, Refused } from './system.js';

/** How often, a millisecond apart, a line that looks torn is looked at again. */
const LOOKS = 20;

const LINE_BREAK = 10;

export class Log {
  readonly #fd: number;
  readonly #options: FileOptions;
  readonly #device: bigint;
  readonly #inode: bigint;

  /** Its size after our last line: when it is still that, nobody else has written. */
  #end = -1;

  /** Its size when it was last looked at. */
  #bytes = 0;

  /** Opens the log, or creates it and its folders for this user alone: what is recorded is private. */
  static open(options: FileOptions): Log {
    const folder = path.dirname(options.path);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Read: for the look at its last byte.
    const fd = fs.openSync(options.path, 'a+', 0o600);
    try {
      const found = fs.fstatSync(fd, { bigint: true });
      if (found.isFIFO() || found.isSocket()) {
        // A write to one without a reader would wait for ever.
        throw new Refused('EINVAL', 'it is neither a file nor a device');
      }
      if (options.fsync === 'always') {
        // A file is only as durable as its name.
        syncFolder(folder);
      }
      return new Log(fd, options, found);
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  }

  private constructor(fd: number, options: FileOptions, found: fs.BigIntStats) {
    this.#fd = fd;
    this.#options = options;
    this.#device = found.dev;
    this.#inode = found.ino;
  }

  /** Its size. `undefined`: the path leads to another file now, or none, as somebody has renamed or deleted it. */
  bytes(): number | undefined {
    const found = fs.statSync(this.#options.path, { bigint: true, throwIfNoEntry: false });
    if (found?.ino !== this.#inode || found.dev !== this.#device) {
      return undefined;
    }
    this.#bytes = Number(found.size);
    return this.#bytes;
  }

  /** Whether so many bytes more would be too many. A line that is too large on its own still goes in. */
  isFull(bytes: number, incoming: number): boolean {
    const { max_bytes } = this.#options;
    return max_bytes !== null && bytes > 0 && bytes + incoming > max_bytes;
  }

  /** Appends a line, its line break included, to the file whose `bytes` were just asked for. */
  append(line: Buffer): void {
    const whole = this.#isTorn() ? Buffer.concat([Buffer.of(LINE_BREAK), line]) : line;
    if (fs.writeSync(this.#fd, whole) !== whole.length) {
      // The rest as a second write could land inside somebody else's line.
      throw new Refused('ENOSPC', 'no storage space');
    }
    this.#end = this.#bytes + whole.length;
  }

  /** Forces what was written to the disk. */
  sync(): void {
    fs.fdatasyncSync(this.#fd);
  }

  /** Moves the full log out of the way, unless another process has. The path is free then; this is to be closed. */
  rotate(incoming: number): void {
    if (this.#options.fsync === 'always') {
      this.sync();
    }
    // The lock is on the file as we have it open, so it outlives the program that takes it, until we close the file.
    // What starts programs is loaded only here: most logs are never rotated.
    process
      .getBuiltinModule('node:child_process')
      .spawnSync('flock', ['-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', this.#fd] });
    const bytes = this.bytes();
    if (bytes !== undefined && this.isFull(bytes, incoming)) {
      this.#shift();
    }
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  /**
   * `path.1` becomes `path.2` and so on, and at last `path` becomes `path.1`. Last, because from then on another process
   * may fill and rotate a new log.
   */
  #shift(): void {
    const { path, keep } = this.#options;
    const rotated = (number: number) => `${path}.${number}`;
    // Those that a larger `keep` has left.
    for (let number = keep + 1; remove(rotated(number)); ) {
      number += 1;
    }
    if (keep === 0) {
      fs.unlinkSync(path);
      return;
    }
    // Up to the first free number, or over the oldest.
    let free = 1;
    while (free < keep && fs.existsSync(rotated(free))) {
      free += 1;
    }
    for (let number = free - 1; number > 0; number -= 1) {
      fs.renameSync(rotated(number), rotated(number + 1));
    }
    // Without a lock, another process may have done it meanwhile.
    if (this.bytes() !== undefined) {
      fs.renameSync(path, rotated(1));
    }
  }

  /** Whether the file ends inside a line whose writer got no further: the disk was full, or it was killed. */
  #isTorn(): boolean {
    if (this.#bytes === this.#end || this.#endsALine(this.#bytes)) {
      return false;
    }
    for (let look = 0; look < LOOKS; look += 1) {
      pause(1);
      if (this.#endsALine(fs.fstatSync(this.#fd).size)) {
        return false;
      }
    }
    return true;
  }

  #endsALine(bytes: number): boolean {
    const last = Buffer.of(LINE_BREAK);
    // Reads nothing where there is nothing to read back: an empty file, a device.
    return bytes === 0 || fs.readSync(this.#fd, last, 0, 1, bytes - 1) === 0 || last[0] === LINE_BREAK;
  }
}

function remove(path: string): boolean {
  try {
    fs.unlinkSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return false;
    }
    throw error;
  }
}

function syncFolder(folder: string): void {
  const fd = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
