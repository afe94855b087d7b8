/** The conformance driver: what `tests/conformance/README.md` asks for, by this host's public interface. */

import fs from 'node:fs';
import { Guest } from '../lib/engine.js';
import { AuditboxError, Json, type Receipt, type Rewritten } from '../lib/index.js';
import { auditor, Memory } from './helpers.ts';

type Request = Record<'op' | 'config' | 'event' | 'events' | 'event_type' | 'payload' | 'value', string> &
  Record<'receipt' | 'outcomes' | 'batch' | 'answer', string>;

const outbox = new Memory();
let open: ReturnType<typeof auditor> | undefined;
let lines = 0;

function answer(request: Request): unknown {
  const { op, config, event, events, event_type: type, payload, value, receipt, outcomes } = request;
  if (op === 'configure') {
    open?.[Symbol.dispose]();
    open = undefined;
    outbox.clear();
    lines = 0;
    open = auditor({ config }, { outbox });
    return open.config;
  }
  if (!open) {
    throw new TypeError('`configure` comes first');
  }
  switch (op) {
    case 'emit':
      return open.emit(new Json(event)).json;
    case 'emit_batch':
      return open.emitBatch(new Json(events)).map(line).join('');
    case 'log_event':
      return open.logEvent(type, new Json(payload)).json;
    case 'redact':
      return rewritten(open.redact(new Json(value)));
    case 'cap_payload':
      return rewritten(open.capPayload(new Json(payload)));
    case 'finish':
      return new Guest(open.config).call(({ delivery }) => delivery.finish(receipt, outcomes)).answer;
    case 'judge':
      return new Guest(open.config).call(({ delivery }) => delivery.judge(request.batch, request.answer)).answer;
    case 'rules':
      return JSON.stringify(open.rules());
    case 'records':
      return { outbox: outbox.takeRows(), file: newLines() };
    default:
      throw new TypeError(`unknown request \`${op}\``);
  }
}

function line(answer: Receipt | AuditboxError): string {
  return `${answer instanceof AuditboxError ? JSON.stringify({ error: refusal(answer) }) : answer.json}\n`;
}

function rewritten({ json, receipt }: Rewritten): unknown {
  return { value: json, receipt: receipt.json };
}

function newLines(): string[] {
  const path = open && JSON.parse(open.config).file?.path;
  const file = path ? fs.readFileSync(path, 'utf8').split('\n').slice(lines, -1) : [];
  lines += file.length;
  return file;
}

function refusal(error: unknown): unknown {
  const { kind, path, offset, detail } = error as AuditboxError;
  switch (kind) {
    case 'invalid-json':
      return { kind, offset, expected: detail };
    case 'invalid-event':
    case 'invalid-config':
      return { kind, path, message: detail };
    case 'unavailable':
      return { kind, message: detail };
    default:
      return { kind: 'broken', message: String(error) };
  }
}

/** Lines end with `\n` alone: `node:readline` also ends them at U+2028, which JSON has in its strings. */
async function* requests(input: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input) {
    const pieces = (rest + chunk).split('\n');
    rest = pieces.pop() ?? '';
    yield* pieces;
  }
}

for await (const request of requests(process.stdin.setEncoding('utf8'))) {
  let reply: unknown;
  try {
    reply = { ok: answer(JSON.parse(request)) };
  } catch (error) {
    reply = { error: refusal(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
