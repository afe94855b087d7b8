import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { load, type Program } from '../lib/engine.js';
import * as carried from '../lib/gen/auditbox.js';
import { type AuditboxError, type Auditor, Json } from '../lib/index.js';
import { transpile } from '../tools/transpile.mjs';
import { auditor, EVENT, failing, records, run, scratch } from './helpers.ts';

const LIB = path.join(import.meta.dirname, '../lib');

/** A component that does as the real one does, until a text holds one of these words (`tests/artifacts`). */
let misbehaving: Program;
const TRAP = { ...EVENT, event_id: '01920000-0000-7000-8000-000000000002', call_id: 'trap-me' };
const GROW = { ...TRAP, call_id: 'grow-me' };
const BABBLE = { ...TRAP, call_id: 'babble-me' };
const GOOD = { ...TRAP, call_id: 'good' };

before(async () => {
  const artifacts = process.env.AUDITBOX_ARTIFACTS;
  assert.ok(artifacts, 'AUDITBOX_ARTIFACTS names the folder of components that misbehave');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'auditbox-test-'));
  try {
    await transpile(path.join(artifacts, 'misbehaving.wasm'), folder);
    fs.writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
    const url = pathToFileURL(`${folder}/`);
    const { instantiate } = await import(new URL('auditbox.js', url).href);
    misbehaving = load(url, instantiate);
    for (const name of ['auditbox.core.wasm', 'auditbox.core2.wasm', 'auditbox.core3.wasm']) {
      misbehaving.core(name);
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

function odd(t: TestContext): { file: string; open: Auditor } {
  const file = path.join(scratch(t), 'log');
  return { file, open: auditor({ stdout: false, file }, { program: misbehaving }) };
}

test('a trap leaves no trace, and the next call works', (t) => {
  const { file, open } = odd(t);
  for (let number = 0; number < 3; number += 1) {
    assert.throws(
      () => open.emit(TRAP),
      failing('trap', /^the component failed inside: .*unreachable.*; this is a bug in it, and the next call works$/),
    );
    open.emit(GOOD);
  }
  assert.deepEqual(
    records(file).map(({ call_id }) => call_id),
    ['good', 'good', 'good'],
  );
});

test('of a batch that traps only the event at fault fails', (t) => {
  const { file, open } = odd(t);
  const answers = open.emitBatch([GOOD, TRAP, GOOD, { ...GOOD, call_id: 'last' }]);
  assert.deepEqual(
    answers.map((answer) => (answer as AuditboxError).kind ?? 'recorded'),
    ['recorded', 'trap', 'recorded', 'recorded'],
  );
  assert.deepEqual(
    records(file).map(({ call_id }) => call_id),
    ['good', 'good', 'last'],
  );
});

test('a component that runs out of memory is replaced', (t) => {
  const { file, open } = odd(t);
  assert.throws(
    () => open.emit(GROW),
    failing('trap', 'the component ran out of memory: the value is too large for it'),
  );
  open.emit(GOOD);
  assert.equal(records(file).length, 1);
});

test('an answer that the contract does not know is not repeated', (t) => {
  const { open } = odd(t);
  const unknown =
    /^the component answered with something else than (a receipt|a configuration|a list of rules): it is not of this version$/;
  assert.throws(() => open.emit(BABBLE), failing('component', unknown));
  assert.throws(() => open.redact('babble-me'), failing('component', unknown));
  assert.throws(() => open.rules(), failing('component', unknown));
  assert.throws(
    () => auditor({ stdout: false, config: { agent_id: 'babble-me' } }, { program: misbehaving }),
    failing('component', unknown),
  );
  const [answer] = open.emitBatch([BABBLE]);
  assert.equal((answer as AuditboxError).kind, 'component');
});

test('a configuration that traps is an error', () => {
  const trap = () => auditor({ stdout: false, config: { agent_id: 'trap-me' } }, { program: misbehaving });
  assert.throws(trap, failing('trap'));
});

test('an import that cannot take a record is a failure in the receipt, and nothing leaks', (t) => {
  const file = path.join(scratch(t), 'log');
  const open = auditor({ stdout: false, file });
  const { push } = Array.prototype;
  t.after(() => Object.assign(Array.prototype, { push }));
  Array.prototype.push = function (...items) {
    if (items.some((item) => item instanceof Object && 'sink' in item)) {
      throw new RangeError('hunter2');
    }
    return push.apply(this, items);
  };
  // A guest whose stack is not given back dies after 32,735 of them.
  for (let number = 0; number < 40_000; number += 1) {
    const [failure] = open.emit(EVENT).failures;
    if (failure?.message !== 'the host could not take the record') {
      assert.fail(`expected a failure, got ${failure?.message}`);
    }
  }
  Array.prototype.push = push;
  assert.deepEqual(open.emit(EVENT).failures, []);
  assert.equal(records(file).length, 1);
});

test('what was handed over by a call that failed is not carried out with the next', (t) => {
  const file = path.join(scratch(t), 'log');
  const program: Program = {
    core: misbehaving.core,
    instantiate(_, imports) {
      const { write } = (
        imports as unknown as { 'auditbox:audit/sinks': (typeof imports)['auditbox:audit/sinks@0.1.0'] }
      )['auditbox:audit/sinks'];
      const emit = (event: string) => {
        write(0, 'file', event);
        if (event.includes('refused')) {
          throw { tag: 'unavailable', val: 'refused' };
        }
        return '{"redactions":[]}';
      };
      const effective = {
        stdout: false,
        file: { path: file, max_bytes: null },
        outbox: null,
        sinks: {},
        on_failure: '',
      };
      const auditor = { emit, configure: () => JSON.stringify(effective) };
      return { auditor } as unknown as ReturnType<typeof carried.instantiate>;
    },
  };
  const open = auditor({}, { program });
  assert.throws(() => open.emit(new Json('{"refused":1}')), failing('unavailable', 'refused'));
  open.emit(new Json('{"taken":1}'));
  assert.deepEqual(records(file), [{ taken: 1 }]);
});

test('an instance is kept until it has grown', (t) => {
  const file = path.join(scratch(t), 'log');
  let instances = 0;
  const instantiate: typeof carried.instantiate = (...imports) => {
    instances += 1;
    return carried.instantiate(...imports);
  };
  const program = load(pathToFileURL(`${LIB}/gen/`), instantiate);
  const open = auditor({ stdout: false, file, config: { max_event_bytes: 64 * 2 ** 20 } }, { program });
  for (const [bytes, wanted] of [
    [1, 1],
    [100_000, 1],
    [20 * 2 ** 20, 1],
    [1, 2],
    [1, 2],
  ] as const) {
    open.emit({ ...EVENT, tool_args: { text: 'x'.repeat(bytes) } });
    assert.equal(instances, wanted);
  }
  assert.equal(records(file).length, 5);
});

test('tens of thousands of calls, refusals among them, leave nothing behind', async (t) => {
  const program = `
    import { Auditor, Json } from 'auditbox';
    const auditor = new Auditor({ stdout: false, file: process.argv[1] });
    const used = () => { gc(); gc(); const { heapUsed, arrayBuffers } = process.memoryUsage(); return heapUsed + arrayBuffers; };
    const work = (count) => {
      for (let number = 0; number < count; number += 1) {
        auditor.emit({ action: 'call_allowed', tool_args: { number } });
        try { auditor.emit(new Json('{')) } catch {}
      }
      return used();
    };
    const before = work(10_000);
    console.log(work(30_000) - before);`;
  const { stdout, stderr } = await run(program, { flags: ['--expose-gc'], args: [path.join(scratch(t), 'log')] });
  assert.ok(Number.parseInt(stdout, 10) < 1_000_000, `${stdout} bytes more ${stderr}`);
});

test('a component that does not match its SHA-256 is refused', async (t) => {
  const copy = path.join(scratch(t), 'lib');
  const core = path.join(copy, 'gen/auditbox.core.wasm');
  fs.cpSync(LIB, copy, { recursive: true });
  fs.writeFileSync(path.join(copy, '../package.json'), '{"type":"module"}');
  const bytes = fs.readFileSync(core);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  assert.equal(fs.readFileSync(`${core}.sha256`, 'utf8'), `${sha256}\n`);
  const { Auditor } = await import(`${pathToFileURL(copy)}/index.js`);
  const damaged = 'the component of this package is damaged: `auditbox.core.wasm`';

  fs.writeFileSync(core, Buffer.concat([bytes, Buffer.of(0)]));
  assert.throws(() => new Auditor(), {
    kind: 'component',
    message: `${damaged} does not match its SHA-256; reinstall \`auditbox\``,
  });
  fs.rmSync(core);
  assert.throws(() => new Auditor(), {
    kind: 'component',
    message: `${damaged} cannot be read; reinstall \`auditbox\``,
  });
});

test('a component that no host can run becomes no package', async (t) => {
  const to = path.join(scratch(t), 'gen');
  for (const name of ['core-module.wasm', 'garbage.wasm']) {
    await assert.rejects(transpile(path.join(process.env.AUDITBOX_ARTIFACTS ?? '', name), to));
  }
  assert.ok(!fs.existsSync(to));
});

test('nothing that is asked of the environment prints what goes through', async () => {
  process.env.JCO_DEBUG = '1';
  const program = `
    import { Auditor } from 'auditbox';
    new Auditor({ stdout: false }).redact({ password: 'hunter2' });
    console.log('done');`;
  const { stdout, stderr } = await run(program);
  delete process.env.JCO_DEBUG;
  assert.deepEqual([stdout, stderr], ['done\n', '']);
});
