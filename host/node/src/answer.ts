/** What the guest answers: read from its JSON, which is kept. */

import { AuditboxError } from './error.js';
import type { Receipt, Rewritten } from './receipt.js';
import type { Rule } from './rule.js';
import { parse } from './value.js';

/** Reads a receipt. */
export function receiptFrom(json: string): Receipt {
  try {
    const receipt = JSON.parse(json);
    if (Array.isArray(receipt.redactions)) {
      return { event_id: '', duplicate: false, failures: [], ...receipt, json };
    }
  } catch {
    // No JSON at all.
  }
  throw broken('a receipt');
}

/** Reads what `redact` and `cap-payload` answer. */
export function rewrittenFrom({ value: json, receipt }: { value: string; receipt: string }): Rewritten {
  let value: unknown;
  return {
    get value() {
      value ??= parse(json);
      return value;
    },
    json,
    receipt: receiptFrom(receipt),
  };
}

/** Reads what `catalog.rules` answers. */
export function rulesFrom(json: string): Rule[] {
  try {
    const rules = JSON.parse(json);
    if (Array.isArray(rules) && rules.every((rule) => typeof rule?.id === 'string')) {
      return rules;
    }
  } catch {
    // No JSON at all.
  }
  throw broken('a list of rules');
}

/** One line of the answer of `emit-batch`: a receipt's JSON, or why the event was refused. */
export function answerFrom(line: string): string | AuditboxError {
  if (!line.startsWith('{"error":')) {
    return line;
  }
  try {
    const { kind, offset, expected, path, message } = JSON.parse(line).error;
    return kind === 'invalid-json'
      ? new AuditboxError(kind, expected, { offset })
      : new AuditboxError(kind, message, kind === 'unavailable' ? {} : { path });
  } catch {
    return broken('an error');
  }
}

/** The text itself is not repeated: a component that breaks the contract may put anything there. */
export function broken(what: string): AuditboxError {
  return new AuditboxError(
    'component',
    `the component answered with something else than ${what}: it is not of this version`,
  );
}
