import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { rulesFrom } from '../lib/answer.js';
import { AuditboxError, Json } from '../lib/index.js';
import { auditor, EVENT, failing, Memory, ROOT, records, scratch } from './helpers.ts';

const ID = '01920000-0000-7000-8000-000000000001';

test('an event goes into the file, and the receipt tells what was done to it', (t) => {
  const file = path.join(scratch(t), 'new/log.jsonl');
  using open = auditor({ stdout: false, file });
  const receipt = open.emit({ ...EVENT, event_id: ID, tool_args: { api_key: 'hunter2', n: 2n ** 64n } });
  assert.deepEqual(receipt, {
    event_id: ID,
    redactions: [{ path: '/tool_args/api_key', rule: 'key', action: 'replace', bytes: 7 }],
    redactions_total: 1,
    truncated: [],
    duplicate: false,
    failures: [],
    json: receipt.json,
  });
  assert.equal(JSON.parse(receipt.json).event_id, ID);
  assert.match(fs.readFileSync(file, 'utf8'), /"tool_args":\{"api_key":"\[REDACTED\]","n":18446744073709551616\}/);
});

test('ids and times are made when they are left out', (t) => {
  const file = path.join(scratch(t), 'log');
  using open = auditor({ stdout: false, file });
  const before = Date.now();
  const ids = [open.emit(EVENT), open.emit({ ...EVENT, timestamp: new Date(0) })].map(({ event_id }) => event_id);
  const [first, second] = records(file);
  assert.ok(before <= Date.parse(first?.timestamp as string) && Date.parse(first?.timestamp as string) <= Date.now());
  assert.equal(second?.timestamp, '1970-01-01T00:00:00.000Z');
  assert.equal(new Set(ids).size, 2);
  assert.deepEqual([first?.event_id, second?.event_id], ids);
});

test('a telemetry event is logged', (t) => {
  const file = path.join(scratch(t), 'log');
  using open = auditor({ stdout: false, file, config: { agent_id: 'a-1' } });
  open.logEvent('TOOL_PINNED', { tool: 'search' });
  open.logEvent('TOOL_PINNED');
  const [first, second] = records(file);
  assert.deepEqual([first?.event_type, first?.agent_id, first?.payload], ['TOOL_PINNED', 'a-1', { tool: 'search' }]);
  assert.deepEqual(second?.payload, {});
  assert.throws(() => open.logEvent(5 as never), failing('invalid-event', '`/event_type`: expected a text'));
});

test('a value is redacted and cut', () => {
  const none = auditor({ stdout: false, config: { max_payload_bytes: 4096 } });
  const { value, json, receipt } = none.redact({ a: { password: 'hunter2' } });
  assert.deepEqual([value, json], [{ a: { password: '[REDACTED]' } }, '{"a":{"password":"[REDACTED]"}}']);
  assert.deepEqual([receipt.event_id, receipt.redactions_total], ['', 1]);
  assert.deepEqual(none.capPayload('x'.repeat(5000)).receipt.truncated, ['']);
});

test('the rules are listed as their schema says, whatever is configured', () => {
  const rules = auditor({ stdout: false }).rules();
  const schema = JSON.parse(fs.readFileSync(path.join(ROOT, 'wit/schema/rules.schema.json'), 'utf8')).$defs.rule;
  for (const rule of rules) {
    assert.deepEqual(Object.keys(rule), schema.required);
    assert.match(rule.id, new RegExp(schema.properties.id.pattern));
    assert.ok(schema.properties.kind.enum.includes(rule.kind) && schema.properties.action.enum.includes(rule.action));
    assert.ok(rule.vendor !== '' && rule.description !== '', rule.id);
  }
  const ids = rules.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  const [key, aws] = ['key', 'aws-access-key-id'].map((id) => rules.find((rule) => rule.id === id));
  assert.deepEqual([key?.kind, key?.vendor, aws?.kind, aws?.vendor], ['key', null, 'format', 'AWS']);
  const other = auditor({
    stdout: false,
    config: { redaction: { rules: Object.fromEntries(ids.map((id) => [id, 'off'])) } },
  });
  assert.deepEqual(other.rules(), rules);
});

test('a list of rules is nothing else', () => {
  for (const text of ['', 'null', '{}', '[', '[null]', '[{}]', '["key"]', '[{"id":7}]']) {
    assert.throws(
      () => rulesFrom(text),
      failing(
        'component',
        'the component answered with something else than a list of rules: it is not of this version',
      ),
    );
  }
});

test('errors have a kind, a place, and what is wrong', () => {
  const none = auditor({ stdout: false });
  assert.throws(
    () => none.emit({ action: 'call_exploded' } as never),
    (error: AuditboxError) =>
      error.name === 'AuditboxError' &&
      error.kind === 'invalid-event' &&
      error.path === '/action' &&
      error.detail.startsWith('expected "call_denied" or') &&
      error.message === `\`/action\`: ${error.detail}`,
  );
  assert.throws(
    () => none.emit(new Json('{"action":')),
    (error: AuditboxError) =>
      error.kind === 'invalid-json' &&
      error.offset === 10 &&
      error.path === undefined &&
      error.message === `not JSON at byte 10: expected ${error.detail}`,
  );
});

test('no error repeats a value', () => {
  const none = auditor({ stdout: false });
  const events = [{ action: 'sk-hunter2' }, { ...EVENT, duration_ms: 'hunter2' }, 'hunter2', new Json('hunter2')];
  for (const event of events) {
    assert.throws(
      () => none.emit(event as never),
      (error) => error instanceof AuditboxError && !`${error.stack} ${JSON.stringify(error)}`.includes('hunter2'),
    );
  }
});

test('the options win over the configuration, and keep what it says beside them', (t) => {
  const folder = scratch(t);
  const file = path.join(folder, 'log');
  const config = { stdout: true, file: { path: path.join(folder, 'other'), keep: 7 }, sinks: { a: { max_queued: 3 } } };
  for (const given of [config, JSON.stringify(config)]) {
    const open = auditor({ config: given, stdout: false, file, sinks: { a: { emit() {} }, b: { emit() {} } } });
    const { stdout, file: used, sinks } = JSON.parse(open.config);
    assert.deepEqual([stdout, used.path, used.keep], [false, file, 7]);
    assert.deepEqual(sinks, { a: { max_queued: 3 }, b: { max_queued: 1000 } });
  }
  const options = { path: file, fsync: 'always', max_bytes: 4096, keep: 0 } as const;
  assert.deepEqual(
    JSON.parse(auditor({ config, stdout: false, file: options, sinks: { a: { emit() {} } } }).config).file,
    options,
  );
  assert.equal(JSON.parse(auditor({ stdout: false, file: pathToFileURL(file) }).config).file.path, file);
  assert.equal(JSON.parse(auditor({ config: { file }, stdout: false, file: null }).config).file, null);
});

test('a wrong configuration is refused with its place', () => {
  assert.throws(
    () => auditor({ config: { stdou: true } as never }),
    failing('invalid-config', /^`\/stdou`: .*`stdout`/),
  );
  assert.throws(() => auditor({ config: '{"stdout":' }), failing('invalid-json', /^not JSON at byte 10/));
  assert.throws(() => auditor({ config: '{"stdout":', stdout: true }), failing('invalid-json', /^not JSON at byte 10/));
  assert.throws(() => auditor({ config: '[]', stdout: true }), failing('invalid-config', /object/));
  assert.throws(() => auditor({ config: null as never, stdout: true }), failing('invalid-config', /object/));
  assert.throws(() => auditor({ stdout: 'yes' as never }), failing('invalid-config', /^`\/stdout`/));
  assert.throws(
    () => auditor({ config: { redaction: { sensitive_keys: (() => 1) as never } } }),
    failing('invalid-config', /^`\/redaction\/sensitive_keys`: a function has no JSON/),
  );
});

test('an unknown option is a TypeError that names the known ones', () => {
  assert.throws(
    () => auditor({ sink: {} } as never),
    new TypeError('unknown option `sink`: the options are config, stdout, file, sinks'),
  );
});

test('without an outbox of its own, the host refuses to promise one', () => {
  for (const outbox of [true, { path: 'outbox.db' }]) {
    assert.throws(
      () => auditor({ stdout: false, config: { outbox } }),
      failing(
        'invalid-config',
        '`/outbox`: this host has no outbox yet: leave the key out, or record with the `auditbox` program',
      ),
    );
  }
});

test('an event that the outbox has already is a duplicate and shows in no file', (t) => {
  const file = path.join(scratch(t), 'log');
  const outbox = new Memory();
  using open = auditor({ stdout: false, file, config: { outbox: true } }, { outbox });
  const event = { ...EVENT, event_id: ID };
  assert.deepEqual([open.emit(event).duplicate, open.emit(event).duplicate], [false, true]);
  assert.deepEqual(
    outbox.takeRows().map(({ event_id, event_type }) => [event_id, event_type]),
    [[ID, 'call_allowed']],
  );
  assert.equal(records(file).length, 1);
});

test('a receipt names the file that failed, and under closed it is an error', (t) => {
  const folder = path.join(scratch(t), 'folder');
  for (const on_failure of ['open', 'closed'] as const) {
    const open = auditor({ stdout: false, file: path.join(folder, 'log'), config: { on_failure } });
    fs.rmSync(folder, { recursive: true });
    fs.writeFileSync(folder, 'in the way');
    if (on_failure === 'open') {
      const [failure] = open.emit(EVENT).failures;
      assert.deepEqual([failure?.target, failure?.retryable], ['file', true]);
    } else {
      assert.throws(() => open.emit(EVENT), failing('unavailable', /^`file`: cannot write to the log `/));
    }
    fs.rmSync(folder);
    assert.deepEqual(open.emit(EVENT).failures, []);
  }
});

test('a closed auditor stays closed', async (t) => {
  const open = auditor({ stdout: false, file: path.join(scratch(t), 'log') });
  open.emit(EVENT);
  await Promise.all([open.close(), open.close()]);
  await open.close({ timeoutMs: 0 });
  open[Symbol.dispose]();
  const closed = failing('closed', 'the auditor is closed: make a new one');
  assert.throws(() => open.emit(EVENT), closed);
  assert.throws(() => open.emitBatch([]), closed);
  assert.throws(() => open.emitBatch(new Json('')), closed);
  assert.throws(() => open.logEvent('X'), closed);
  assert.throws(() => open.redact(1), closed);
  assert.throws(() => open.capPayload(1), closed);
  assert.throws(() => open.rules(), closed);
});

test('an auditor is closed at the end of its block', async (t) => {
  const file = path.join(scratch(t), 'log');
  let kept: ReturnType<typeof auditor>;
  {
    using open = auditor({ stdout: false, file });
    kept = open;
  }
  assert.throws(() => kept.emit(EVENT), failing('closed'));
  {
    await using open = auditor({ stdout: false, file });
    kept = open;
  }
  assert.throws(() => kept.emit(EVENT), failing('closed'));
});

test('a closed auditor keeps no file open', (t) => {
  const folder = scratch(t);
  const open = () => fs.readdirSync('/proc/self/fd').length;
  const before = open();
  for (let number = 0; number < 50; number += 1) {
    auditor({ stdout: false, file: path.join(folder, 'log') })[Symbol.dispose]();
  }
  assert.equal(open(), before);
});

test('a call from within a toJSON goes its own way', (t) => {
  const file = path.join(scratch(t), 'log');
  using open = auditor({ stdout: false, file });
  const inner = { toJSON: () => open.emit({ ...EVENT, call_id: 'inner' }).event_id };
  open.emit({ ...EVENT, call_id: 'outer', tool_args: { inner } });
  assert.deepEqual(
    records(file).map(({ call_id }) => call_id),
    ['inner', 'outer'],
  );
});

test('an auditor that a toJSON closes writes nothing more', (t) => {
  const file = path.join(scratch(t), 'log');
  const open = auditor({ stdout: false, file });
  const closing = { ...EVENT, tool_args: { toJSON: () => open[Symbol.dispose]() } };
  assert.throws(() => open.emitBatch([EVENT, closing]), failing('closed'));
  assert.throws(() => open.emit(closing), failing('closed'));
  assert.deepEqual(records(file), []);
});

test('what no component could hold is refused before it sees it', () => {
  const none = auditor({ stdout: false });
  const text = 'x'.repeat(256 * 2 ** 20 - 1);
  assert.throws(
    () => none.redact(text),
    failing('invalid-event', '268435457 bytes long, but at most 268435456 can be accepted'),
  );
});
