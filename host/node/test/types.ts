/** What the types let through and what they do not. Checked by the compiler, never run. */

import {
  type AuditboxError,
  Auditor,
  type AuditRecord,
  type AuditSink,
  type ErrorKind,
  Json,
  type Receipt,
  type Rewritten,
  type Rule,
} from 'auditbox';

class Sink implements AuditSink {
  async emit(record: AuditRecord): Promise<void> {
    record.event_id.toUpperCase();
  }
}

export async function rightUse(): Promise<void> {
  await using auditor = new Auditor({
    config: { on_failure: 'closed', redaction: { custom_patterns: [['\\d{4}', '[PIN]']] } },
    stdout: false,
    file: { path: 'audit.jsonl', fsync: 'always' },
    sinks: { mine: new Sink(), other: { emit: (record) => console.log(record.timestamp) } },
  });
  const receipt: Receipt = auditor.emit({
    action: 'call_denied',
    timestamp: new Date(),
    call_index: 2n ** 64n,
    tool_args: { any: [new Map(), undefined] },
    principal: { user_id: 'mika', claims: {} },
    hooks_evaluated: [{ name: 'a', result: 'deny' }],
  });
  receipt.redactions.map(({ path, rule, action, bytes }) => `${path} ${rule} ${action} ${bytes.toFixed()}`);
  auditor.emit({ event_type: 'X', payload: 1 });
  auditor.emit(new Json('{}'));
  // Fields that the schema does not know are kept, but not by a slip of the pen.
  const more = { event_type: 'X', trace: 'a' };
  auditor.emit(more);
  const answers: (Receipt | AuditboxError)[] = auditor.emitBatch(new Set([{ event_type: 'X' }, new Json('{}')]));
  auditor.emitBatch(new Json(''));
  const { value, json }: Rewritten = auditor.redact(answers);
  auditor.logEvent('X', value).failures.at(0)?.retryable.valueOf();
  auditor.capPayload(json);
  const rules: Rule[] = auditor.rules();
  const owner: string | undefined = rules.find(({ kind }) => kind === 'format')?.vendor?.toUpperCase();
  new Auditor({
    config: { agent_id: owner ?? '', redaction: { rules: { [rules[0]?.id ?? 'key']: rules[0]?.action ?? 'off' } } },
  });
  auditor.sinkStats.mine?.lastError?.toUpperCase();
  await auditor.close({ timeoutMs: 1 });
}

export function kinds(error: AuditboxError): string | number | undefined {
  const kind: ErrorKind = error.kind;
  return kind === 'invalid-json' ? error.offset : (error.path ?? error.detail);
}

export function wrongUse(auditor: Auditor, receipt: Receipt): void {
  // @ts-expect-error: an unknown action
  auditor.emit({ action: 'call_exploded' });
  // @ts-expect-error: neither `action` nor `event_type`
  auditor.emit({ tool_name: 'x' });
  // @ts-expect-error: a name that the schema does not know
  auditor.emit({ action: 'call_allowed', tool_nam: 'x' });
  // @ts-expect-error: a field of another type
  auditor.emit({ action: 'call_allowed', tool_name: 5 });
  // @ts-expect-error: JSON text without `Json`
  auditor.emit('{"action":"call_allowed"}');
  // @ts-expect-error: a string is no list of events
  auditor.emitBatch('{"action":"call_allowed"}');
  // @ts-expect-error: an event is no list of events
  auditor.emitBatch({ action: 'call_allowed' });
  // @ts-expect-error: an unknown option
  new Auditor({ sink: {} });
  // @ts-expect-error: a sink without `emit`
  new Auditor({ sinks: { mine: { write() {} } } });
  // @ts-expect-error: an unknown key of the configuration
  new Auditor({ config: { stdou: true } });
  // @ts-expect-error: a value out of its range
  new Auditor({ config: { on_failure: 'maybe' } });
  // @ts-expect-error: parts are not for users
  new Auditor({}, {});
  // @ts-expect-error: a receipt is to be read
  receipt.event_id = '';
  // @ts-expect-error: a kind that there is not
  auditor.rules().some(({ kind }) => kind === 'guess');
  // @ts-expect-error: a value has to be narrowed first
  auditor.redact({}).value.a;
  // @ts-expect-error: `Json` takes text
  new Json({});
}
