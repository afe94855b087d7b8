import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { run, said, scratch, start, until } from './helpers.ts';

const AUDITOR = `import { Auditor } from 'auditbox'; const auditor = new Auditor();`;

test('records are lines on the standard output, after what the program has printed', async () => {
  const { stdout } = await run(`${AUDITOR}
    console.log('before');
    auditor.emit({ action: 'call_allowed', call_id: 'ü' });
    console.log('between');
    auditor.emitBatch([{ event_type: 'A' }, { event_type: 'B' }]);
    console.log('after');`);
  const order = [/^before$/, /"call_id":"ü"/, /^between$/, /"event_type":"A"/, /"event_type":"B"/, /^after$/, /^$/];
  const lines = stdout.split('\n');
  assert.equal(lines.length, order.length);
  order.forEach((pattern, index) => {
    assert.match(lines[index] ?? '', pattern);
  });
});

test('a record stays behind what waits for a slow reader', async () => {
  const child = start(`${AUDITOR}
    console.log('x'.repeat(1_000_000));
    auditor.emit({ action: 'call_allowed' });
    console.log('after');
    process.stderr.write('done');`);
  await until(() => child.stderr?.read() !== null);
  const lines = (await said(child)).stdout.split('\n');
  assert.deepEqual([lines[0]?.length, lines[1]?.[0], lines[2], lines[3]], [1_000_000, '{', 'after', '']);
});

test('a pipe that is full is waited for', async () => {
  const child = start(`${AUDITOR}
    process.stderr.write('go');
    let failures = 0;
    for (let number = 0; number < 500; number += 1) {
      failures += auditor.emit({ action: 'call_allowed', tool_args: { text: 'x'.repeat(2000) } }).failures.length;
    }
    process.stderr.write(String(failures));`);
  await until(() => child.stderr?.read() !== null);
  const { stdout, stderr } = await said(child);
  assert.equal(stderr, '0');
  const lines = stdout.split('\n');
  assert.deepEqual([lines.length, lines.pop()], [501, '']);
  lines.forEach((line) => {
    JSON.parse(line);
  });
});

test('a reader that takes nothing is a failure after a while, and the next record begins a line', async () => {
  const child = start(`
    const { Stdout } = await import(lib + '/capability/stdout.js');
    const stdout = new Stdout(20);
    const failure = stdout.write(['a', 'x'.repeat(1_000_000), 'b']);
    process.stderr.write(JSON.stringify(failure));
    fs.readFileSync(0);
    stdout.write(['c']);`);
  let failure = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    failure += text;
  });
  await until(() => failure.endsWith('}'));
  assert.deepEqual(JSON.parse(failure), {
    written: 1,
    message:
      'cannot write to the standard output: resource temporarily unavailable: check the path and the disk, then try again',
    retryable: true,
  });
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  const ended = said(child);
  child.stdin?.end();
  await ended;
  assert.match(stdout, /^a\nx+\nc\n$/);
});

test('a reader that has gone is a failure in the receipt, and the program goes on', async () => {
  const child = start(`${AUDITOR}
    let failure;
    while (!failure) {
      [failure] = auditor.emit({ action: 'call_allowed' }).failures;
    }
    console.error(JSON.stringify(failure));`);
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { stderr, code } = await said(child);
  assert.deepEqual(JSON.parse(stderr), {
    target: 'stdout',
    message: 'cannot write to the standard output: broken pipe: its reader has gone',
    retryable: false,
  });
  assert.equal(code, 0);
});

test('a standard output that is closed is a failure, too', async (t) => {
  const said = path.join(scratch(t), 'said');
  await run(`${AUDITOR}
    fs.closeSync(1);
    const { failures } = auditor.emit({ action: 'call_allowed' });
    fs.writeFileSync(${JSON.stringify(said)}, failures[0].message);`);
  assert.match(fs.readFileSync(said, 'utf8'), /^cannot write to the standard output: bad file descriptor: /);
});
