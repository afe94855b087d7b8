/** What the tests and the driver share. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Outbox } from '../lib/delivery.js';
import type { Row } from '../lib/engine.js';
import { AuditboxError, Auditor, type AuditorOptions, type ErrorKind } from '../lib/index.js';
import type { Parts } from '../lib/parts.js';

/** The repository. */
export const ROOT = path.resolve(import.meta.dirname, '../../..');

/** The least event. */
export const EVENT = { action: 'call_allowed' } as const;

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
      if (this.#ids.has(row.event_id)) {
        return 'duplicate';
      }
      this.#ids.add(row.event_id);
      this.#rows.push(row);
      return 'stored';
    });
  }

  /** The rows since the last time. */
  takeRows(): Row[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  clear(): void {
    this.#rows = [];
    this.#ids.clear();
  }
}

/** A folder that goes when the test has ended. */
export function scratch(t: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'auditbox-test-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The records in a file. */
export function records(file: string): Record<string, unknown>[] {
  return lines(file).map((line) => JSON.parse(line));
}

/** The lines of a file, which must end with a line break. */
export function lines(file: string): string[] {
  const all = fs.readFileSync(file, 'utf8').split('\n');
  if (all.pop() !== '') {
    throw new Error('the file ends inside a line');
  }
  return all;
}

/** For `assert.throws`: an error of this kind, and perhaps with this message. */
export function failing(kind: ErrorKind, message?: string | RegExp): (error: unknown) => true {
  return (error) => {
    if (!(error instanceof AuditboxError)) {
      throw error;
    }
    const as = typeof message === 'string' ? error.message === message : (message?.test(error.message) ?? true);
    if (error.kind !== kind || !as) {
      throw new Error(`expected ${kind} ${message ?? ''}, got ${error.kind}: ${error.message}`);
    }
    return true;
  };
}

/** Waits for something to become true. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline) {
      throw new Error(`waited too long for ${condition}`);
    }
    await turn();
  }
}

/** How a program runs, beside its text. */
interface How {
  flags?: string[];
  args?: string[];
  uid?: number;
}

/** Starts a program in a process of its own, in which `auditbox` is this package, and `lib` its folder of modules. */
export function start(program: string, { flags = [], args = [], uid }: How = {}): ChildProcess {
  const resolve = path.join(import.meta.dirname, '../tools/resolve.mjs');
  const lib = JSON.stringify(new URL('../lib', import.meta.url));
  const source = `import fs from 'node:fs'; const lib = ${lib}; ${program}`;
  const words = ['--import', resolve, ...flags, '--input-type=module', '--eval', source, '--', ...args];
  return spawn(process.execPath, words, { stdio: 'pipe', ...(uid !== undefined && { uid, gid: uid }) });
}

/** What a program has said, and how it ended. */
export interface Said {
  stdout: string;
  stderr: string;
  code: number | null;
}

/** Runs a program to its end. */
export async function run(program: string, how: How = {}): Promise<Said> {
  const child = start(program, how);
  child.stdin?.end();
  return await said(child);
}

/** Waits for a program's end. */
export async function said(child: ChildProcess): Promise<Said> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { stdout, stderr, code };
}

/** Runs programs at the same time, which wait for the end of their input first; all are to succeed. */
export async function runTogether(programs: string[], args: string[]): Promise<void> {
  const children = programs.map((program) =>
    start(`process.stdout.write('ready'); fs.readFileSync(0); ${program}`, { args }),
  );
  await Promise.all(children.map((child) => once(child.stdout as NodeJS.EventEmitter, 'readable')));
  for (const child of children) {
    child.stdin?.end();
  }
  for (const { code, stderr } of await Promise.all(children.map(said))) {
    if (code !== 0) {
      throw new Error(stderr);
    }
  }
}
