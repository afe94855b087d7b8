import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sink } from '../lib/capability/sink.js';
import { Delivery, type Outbox, OutboxError } from '../lib/delivery.js';
import type { Handed } from '../lib/engine.js';
import { Memory } from './helpers.ts';

/** Remembers what it was given; takes only so many records. */
class Fake implements Sink {
  readonly seen: string[] = [];
  readonly name: string;
  readonly takes: number;

  constructor(name: string, takes = 9) {
    this.name = name;
    this.takes = takes;
  }

  write(records: readonly string[]) {
    this.seen.push(...records.slice(0, this.takes));
    return records.length > this.takes ? { written: this.takes, message: 'full', retryable: true } : undefined;
  }
}

/** Events of these ids, each with a record for `stdout` and `file`. */
function handed(...ids: number[]): Handed {
  const events = ids.map((id, line) => ({ line, body: `${line}`, event_id: `${id}` }));
  return {
    rows: events.map(({ line, ...row }) => ({ line, row: { ...row, event_type: 'X', agent_id: '', durable: true } })),
    writes: events.flatMap(({ line, body }) => ['stdout', 'file'].map((sink) => ({ line, sink, body }))),
  };
}

const failed = (target: string) => ({ target, message: 'full', retryable: true });

const broken: Outbox = {
  append() {
    throw new OutboxError('full', true);
  },
};

test('each sink gets all records of a call in order', () => {
  const sinks = [new Fake('stdout'), new Fake('file')];
  assert.equal(new Delivery(undefined, sinks, 'open').carryOut(handed(1, 2), () => true).size, 0);
  assert.deepEqual(
    sinks.map(({ seen }) => seen),
    [
      ['0', '1'],
      ['0', '1'],
    ],
  );
});

test('nothing is carried out for a refused event', () => {
  const [stdout, outbox] = [new Fake('stdout'), new Memory()];
  new Delivery(outbox, [stdout], 'open').carryOut(handed(1, 2), (line) => line === 1);
  assert.deepEqual([stdout.seen, outbox.takeRows().map(({ event_id }) => event_id)], [['1'], ['2']]);
});

test('a sink that fails is named and the others get everything', () => {
  const [stdout, file] = [new Fake('stdout', 1), new Fake('file')];
  const outcomes = new Delivery(undefined, [stdout, file], 'closed').carryOut(handed(1, 2, 3), () => true);
  assert.deepEqual(
    [...outcomes],
    [
      [1, [failed('stdout')]],
      [2, [failed('stdout')]],
    ],
  );
  assert.equal(file.seen.length, 3);
});

test('a duplicate shows in no sink', () => {
  const stdout = new Fake('stdout');
  const outcomes = new Delivery(new Memory(), [stdout], 'open').carryOut(handed(1, 1, 2), () => true);
  assert.deepEqual([...outcomes], [[1, [{ target: 'outbox', duplicate: true }]]]);
  assert.deepEqual(stdout.seen, ['0', '2']);
});

test('what could not be stored shows in no sink when closed and in all when open', () => {
  for (const [onFailure, shown] of [
    ['closed', []],
    ['open', ['0', '1']],
  ] as const) {
    const stdout = new Fake('stdout');
    const outcomes = new Delivery(broken, [stdout], onFailure).carryOut(handed(1, 2), () => true);
    assert.deepEqual(
      [...outcomes],
      [
        [0, [failed('outbox')]],
        [1, [failed('outbox')]],
      ],
    );
    assert.deepEqual(stdout.seen, shown);
  }
});
