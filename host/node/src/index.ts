/**
 * Flight recorder for AI agents: an audit log of tool calls without the secrets that pass through them.
 *
 * ```js
 * import { Auditor } from 'auditbox';
 *
 * using auditor = new Auditor();
 * const receipt = auditor.emit({ action: 'call_executed', tool_name: 'bash', tool_args: { api_key: 'abc' } });
 * receipt.redactions[0].path; // '/tool_args/api_key'
 * ```
 *
 * Every decision (event model, redaction, size cap, delivery order) is made by a WebAssembly component that hosts in
 * other languages run as well; this package runs it and does what it asks for: the file, the standard output, sinks of
 * the program's own. Nothing here looks into a payload.
 *
 * @module
 */

// First, so that an older Node is told so before anything it lacks is called.
import './version.js';

export { Auditor } from './auditor.js';
export { AuditboxError, type ErrorKind } from './error.js';
export type { Action, AuditEvent, Contract, Hook, Principal, TelemetryEvent } from './event.js';
export { Json } from './json.js';
export type { AuditorOptions, Config, FileConfig, RedactionAction, RedactionConfig, SinkConfig } from './options.js';
export type { Failure, Receipt, Redaction, Rewritten } from './receipt.js';
export type { Rule } from './rule.js';
export type { AuditRecord, AuditSink, SinkStats } from './sink.js';
