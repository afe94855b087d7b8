import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditRecord, AuditSink } from '../lib/index.js';
import { auditor, EVENT, failing, run, until } from './helpers.ts';

const ofCall = (call_id: string) => ({ ...EVENT, call_id });

/** Remembers the calls of the records it was given. */
function collector(): AuditSink & { seen: unknown[] } {
  const seen: unknown[] = [];
  return { seen, emit: (record) => seen.push(record.call_id) };
}

test('a sink without `emit` is a TypeError at once, which says what is missing', () => {
  for (const sink of [{}, null, undefined, 'stdout', { emit: true }]) {
    assert.throws(
      () => auditor({ stdout: false, sinks: { mine: sink as never } }),
      new TypeError('the sink `mine` has no function `emit`: give it one that takes a record'),
    );
  }
  for (const sinks of [[collector()], new Map([['mine', collector()]]), collector, null]) {
    assert.throws(
      () => auditor({ sinks: sinks as never }),
      new TypeError('`sinks` is no object: pass one that has your sinks by their names'),
    );
  }
});

test('a sink that only the configuration names is refused', () => {
  for (const sinks of [{ mine: {} }, { toString: {} }] as never[]) {
    assert.throws(
      () => auditor({ stdout: false, config: { sinks }, sinks: { other: collector() } }),
      failing('invalid-config', /^`\/sinks\/(mine|toString)`: no sink of this name was given to the auditor$/),
    );
  }
  assert.throws(
    () => auditor({ stdout: false, sinks: { 'a b': collector() } }),
    failing('invalid-config', /^`\/sinks\/a b`/),
  );
});

test('every sink gets every record in order, after the call that made it', async () => {
  const [one, two] = [collector(), collector()];
  const open = auditor({ stdout: false, sinks: { one, two } });
  open.emit(ofCall('a'));
  open.emitBatch([ofCall('b'), ofCall('c')]);
  assert.deepEqual([one.seen, two.seen], [[], []]);
  await open.close();
  assert.deepEqual(
    [one.seen, two.seen],
    [
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ],
  );
  assert.deepEqual(open.sinkStats.one, { queued: 0, delivered: 3, failed: 0, dropped: 0, lastError: null });
});

test('a record is a fresh copy, redacted, with its numbers exact', async () => {
  const records: AuditRecord[] = [];
  class Sink {
    emit(record: AuditRecord) {
      records.push(record);
      record.tool_args = 'spoilt';
      this.ran = true;
    }
    ran = false;
  }
  const [one, two] = [new Sink(), new Sink()];
  const seen: unknown[] = [];
  const three = { emit: ({ tool_args }: AuditRecord) => seen.push(tool_args) };
  const open = auditor({ stdout: false, sinks: { one, two, three } });
  open.emit({ ...EVENT, tool_args: { password: 'hunter2', n: 2n ** 64n } });
  await open.close();
  assert.ok(one.ran && two.ran && records[0] !== records[1]);
  assert.deepEqual(seen, [{ password: '[REDACTED]', n: 2n ** 64n }]);
});

test('an asynchronous sink gets one record at a time', async () => {
  const log: string[] = [];
  const sink = {
    async emit({ call_id }: AuditRecord) {
      log.push(`${call_id} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`${call_id} ends`);
    },
  };
  const open = auditor({ stdout: false, sinks: { sink } });
  open.emitBatch([ofCall('a'), ofCall('b')]);
  await open.close();
  assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a slow sink delays nobody', async () => {
  const fast = collector();
  const slow = { emit: () => new Promise(() => {}) };
  const open = auditor({ stdout: false, sinks: { slow, fast } });
  open.emitBatch([ofCall('a'), ofCall('b'), ofCall('c')]);
  await until(() => fast.seen.length === 3);
  assert.deepEqual(open.sinkStats.slow, { queued: 3, delivered: 0, failed: 0, dropped: 0, lastError: null });
  await open.close({ timeoutMs: 10 });
  assert.deepEqual(open.sinkStats.slow, { queued: 1, delivered: 0, failed: 0, dropped: 2, lastError: null });
});

test('what a sink throws is counted and said once, by its type alone', async () => {
  const after = collector();
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  const sinks = {
    throwing: {
      emit() {
        throw new RangeError('hunter2');
      },
    },
    rejecting: { emit: () => Promise.reject(Object.assign(Object.create(null), { message: 'hunter2' })) },
    after,
  };
  const open = auditor({ stdout: false, sinks });
  open.emitBatch([ofCall('a'), ofCall('b'), ofCall('c')]);
  await open.close();
  await until(() => warnings.length === 2);
  process.off('warning', listen);
  assert.deepEqual(after.seen, ['a', 'b', 'c']);
  assert.deepEqual(open.sinkStats.throwing, {
    queued: 0,
    delivered: 0,
    failed: 3,
    dropped: 0,
    lastError: 'RangeError',
  });
  assert.deepEqual(open.sinkStats.rejecting?.lastError, 'object');
  assert.deepEqual(warnings.map(({ name, message }) => `${name}: ${message}`).sort(), [
    'AuditboxWarning: the sink `rejecting` threw a `object`: `sinkStats` counts how many records it loses',
    'AuditboxWarning: the sink `throwing` threw a `RangeError`: `sinkStats` counts how many records it loses',
  ]);
});

test('what finds the queue full is dropped, counted and named in the receipt', async () => {
  const seen = collector();
  const open = auditor({ stdout: false, config: { sinks: { mine: { max_queued: 2 } } }, sinks: { mine: seen } });
  const failure = { target: 'mine', message: 'its queue of 2 records is full', retryable: true };
  const answers = open.emitBatch([ofCall('a'), ofCall('b'), ofCall('c')]);
  assert.deepEqual(
    answers.map((answer) => 'failures' in answer && answer.failures),
    [[], [], [failure]],
  );
  assert.deepEqual(open.emit(ofCall('d')).failures, [failure]);
  await until(() => open.sinkStats.mine?.queued === 0);
  assert.deepEqual(open.emit(ofCall('e')).failures, []);
  await open.close();
  assert.deepEqual(seen.seen, ['a', 'b', 'e']);
  assert.deepEqual(open.sinkStats.mine, { queued: 0, delivered: 3, failed: 0, dropped: 2, lastError: null });
});

test('when the only sink is full, closed refuses the call', () => {
  const config = { on_failure: 'closed', sinks: { mine: { max_queued: 1 } } } as const;
  const open = auditor({ stdout: false, config, sinks: { mine: collector() } });
  open.emit(EVENT);
  assert.throws(() => open.emit(EVENT), failing('unavailable', '`mine`: its queue of 1 records is full'));
});

test('a long queue is emptied in order', async () => {
  const seen = collector();
  const open = auditor({ stdout: false, config: { sinks: { mine: { max_queued: 20_000 } } }, sinks: { mine: seen } });
  const calls = Array.from({ length: 20_000 }, (_, number) => ofCall(`${number}`));
  open.emitBatch(calls.slice(0, 10_000));
  await until(() => seen.seen.length > 100);
  open.emitBatch(calls.slice(10_000));
  await open.close({ timeoutMs: 60_000 });
  assert.deepEqual(
    seen.seen,
    calls.map(({ call_id }) => call_id),
  );
});

test('a sink may emit itself', async () => {
  const seen: unknown[] = [];
  const open = auditor({
    stdout: false,
    sinks: {
      mine: {
        emit({ event_type }: AuditRecord) {
          seen.push(event_type);
          if (event_type === 'A') {
            open.logEvent('B');
          }
        },
      },
    },
  });
  open.logEvent('A');
  await until(() => seen.length === 2);
  assert.deepEqual(seen, ['A', 'B']);
});

const PROGRAM = `
  import { Auditor } from 'auditbox';
  const sinks = { mine: { async emit(record) { await new Promise(setImmediate); console.log(record.event_type) } } };
  const auditor = new Auditor({ stdout: false, sinks });
  auditor.logEvent('A');
  auditor.logEvent('B');`;

test('the process ends by itself, and not before the sinks have their records', async () => {
  for (const end of ['', 'auditor[Symbol.dispose]();', 'await auditor.close();', 'auditor.close();']) {
    const { stdout, stderr, code } = await run(`${PROGRAM} ${end}`);
    assert.deepEqual([stdout, stderr, code], ['A\nB\n', '', 0], end);
  }
});

test('no timer is left behind, however long the wait may be', async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  for (const timeoutMs of [60_000, Number.POSITIVE_INFINITY]) {
    const open = auditor({ stdout: false, sinks: { mine: collector() } });
    open.emit(EVENT);
    await open.close({ timeoutMs });
    assert.equal(open.sinkStats.mine?.delivered, 1);
    assert.ok(!process.getActiveResourcesInfo().includes('Timeout'));
  }
  process.off('warning', listen);
  assert.deepEqual(warnings, []);
});
