import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { ask, linesOf } from '../lib/batch.js';
import { Guest } from '../lib/engine.js';
import { AuditboxError, Json, type Receipt } from '../lib/index.js';
import { auditor, EVENT, records, scratch } from './helpers.ts';

const LINES = '{"action":"call_allowed"}\n\n{"action":"call_exploded"}\r\n{not json\n \t\r\n{"event_type":"X"}';

const kinds = (answers: (Receipt | AuditboxError)[]) =>
  answers.map((answer) => (answer instanceof AuditboxError ? answer.kind : 'recorded'));

test('a batch is answered line by line', (t) => {
  const file = path.join(scratch(t), 'log');
  using open = auditor({ stdout: false, file });
  const answers = open.emitBatch(new Json(LINES));
  assert.deepEqual(kinds(answers), ['recorded', 'invalid-event', 'invalid-json', 'recorded']);
  assert.equal((answers[1] as AuditboxError).path, '/action');
  assert.deepEqual(
    records(file).map(({ event_id }) => event_id),
    [answers[0], answers[3]].map((answer) => (answer as Receipt).event_id),
  );
});

test('native events are answered one by one, and one without JSON does not hold up the rest', (t) => {
  const file = path.join(scratch(t), 'log');
  using open = auditor({ stdout: false, file });
  function* events() {
    yield { ...EVENT, call_id: 'a' };
    yield { ...EVENT, call_id: 'b', tool_args: { f: () => 1 } };
    yield new Json('{"action":\n"call_allowed",\n"call_id":"c"}');
    yield new Json(' ');
    yield { ...EVENT, call_id: 'd', tool_args: { text: 'one\ntwo' } };
    yield undefined as never;
    yield { action: 'call_exploded' } as never;
    yield new Json('{"event_type":"X"}\n{"event_type":"Y"}');
  }
  const answers = open.emitBatch(events());
  assert.deepEqual(kinds(answers), [
    'recorded',
    'invalid-event',
    'recorded',
    'invalid-json',
    'recorded',
    'invalid-event',
    'invalid-event',
    'invalid-json',
  ]);
  assert.equal((answers[1] as AuditboxError).path, '/tool_args/f');
  assert.deepEqual(
    records(file).map(({ call_id }) => call_id),
    ['a', 'c', 'd'],
  );
});

test('an empty batch has no answers', () => {
  using none = auditor({ stdout: false });
  assert.deepEqual([none.emitBatch([]), none.emitBatch(new Json('\n \n'))], [[], []]);
});

test('what is no list of events is a TypeError', () => {
  using none = auditor({ stdout: false });
  for (const events of [LINES, 5, EVENT, null, undefined]) {
    assert.throws(() => none.emitBatch(events as never), TypeError);
  }
});

test('a batch is cut into chunks of a megabyte, and a longer event is one of its own', () => {
  const guest = new Guest('{"stdout":false}');
  const sizes: number[] = [];
  const call = guest.call.bind(guest);
  guest.call = (work) =>
    call((exports) => {
      const emitBatch = (text: string) => {
        sizes.push(Buffer.byteLength(text));
        return exports.auditor.emitBatch(text);
      };
      return work({ ...exports, auditor: { ...exports.auditor, emitBatch } });
    });
  const event = (length: number) => JSON.stringify({ ...EVENT, tool_args: { text: 'é'.repeat(length / 2) } });
  const events = [...Array.from({ length: 25 }, () => event(100_000)), event(3_000_000), event(10)];
  const answers = [...ask(guest, linesOf(events.join('\n')))].flatMap(({ answers }) => answers);
  assert.equal(answers.filter((answer) => typeof answer === 'string').length, 27);
  assert.equal(sizes.length, 5);
  assert.ok(sizes.every((size) => size <= 2 ** 20 || size > 3_000_000));
});
