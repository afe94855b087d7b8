/** The operating system's errors in words for people, and waiting for others. */

import { getSystemErrorMap } from 'node:util';
import { typeName } from '../value.js';

/** An error of the operating system in its own words, without the path that Node adds, and what a person can do. */
export function explain(error: unknown, remedy = remedies[codeOf(error)] ?? OTHERWISE): string {
  const [, words] = getSystemErrorMap().get((error as NodeJS.ErrnoException).errno ?? 0) ?? [];
  return `${words ?? (error instanceof Refused ? error.message : typeName(error))}: ${remedy}`;
}

/** The operating system's code of an error, such as `ENOSPC`. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
}

/** What this host refuses by itself, as if the operating system had. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const OTHERWISE = 'check the path and the disk, then try again';
const RIGHTS = 'give this user the right to read and write there, or choose another path';
const SPACE = 'free some space, then try again';
const FOLDER = 'a part of the path is a file, not a folder: choose another path';

const remedies: Record<string, string> = {
  EACCES: RIGHTS,
  EPERM: RIGHTS,
  ENOSPC: SPACE,
  EDQUOT: SPACE,
  EROFS: 'choose a path on a file system that can be written',
  EISDIR: 'name a file, not a folder',
  ENOTDIR: FOLDER,
  EEXIST: FOLDER,
  EINVAL: 'choose another path',
};

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Lets other processes go on for so long. Nothing else can be waited for in the middle of a call. */
export function pause(milliseconds: number): void {
  Atomics.wait(cell, 0, 0, milliseconds);
}
