import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { records, scratch } from './helpers.ts';

test('worker threads write one file, each by an auditor of its own', async (t) => {
  const file = path.join(scratch(t), 'log');
  const source = `
    import { workerData } from 'node:worker_threads';
    import { Auditor } from ${JSON.stringify(new URL('../lib/index.js', import.meta.url))};
    const auditor = new Auditor({ stdout: false, file: { path: workerData.file, max_bytes: 100_000, keep: 1_000 } });
    for (let number = 0; number < 300; number += 1) {
      const { failures } = auditor.emit({ action: 'call_allowed', call_id: workerData.name + number });
      if (failures.length > 0) throw new Error(failures[0].message);
    }`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const names = ['a', 'b', 'c', 'd'];
  const workers = names.map((name) => new Worker(url, { workerData: { file, name } }));
  assert.deepEqual(await Promise.all(workers.map((worker) => once(worker, 'exit'))), [[0], [0], [0], [0]]);
  const files = [file, ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `${file}.${number}`)];
  const calls = files.flatMap((file) => {
    try {
      return records(file);
    } catch {
      return [];
    }
  });
  assert.equal(new Set(calls.map(({ call_id }) => call_id)).size, 1200);
  assert.equal(new Set(calls.map(({ event_id }) => event_id)).size, 1200);
});
