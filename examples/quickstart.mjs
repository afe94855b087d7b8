// auditbox in a JavaScript program: `host/node/run example examples/quickstart.mjs`. The same in other languages is beside
// this file.

import { Auditor } from 'auditbox';

// Records go to stdout. With `closed`, an error of `emit` means: do not make that call.
using auditor = new Auditor({ config: { on_failure: 'closed' } });

// What the agent is about to do. Ids and times are made when they are left out.
const receipt = auditor.emit({
  event_id: '0198c0de-0000-7000-8000-000000000001',
  timestamp: '2026-11-22T09:30:00Z',
  action: 'call_allowed',
  tool_name: 'Bash',
  side_effect: 'write',
  tool_args: { command: 'export DB_PASSWORD=fake-1234 && ./migrate --fast', max_tokens: 4096 },
  principal: { user_id: 'mika', role: 'developer' },
});

// The receipt says what was taken out, never what it was.
for (const { path, bytes, rule } of receipt.redactions) {
  console.log(`${path}: ${bytes} bytes by rule ${rule}`);
}
console.log(auditor.redact({ url: 'https://mika:fake-5678@db.example/tea', cups: 3 }).json);

// What is wrong is said with its place.
try {
  auditor.emit({ action: 'call_exploded' });
} catch (error) {
  console.log(error.message);
}
