/** Runs the guest: loads the component, gives it the imports it is promised and nothing else, and keeps an instance. */

import { hash, randomFillSync } from 'node:crypto';
import fs from 'node:fs';
import { AuditboxError } from './error.js';
import type { Root as Exports, ImportObject } from './gen/auditbox.js';
import * as carried from './gen/auditbox.js';
import type { Durability } from './gen/interfaces/auditbox-audit-outbox.js';
import type { Error as WitError } from './gen/interfaces/auditbox-audit-types.js';
import { typeName } from './value.js';

/** An instance whose memory has grown beyond this, which it never gives back, is not kept. */
const KEPT_BYTES = 16 * 2 ** 20;

/** More than any accepted event needs: an instance that fails with so much has run out of memory. */
const MUCH_BYTES = 2 ** 30;

/** A component as jco has taken it apart: the JavaScript around its core modules, and these, compiled. */
export interface Program {
  instantiate: typeof carried.instantiate;
  core: (name: string) => WebAssembly.Module;
}

/** For the outbox: the columns have these names, too. */
export interface Row {
  event_id: string;
  event_type: string;
  agent_id: string;
  body: string;
  /** Whether it is stored only when it is on the disk, and not when it is queued: no column. */
  durable: boolean;
}

/** What one call has handed over. Numbers are those of the events within the call. */
export interface Handed {
  rows: { line: number; row: Row }[];
  writes: { line: number; sink: string; body: string }[];
}

/** Instances of one program under one configuration: one at a time, and the next when that one fails. */
export class Guest {
  readonly #program: Program;
  readonly #config: string;

  /** Not there while it is at work, so that a call from within a call gets another one. */
  #idle: Instance | undefined;

  /** The configuration in force. */
  readonly config: string;

  /**
   * @throws {@link AuditboxError} `invalid-json` and `invalid-config` when the configuration is wrong, `component` when
   * the package is damaged.
   */
  constructor(config: string, program?: Program) {
    this.#program = program ?? carriedProgram();
    this.#config = config;
    const { instance, effective } = this.#configured();
    this.#idle = instance;
    this.config = effective;
  }

  /**
   * Runs one call, and answers with what it returned and handed over.
   *
   * @throws {@link AuditboxError} the guest's own error, or `trap`: the instance is dropped then, as its memory may be in
   * any state, and with it what it has handed over.
   */
  call<T>(work: (exports: Exports) => T): { answer: T; handed: Handed } {
    const instance = this.#idle ?? this.#configured().instance;
    this.#idle = undefined;
    try {
      return { answer: instance.run(work), handed: instance.takeHanded() };
    } finally {
      if (instance.isSound && instance.bytes <= KEPT_BYTES) {
        this.#idle = instance;
      }
    }
  }

  #configured(): { instance: Instance; effective: string } {
    const instance = new Instance(this.#program);
    return { instance, effective: instance.run(({ auditor }) => auditor.configure(this.#config)) };
  }
}

let program: Program | undefined;

/** The component that this package carries, loaded once in a thread. */
function carriedProgram(): Program {
  program ??= load(new URL('./gen/', import.meta.url), carried.instantiate);
  return program;
}

/** Reads and compiles what `tools/transpile.mjs` has written into a folder. */
export function load(folder: URL, instantiate: typeof carried.instantiate): Program {
  const read = (name: string) => {
    try {
      return fs.readFileSync(new URL(name, folder));
    } catch {
      throw damaged(`\`${name}\` cannot be read`);
    }
  };
  const core = 'auditbox.core.wasm';
  if (hash('sha256', read(core)) !== read(`${core}.sha256`).toString().trim()) {
    throw damaged(`\`${core}\` does not match its SHA-256`);
  }
  const modules = new Map<string, WebAssembly.Module>();
  return {
    instantiate,
    core(name) {
      const module = modules.get(name) ?? new WebAssembly.Module(read(name));
      modules.set(name, module);
      return module;
    },
  };
}

function damaged(what: string): AuditboxError {
  return new AuditboxError('component', `the component of this package is damaged: ${what}; reinstall \`auditbox\``);
}

class Instance {
  #exports: Exports;
  #memory: WebAssembly.Memory | undefined;
  #handed: Handed = { rows: [], writes: [] };

  /** Whether it may be called again. */
  isSound = true;

  constructor(program: Program) {
    this.#exports = program.instantiate(program.core, this.#imports(), (module, imports) => {
      const instance = new WebAssembly.Instance(module, imports);
      this.#memory ??= instance.exports.memory as WebAssembly.Memory | undefined;
      return instance;
    });
  }

  /** Its memory. */
  get bytes(): number {
    return this.#memory?.buffer.byteLength ?? 0;
  }

  run<T>(work: (exports: Exports) => T): T {
    try {
      return work(this.#exports);
    } catch (error) {
      this.#handed = { rows: [], writes: [] };
      if (isWit(error)) {
        throw fromWit(error);
      }
      this.isSound = false;
      throw this.#trap(error);
    }
  }

  takeHanded(): Handed {
    const handed = this.#handed;
    this.#handed = { rows: [], writes: [] };
    return handed;
  }

  /** They only collect: what is collected is carried out after the guest has returned, commit first. */
  #imports(): ImportObject {
    const imports = {
      'auditbox:audit/outbox': {
        append: (
          line: number,
          event_id: string,
          event_type: string,
          agent_id: string,
          body: string,
          durability: Durability,
        ) =>
          collect(() => {
            const durable = durability === 'commit';
            this.#handed.rows.push({ line, row: { event_id, event_type, agent_id, body, durable } });
          }),
      },
      'auditbox:audit/sinks': {
        write: (line: number, sink: string, body: string) =>
          collect(() => this.#handed.writes.push({ line, sink, body })),
      },
      'wasi:clocks/wall-clock': { now },
      'wasi:random/random': { getRandomU64 },
    };
    // The bindings ask for them without the versions that their types have.
    return imports as unknown as ImportObject;
  }

  #trap(error: unknown): AuditboxError {
    if (this.bytes >= MUCH_BYTES) {
      return new AuditboxError('trap', 'the component ran out of memory: the value is too large for it');
    }
    // The engine's words tell what failed; those of anything else could tell of a payload.
    const why = error instanceof WebAssembly.RuntimeError ? error.message : typeName(error);
    return new AuditboxError(
      'trap',
      `the component failed inside: ${why}; this is a bug in it, and the next call works`,
    );
  }
}

/** Of an import that throws anything but the WIT's error, the guest's stack would never be given back. */
function collect(work: () => void): void {
  try {
    work();
  } catch {
    throw { tag: 'unavailable', val: 'the host could not take the record' } satisfies WitError;
  }
}

function isWit(error: unknown): error is WitError {
  return typeof error === 'object' && error !== null && 'tag' in error && 'val' in error;
}

function fromWit(error: WitError): AuditboxError {
  switch (error.tag) {
    case 'invalid-json':
      return new AuditboxError(error.tag, error.val.expected, { offset: Number(error.val.offset) });
    case 'invalid-event':
    case 'invalid-config':
      return new AuditboxError(error.tag, error.val.message, { path: error.val.path });
    case 'unavailable':
      return new AuditboxError(error.tag, error.val);
  }
}

function now(): { seconds: bigint; nanoseconds: number } {
  // Node has no finer clock that follows the system's.
  const milliseconds = Date.now();
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds: BigInt(seconds), nanoseconds: (milliseconds - seconds * 1000) * 1_000_000 };
}

/** Random numbers in stock: asking for each costs more than the rest of a stamp. */
const random = new BigUint64Array(512);
let used = random.length;

function getRandomU64(): bigint {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const number = random[used] ?? 0n;
  used += 1;
  return number;
}
