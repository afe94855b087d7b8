import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { type FileOptions, FileSink } from '../lib/capability/file.js';
import { failing, lines, run, runTogether, said, scratch, start, until } from './helpers.ts';

function options(file: string, more: Partial<FileOptions> = {}): FileOptions {
  return { path: file, fsync: 'never', max_bytes: null, keep: 5, ...more };
}

const sink = (file: string, more?: Partial<FileOptions>) => new FileSink(options(file, more));

const mode = (file: string) => fs.statSync(file).mode & 0o777;

/** `log`, `log.1`, `log.2` and so on. */
function rotated(log: string): string[] {
  const all = [];
  for (let number = 1; fs.existsSync(`${log}.${number}`); number += 1) {
    all.push(`${log}.${number}`);
  }
  return all;
}

const allLines = (log: string) => [...rotated(log), log].filter(fs.existsSync).flatMap(lines);

/** A small file system in memory; `undefined`, and a word about it, where this user may not mount. */
function disk(t: TestContext, size: string): string | undefined {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'auditbox-test-'));
  const options = ['-t', 'tmpfs', '-o', `size=${size}`];
  if (spawnSync('mount', [...options, 'tmpfs', folder]).status !== 0) {
    fs.rmdirSync(folder);
    t.skip('cannot mount a file system here');
    return undefined;
  }
  t.after(() => {
    execFileSync('umount', ['-l', folder]);
    fs.rmdirSync(folder);
  });
  return folder;
}

test('records are appended to a file of this user alone', (t) => {
  const folder = scratch(t);
  const log = path.join(folder, 'new/folder/log');
  assert.equal(sink(log).write(['1', '2']), undefined);
  sink(log).write(['3']);
  assert.equal(fs.readFileSync(log, 'utf8'), '1\n2\n3\n');
  const modes = [log, path.dirname(log), path.join(folder, 'new')].map(mode);
  assert.deepEqual(modes, [0o600, 0o700, 0o700]);
});

test('a line is one write of its own', (t) => {
  const log = path.join(scratch(t), 'log');
  const write = t.mock.method(fs, 'writeSync');
  sink(log).write(['1', 'x'.repeat(100_000)]);
  assert.deepEqual(
    write.mock.calls.map(({ result }) => result),
    [2, 100_001],
  );
});

test('what is no file is refused', (t) => {
  const folder = scratch(t);
  assert.throws(
    () => sink(folder),
    failing('sink', `cannot open the log \`${folder}\`: illegal operation on a directory: name a file, not a folder`),
  );
  const pipe = path.join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  assert.throws(() => sink(pipe), failing('sink', /: it is neither a file nor a device: choose another path$/));
  fs.writeFileSync(path.join(folder, 'file'), '');
  assert.throws(
    () => sink(path.join(folder, 'file/log')),
    failing('sink', /: a part of the path is a file, not a folder: choose another path$/),
  );
});

test('a folder without rights is refused', async (t) => {
  const folder = scratch(t);
  fs.chmodSync(folder, 0o555);
  const program = `
    const { FileSink } = await import(lib + '/capability/file.js');
    try { new FileSink(${JSON.stringify(options(path.join(folder, 'locked/log')))}) } catch (error) { console.log(error.message) }`;
  // Root has all rights.
  const { stdout, stderr } = await run(program, process.getuid?.() === 0 ? { uid: 65_534 } : {});
  if (/EACCES|ERR_MODULE_NOT_FOUND/.test(stderr)) {
    t.skip(`this checkout is out of another user's reach`);
    return;
  }
  assert.match(
    stdout,
    /: permission denied: give this user the right to read and write there, or choose another path\n$/,
    stderr,
  );
});

test('lines of several processes never interleave', async (t) => {
  const log = path.join(scratch(t), 'log');
  const program = (name: string) => `
    const { FileSink } = await import(lib + '/capability/file.js');
    const sink = new FileSink({ path: process.argv[1], fsync: 'never', max_bytes: null, keep: 5 });
    for (let call = 0; call < 300; call += 1) {
      const line = '${name}'.repeat(1001 + 37 * call);
      if (sink.write([line, line, line, line])) throw new Error('not written');
    }`;
  await runTogether(['a', 'b', 'c'].map(program), [log]);
  const all = lines(log).filter((line) => line !== '');
  assert.ok(
    all.every((line) => line === line[0]?.repeat(line.length)),
    'two writers share a line',
  );
  assert.equal(all.length, 3 * 1200);
});

test('a torn line does not swallow the next', (t) => {
  const log = path.join(scratch(t), 'log');
  fs.writeFileSync(log, '1\n{"half');
  const open = sink(log);
  open.write(['2', '3']);
  // Another process is killed in the middle of its line.
  fs.appendFileSync(log, '{"ha');
  open.write(['4']);
  assert.equal(fs.readFileSync(log, 'utf8'), '1\n{"half\n2\n3\n{"ha\n4\n');
});

test('a log that somebody empties goes on from its start', (t) => {
  const log = path.join(scratch(t), 'log');
  const open = sink(log);
  open.write(['1', '2']);
  fs.truncateSync(log);
  open.write(['3']);
  assert.deepEqual(lines(log), ['3']);
});

test('a line that another process is still writing is waited for', async (t) => {
  const log = path.join(scratch(t), 'log');
  const open = sink(log);
  fs.writeFileSync(log, '{"half');
  // The other process ends its line at the second look.
  const fstat = fs.fstatSync;
  let looks = 0;
  t.mock.method(fs, 'fstatSync', (fd: number) => {
    looks += 1;
    if (looks === 2) {
      fs.appendFileSync(log, '"}\n');
    }
    return fstat(fd);
  });
  open.write(['1']);
  assert.equal(fs.readFileSync(log, 'utf8'), '{"half"}\n1\n');
});

test('a short write is an error, and its rest is never written', (t) => {
  const log = path.join(scratch(t), 'log');
  const open = sink(log);
  const { writeSync } = fs;
  const short = (fd: number, line: Buffer) => writeSync(fd, line.subarray(0, 3));
  t.mock.method(fs, 'writeSync', short as typeof writeSync, { times: 1 });
  assert.deepEqual(open.write(['12345', '678']), {
    written: 0,
    message: `cannot write to the log \`${log}\`: no storage space: free some space, then try again`,
    retryable: true,
  });
  assert.equal(fs.readFileSync(log, 'utf8'), '123');
  const { mock } = t.mock.method(fs, 'openSync');
  assert.equal(open.write(['9']), undefined);
  assert.equal(mock.callCount(), 1, 'the log is opened anew after an error');
  assert.equal(fs.readFileSync(log, 'utf8'), '123\n9\n');
});

test('a full disk fails what did not fit and nothing else', (t) => {
  const folder = disk(t, '64k');
  if (!folder) {
    return;
  }
  const ballast = path.join(folder, 'ballast');
  fs.writeFileSync(ballast, Buffer.alloc(8192));
  const log = path.join(folder, 'log');
  const open = sink(log);
  const record = 'x'.repeat(999);
  const failure = open.write(new Array(100).fill(record));
  assert.match(failure?.message ?? '', /: free some space, then try again$/);
  const text = fs.readFileSync(log, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n')).split('\n');
  assert.deepEqual(whole, new Array(failure?.written).fill(record));
  assert.ok(whole.length > 40 && !text.endsWith('\n'), 'the disk is expected to be full inside a line');
  fs.writeFileSync(ballast, '');
  assert.equal(open.write(['fits']), undefined);
  assert.equal(fs.readFileSync(log, 'utf8'), `${text}\nfits\n`);
});

test('a rotated log moves up until it is too old', (t) => {
  const log = path.join(scratch(t), 'log');
  const open = sink(log, { max_bytes: 10, keep: 2 });
  for (const record of ['1111', '2222', '3333', 'a line of its own', '4444', '5555', '6666']) {
    assert.equal(open.write([record]), undefined);
  }
  assert.deepEqual([lines(log), ...rotated(log).map(lines)], [['6666'], ['4444', '5555'], ['a line of its own']]);
  assert.equal(mode(log), 0o600);
});

test('one call may fill several logs', (t) => {
  const log = path.join(scratch(t), 'log');
  sink(log, { max_bytes: 10, fsync: 'always' }).write(['1111', '2222', '3333', '4444', '5555']);
  assert.deepEqual(allLines(log), ['3333', '4444', '1111', '2222', '5555']);
});

test('a writer that rests does not hold up the rotation', (t) => {
  const log = path.join(scratch(t), 'log');
  const [resting, rotating] = [sink(log), sink(log, { max_bytes: 5 })];
  resting.write(['1111']);
  rotating.write(['2222']);
  resting.write(['3333']);
  assert.deepEqual(allLines(log), ['1111', '2222', '3333']);
});

test('logs beyond a smaller keep are deleted', (t) => {
  const folder = scratch(t);
  const log = path.join(folder, 'log');
  for (let number = 1; number <= 5; number += 1) {
    fs.writeFileSync(`${log}.${number}`, '');
  }
  sink(log, { max_bytes: 5, keep: 3 }).write(['1111', '2222']);
  assert.deepEqual(fs.readdirSync(folder), ['log', 'log.1', 'log.2', 'log.3']);
  assert.deepEqual(lines(`${log}.1`), ['1111']);
});

test('without a kept log only the newest lines stay', (t) => {
  const folder = scratch(t);
  const log = path.join(folder, 'log');
  sink(log, { max_bytes: 10, keep: 0 }).write(['1111', '2222', '3333']);
  assert.deepEqual([fs.readdirSync(folder), lines(log)], [['log'], ['3333']]);
});

const WRITES_AND_ROTATES = (name: string) => `
  const { FileSink } = await import(lib + '/capability/file.js');
  const sink = new FileSink({ path: process.argv[1], fsync: 'never', max_bytes: 150, keep: 100000 });
  for (let number = 0; number < 100; number += 1) {
    const failure = sink.write(['x', 'y', 'z'].map((part) => '${name} ' + number + ' ' + part));
    if (failure) throw new Error(failure.message);
  }`;

test('rotation by several writers loses no line', async (t) => {
  const log = path.join(scratch(t), 'log');
  await runTogether(['a', 'b', 'c', 'd'].map(WRITES_AND_ROTATES), [log]);
  const all = allLines(log).filter((line) => line !== '');
  assert.deepEqual([all.length, new Set(all).size], [4 * 300, 4 * 300]);
  assert.ok(rotated(log).length > 50, 'it is expected to have been rotated often');
  for (const full of rotated(log)) {
    assert.ok(fs.statSync(full).size > 130, 'a log that was not full was rotated');
  }
});

test('where there is no program `flock`, logs are rotated all the same', (t) => {
  const log = path.join(scratch(t), 'log');
  const { PATH } = process.env;
  t.after(() => Object.assign(process.env, { PATH }));
  process.env.PATH = '';
  assert.equal(sink(log, { max_bytes: 5 }).write(['1111', '2222']), undefined);
  assert.deepEqual(allLines(log), ['1111', '2222']);
});

test('a log that another program has locked is not rotated before that one lets go', async (t) => {
  const log = path.join(scratch(t), 'log');
  fs.writeFileSync(log, '1111\n');
  const fd = fs.openSync(log, 'a');
  spawnSync('flock', ['-s', '3'], { stdio: ['ignore', 'ignore', 'inherit', fd] });
  const child = start(
    `
    const { FileSink } = await import(lib + '/capability/file.js');
    new FileSink({ path: process.argv[1], fsync: 'never', max_bytes: 5, keep: 5 }).write(['2222']);`,
    { args: [log] },
  );
  const ended = said(child);
  const waits = () => fs.readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8') !== '';
  await until(waits);
  assert.deepEqual(rotated(log), []);
  fs.closeSync(fd);
  assert.deepEqual(await ended, { stdout: '', stderr: '', code: 0 });
  assert.deepEqual(allLines(log), ['1111', '2222']);
});

test('a log that somebody renames or deletes is opened anew', (t) => {
  const folder = scratch(t);
  const log = path.join(folder, 'logs/log');
  const open = sink(log);
  open.write(['1']);
  fs.renameSync(log, path.join(folder, 'moved'));
  open.write(['2']);
  assert.deepEqual([lines(path.join(folder, 'moved')), lines(log)], [['1'], ['2']]);
  fs.rmSync(path.join(folder, 'logs'), { recursive: true });
  open.write(['3']);
  assert.deepEqual(lines(log), ['3']);
});

test('a log that cannot be opened anew is tried again at the next write', (t) => {
  const logs = path.join(scratch(t), 'logs');
  const log = path.join(logs, 'log');
  const open = sink(log);
  fs.rmSync(logs, { recursive: true });
  fs.writeFileSync(logs, 'in the way');
  const failure = open.write(['1']);
  assert.deepEqual([failure?.written, failure?.retryable], [0, true]);
  assert.ok(failure?.message.startsWith(`cannot write to the log \`${log}\`: `));
  fs.rmSync(logs);
  open.write(['2']);
  assert.deepEqual(lines(log), ['2']);
});

test('a line that could not be forced to the disk is not written', () => {
  // A device that takes everything and cannot sync.
  assert.equal(sink('/dev/null').write(['1']), undefined);
  const failure = sink('/dev/null', { fsync: 'always' }).write(['1']);
  assert.equal(failure?.written, 0);
});

test('an emit by a writer that is alone asks the system two things', (t) => {
  const open = sink(path.join(scratch(t), 'log'));
  open.write(['1']);
  const asked = (['statSync', 'fstatSync', 'readSync', 'openSync', 'writeSync'] as const).map((name) =>
    t.mock.method(fs, name as 'writeSync'),
  );
  open.write(['2']);
  assert.deepEqual(
    asked.map(({ mock }) => mock.callCount()),
    [1, 0, 0, 0, 1],
  );
});
