import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';
import { type AuditboxError, Json } from '../lib/index.js';
import { parse, stringify, Unwritable } from '../lib/value.js';
import { auditor, failing } from './helpers.ts';

declare global {
  interface JSON {
    rawJSON(text: string): object;
  }
}

class Call {
  name = 'x';
  #hidden = 1;
  get hidden() {
    return this.#hidden;
  }
}

class Odd extends Error {}

class Itself {
  x = 1n;
  toJSON() {
    return this;
  }
}

const shared = { x: 1n };
const ofAnotherRealm: unknown = vm.runInNewContext('[new Date(0), new Map([[1, 2]]), { a: new Set([3]) }]');
const keys = new Map<unknown, unknown>([
  ['a', 1],
  [2, { b: 1n }],
  [true, []],
  [3n, null],
  [null, 0],
]);

/** Native values and their JSON text. */
const WRITTEN: [name: string, value: unknown, text: string][] = [
  ['plain values', { a: [null, true, 'x', 1.5, {}], b: [] }, '{"a":[null,true,"x",1.5,{}],"b":[]}'],
  ['integers', [0, -7, 2 ** 53, 12345678901234567890n], '[0,-7,9007199254740992,12345678901234567890]'],
  ['huge integers', 10n ** 5000n, `1${'0'.repeat(5000)}`],
  ['floats', [0.1, 1e300, 5e-324, 1e21, -0], '[0.1,1e+300,5e-324,1e+21,-0]'],
  ['NaN and the infinities', [Number.NaN, 1 / 0, -1 / 0], '["NaN","Infinity","-Infinity"]'],
  ['numbers with their digits', [JSON.rawJSON('1.10'), 1n, { a: JSON.rawJSON('1e2') }], '[1.10,1,{"a":1e2}]'],
  ['lone surrogates', ['\ud800', { '\udc00': 'a\udfffb' }], '["\\ud800",{"\\udc00":"a\\udfffb"}]'],
  ['pairs of surrogates', '😀', '"😀"'],
  ['control characters', '\u0000\n"\\\u2028', '"\\u0000\\n\\"\\\\\u2028"'],
  [
    'members that are undefined',
    { a: undefined, b: [undefined, 1], c: new Map([['d', undefined]]) },
    '{"b":[null,1],"c":{}}',
  ],
  ['lists with holes', new Array(2), '[null,null]'],
  ['dates', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['values of another realm', ofAnotherRealm, '["1970-01-01T00:00:00.000Z",{"1":2},{"a":[3]}]'],
  ['bytes in UTF-8', [Buffer.from('pä'), new TextEncoder().encode('x').buffer], '["pä","x"]'],
  [
    'other bytes',
    [Buffer.of(255, 0), new DataView(new Uint8Array([254]).buffer)],
    '["[binary, 2 bytes]","[binary, 1 bytes]"]',
  ],
  ['arrays of numbers', [new Float64Array([0.5, Number.NaN]), new BigInt64Array([2n])], '[[0.5,"NaN"],[2]]'],
  [
    'errors',
    [new TypeError('no'), new Odd('odd'), new DOMException('late', 'TimeoutError')],
    '["TypeError: no","Odd: odd","TimeoutError: late"]',
  ],
  ['sets', new Set([2, 'a', new Set()]), '[2,"a",[]]'],
  ['maps with scalar keys', keys, '{"a":1,"2":{"b":1},"true":[],"3":null,"null":0}'],
  ['URLs', new URL('https://a.example/b?c'), '"https://a.example/b?c"'],
  ['objects without a prototype', Object.assign(Object.create(null), { a: 1n }), '{"a":1}'],
  ['class instances', new Call(), '{"name":"x"}'],
  [
    'values with toJSON',
    [{ toJSON: (key: string) => [key, 1n] }, { toJSON: () => new Date(0) }],
    '[["0",1],"1970-01-01T00:00:00.000Z"]',
  ],
  ['values whose toJSON answers with themselves', new Itself(), '{"x":1}'],
  ['values whose toJSON answers with nothing', { a: { toJSON() {} }, b: [{ toJSON() {} }] }, '{"b":[null]}'],
  ['the key __proto__', JSON.parse('{"__proto__":{"a":1},"b":1}'), '{"__proto__":{"a":1},"b":1}'],
  ['the same value in two places', [shared, { shared }], '[{"x":1},{"shared":{"x":1}}]'],
];

for (const [name, value, text] of WRITTEN) {
  test(`${name} have their JSON text`, () => {
    assert.equal(stringify(value), text);
    JSON.parse(text);
  });
}

const cycle: { list: unknown[] } = { list: [{}] };
cycle.list.push(cycle);

const throwing = () => {
  throw new RangeError('hunter2');
};

/** Native values that have no JSON text, where the fault is, and what is said of it. */
const REFUSED: [name: string, value: unknown, path: string, message: RegExp][] = [
  ['nothing', undefined, '', /^there is no value: /],
  ['a function', { a: [1, () => 1] }, '/a/1', /^a function has no JSON: leave it out/],
  ['a symbol', { 'a/b~': Symbol('hunter2') }, '/a~1b~0', /^a symbol has no JSON/],
  ['a cycle', cycle, '/list/1', /^it contains itself: leave this reference out$/],
  ['a cycle through a map', ((map) => map.set('x', [map]))(new Map<string, unknown>()), '/x/0', /contains itself/],
  ['a toJSON that throws', { a: { toJSON: throwing } }, '/a', /threw a `RangeError`: pass a plain value$/],
  [
    'a getter that throws',
    [
      {
        get a() {
          return throwing();
        },
      },
    ],
    '/0',
    /threw a `RangeError`/,
  ],
  ['a proxy that throws', { a: new Proxy({}, { ownKeys: throwing }) }, '/a', /threw a `RangeError`/],
  [
    'a thrown value that lies',
    {
      toJSON: () => {
        throw { constructor: { name: 'hunter2' } };
      },
    },
    '',
    /threw a `object`/,
  ],
  ['a key that is no scalar', new Map([['a', new Map([[{}, 1]])]]), '/a', /^it has a key of type `object`: use text/],
  ['an invalid date', [new Date(Number.NaN)], '/0', /^it is an invalid date/],
  ['a promise', { a: Promise.resolve() }, '/a', /^a `Promise` has no JSON: pass a plain value, or give it a `toJSON`$/],
  ['a regular expression', /hunter2/, '', /^a `RegExp` has no JSON/],
  ['exact text inside a value', { a: new Json('1') }, '/a', /^`Json` stands for a whole argument/],
];

for (const [name, value, path, message] of REFUSED) {
  test(`${name} is refused with its place`, () => {
    assert.throws(
      () => stringify(value),
      (error) => error instanceof Unwritable && error.path === path && message.test(error.message),
    );
    assert.throws(
      () => auditor({ stdout: false }).redact(value),
      (error: AuditboxError) => error.kind === 'invalid-event' && error.path === path && message.test(error.detail),
    );
  });
}

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1n;
  for (let level = 0; level < depth; level += 1) {
    value = wrap(value);
  }
  return value;
}

test('values nest 128 deep and no deeper, in the words of the component', () => {
  for (const wrap of [(inner: unknown) => [inner], (a: unknown) => ({ a }), (inner: unknown) => new Set([inner])]) {
    JSON.parse(stringify(nested(128, wrap)));
    for (const depth of [129, 100_000]) {
      assert.throws(
        () => auditor({ stdout: false }).redact(nested(depth, wrap)),
        failing('invalid-event', 'expected at most 128 lists and objects inside each other'),
      );
    }
  }
  const text = new Json('['.repeat(100_000));
  assert.throws(() => auditor({ stdout: false }).redact(text), failing('invalid-event', /expected at most 128/));
});

test('a toJSON that goes on for ever is too deep', () => {
  const endless = () => ({ a: { toJSON: endless } });
  assert.throws(() => stringify(endless()), /at most 128/);
});

test('megabytes of bytes are text, or their number', () => {
  const none = auditor({ stdout: false });
  assert.equal((none.redact(Buffer.alloc(10_000_000, 'a')).value as string).length, 10_000_000);
  assert.equal(none.redact(Buffer.alloc(10_000_000, 255)).value, '[binary, 10000000 bytes]');
});

test('a secret in bytes is found', () => {
  assert.equal(auditor({ stdout: false }).redact(Buffer.from('curl -u mika:fake-1')).value, 'curl -u mika:[REDACTED]');
});

test('a secret in the place of what is refused is not told', () => {
  const secret = `sk-${'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(2)}`;
  assert.throws(
    () => auditor({ stdout: false }).redact({ [secret]: { b: () => 1 } }),
    (error: { message: string; path: string }) =>
      error.path === '/[REDACTED]/b' && error.message.startsWith('`/[REDACTED]/b`: a function'),
  );
});

test('text comes back with its numbers as exact as the language has them', () => {
  const text = '{"a":[1,-0,1.5,1e300,9007199254740991,9007199254740992,-12345678901234567890,1e400],"b":{"c":[]}}';
  assert.deepEqual(parse(text), {
    a: [1, -0, 1.5, 1e300, 9007199254740991, 9007199254740992n, -12345678901234567890n, 1 / 0],
    b: { c: [] },
  });
  assert.equal(parse('1'.repeat(400)), BigInt('1'.repeat(400)));
});

test('what is redacted keeps every digit', () => {
  const { value, json } = auditor({ stdout: false }).redact({ a: 2n ** 64n, b: 0.1, password: 1n });
  assert.deepEqual(value, { a: 2n ** 64n, b: 0.1, password: '[REDACTED]' });
  assert.equal(json, '{"a":18446744073709551616,"b":0.1,"password":"[REDACTED]"}');
});

test('exact text is passed on as it is', () => {
  const { json } = auditor({ stdout: false }).redact(new Json('{"a":1.10,"a":[1E5],"b":"\\u0041"}'));
  assert.equal(json, '{"a":1.10,"a":[1E5],"b":"A"}');
});

test('lone surrogates become U+FFFD', () => {
  const none = auditor({ stdout: false });
  assert.equal(none.redact({ 'a\ud800': 'b\udfff' }).json, '{"a�":"b�"}');
  assert.equal(none.redact(new Json('"b\udfff"')).json, '"b�"');
});
