// What `benches/hosts.rs` asks of every host: lines of JSON with a name, a value and a unit.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Auditor, Json } from 'auditbox';

const text = (name) => fs.readFileSync(path.join(process.env.AUDITBOX_BENCH, name), 'utf8');
const input = (name) => JSON.parse(text(name));
const event = input('event-1k.json');
const value = input('value-32k.json');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'auditbox-bench-'));

const auditor = (name) => new Auditor({ stdout: false, file: path.join(folder, name) });
const report = (name, value, unit) => console.log(JSON.stringify({ name, value, unit }));

/** The middle of so many times, in microseconds. */
function median(runs, run) {
  const times = new Float64Array(runs);
  for (let number = 0; number < runs; number += 1) {
    const start = performance.now();
    run();
    times[number] = (performance.now() - start) * 1000;
  }
  return times.sort()[runs >> 1];
}

/** Events a second from so many tasks on one auditor, each giving way to the others after every ten events. */
async function throughput(name, tasks) {
  const total = 64_000;
  using shared = auditor(name);
  const start = performance.now();
  const work = async () => {
    for (let number = 0; number < total / tasks; number += 1) {
      shared.emit(event);
      if (number % 10 === 9) {
        await turn();
      }
    }
  };
  await Promise.all(Array.from({ length: tasks }, work));
  report(name, (total / (performance.now() - start)) * 1000, '/s');
}

try {
  {
    // First, while the process is as small as it starts.
    using one = auditor('memory');
    for (let number = 1; number <= 1_000_000; number += 1) {
      one.emit(event);
      if (number === 10_000 || number === 1_000_000) {
        report(number === 10_000 ? 'memory_10k' : 'memory_1m', process.memoryUsage.rss(), 'bytes');
      }
    }
  }
  using one = auditor('median');
  const emit = () => one.emit(event);
  const redact = () => one.redact(value).value;
  report('emit_file_1k', median(20_000, emit), 'µs');
  report('redact_32k', median(2_000, redact), 'µs');
  const exact = new Json(text('value-32k.json'));
  report(
    'redact_32k_text',
    median(2_000, () => one.redact(exact).json),
    'µs',
  );
  await throughput('one_thread', 1);
  await throughput('sixteen_threads', 16);
} finally {
  fs.rmSync(folder, { recursive: true });
}
