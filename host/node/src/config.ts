/** The configuration: what the caller says, and what the guest answers that is in force. Every default is the guest's. */

import { fileURLToPath } from 'node:url';
import { broken } from './answer.js';
import { check } from './capability/custom.js';
import { AuditboxError } from './error.js';
import type { AuditorOptions, FileConfig, SinkConfig } from './options.js';
import type { AuditSink } from './sink.js';
import { stringify, Unwritable } from './value.js';

const OPTIONS = ['config', 'stdout', 'file', 'sinks'];

/** The configuration in force: what of it concerns the host. */
export interface Effective {
  stdout: boolean;
  file: Required<FileConfig> | null;
  outbox: { path: string | null } | null;
  sinks: Record<string, Required<SinkConfig>>;
  on_failure: 'open' | 'closed';
}

/** Reads what the guest answers to `configure`. */
export function effective(json: string): Effective {
  const config = objectFrom(json);
  if (!config || !['stdout', 'file', 'outbox', 'sinks', 'on_failure'].every((key) => key in config)) {
    throw broken('a configuration');
  }
  return config as unknown as Effective;
}

/**
 * The configuration's text with the options that win over it.
 *
 * @throws TypeError for an option that is unknown or cannot be used.
 * @throws {@link AuditboxError} `invalid-config` when the configuration has no JSON.
 */
export function configText(options: AuditorOptions): string {
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) {
      throw new TypeError(`unknown option \`${name}\`: the options are ${OPTIONS.join(', ')}`);
    }
  }
  const { config = {}, stdout, file, sinks } = options;
  const said: Record<string, unknown> = {
    ...(stdout !== undefined && { stdout }),
    ...(file !== undefined && { file: file instanceof URL ? fileURLToPath(file) : file }),
    ...(sinks !== undefined && { sinks: emptySections(sinks) }),
  };
  if (typeof config === 'string' && Object.keys(said).length === 0) {
    return config;
  }
  const base = typeof config === 'string' ? objectFrom(config) : config;
  // What is no object is left to the guest, which says what is wrong with it.
  return base === undefined ? String(config) : text(isObject(base) ? { ...base, ...merged(base, said) } : base);
}

/** What was said, with what the configuration says beside it of the same file and the same sinks. */
function merged(config: Record<string, unknown>, said: Record<string, unknown>): Record<string, unknown> {
  const { file, sinks } = said;
  return {
    ...said,
    ...(typeof file === 'string' && isObject(config.file) && { file: { ...config.file, path: file } }),
    ...(sinks !== undefined && isObject(config.sinks) && { sinks: { ...(sinks as object), ...config.sinks } }),
  };
}

function emptySections(sinks: Record<string, AuditSink>): Record<string, object> {
  // Of what is iterated, such as a list or a map, the names would be others than one thinks.
  if (!isObject(sinks) || Symbol.iterator in sinks) {
    throw new TypeError('`sinks` is no object: pass one that has your sinks by their names');
  }
  for (const [name, sink] of Object.entries(sinks)) {
    check(name, sink);
  }
  return Object.fromEntries(Object.keys(sinks).map((name) => [name, {}]));
}

function objectFrom(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function text(config: unknown): string {
  try {
    return stringify(config);
  } catch (error) {
    throw error instanceof Unwritable
      ? new AuditboxError('invalid-config', error.message, { path: error.path })
      : error;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
