/** Native values as JSON text, and JSON text as native values. What is in them is no concern of this file. */

import { isUtf8 } from 'node:buffer';
import { types } from 'node:util';
import { Json } from './json.js';

declare global {
  interface JSON {
    /** TypeScript's libraries do not have it yet. */
    isRawJSON(value: unknown): boolean;
  }
}

/** How many lists and objects may be inside each other: as many as the component reads. */
const DEEPEST = 128;

/** No configuration accepts a longer text, and the component could not hold one that is much longer. */
export const LONGEST_BYTES = 256 * 2 ** 20;

/** Why a native value has no JSON text. */
export class Unwritable extends Error {
  /** JSON Pointer (RFC 6901). May hold a secret, as keys do. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/**
 * The JSON text of a native value.
 *
 * @throws {@link Unwritable} when it has none.
 */
export function stringify(value: unknown): string {
  try {
    // `JSON.stringify` is the fastest there is, for what it neither drops nor changes.
    if (isPlain(value, 0)) {
      return JSON.stringify(value);
    }
  } catch {
    // A getter, or a text that is too long: the writer below says where.
  }
  return new Writer().whole(value);
}

/**
 * The native value of JSON text. Integers beyond 2^53 are bigints.
 *
 * @throws SyntaxError when it is not JSON.
 */
export function parse(json: string): unknown {
  const value: unknown = JSON.parse(json);
  return hasLargeInteger(value) ? JSON.parse(json, exactly) : value;
}

function hasLargeInteger(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).some(hasLargeInteger);
  }
  return isLarge(value);
}

function exactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source ?? '';
  return isLarge(value) && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

function isLarge(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
}

/** Whether `JSON.stringify` writes this as this file promises. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) {
    return true;
  }
  if (depth === DEEPEST || 'toJSON' in value) {
    return false;
  }
  if (Array.isArray(value)) {
    return value.every((item) => isPlain(item, depth + 1));
  }
  const prototype = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) &&
    Object.values(value).every((item) => isPlain(item, depth + 1))
  );
}

/** Writes any value, and knows where it is when it cannot. */
class Writer {
  /** The keys and positions on the way to the value at hand. */
  readonly #keys: (string | number)[] = [];

  /** The values around it. */
  readonly #around: object[] = [];

  whole(value: unknown): string {
    try {
      return this.#value(value) ?? this.#refuse('there is no value: pass one, `null` for none');
    } catch (error) {
      if (error instanceof Unwritable) {
        throw error;
      }
      return this.#refuse(`its \`toJSON\`, or reading it, threw a \`${typeName(error)}\`: pass a plain value`);
    }
  }

  /** `undefined` for what has none and is left out. What `toJSON` has answered is not asked again: it may be itself. */
  #value(value: unknown, asked = false): string | undefined {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value);
      case 'number':
        return Number.isFinite(value) ? (Object.is(value, -0) ? '-0' : String(value)) : `"${value}"`;
      case 'bigint':
      case 'boolean':
        return String(value);
      case 'undefined':
        return undefined;
      case 'object':
        return value === null ? 'null' : this.#object(value, asked);
      default:
        return this.#refuse(`a ${typeof value} has no JSON: leave it out, or pass what it stands for`);
    }
  }

  #object(value: object, asked: boolean): string | undefined {
    if (types.isAnyArrayBuffer(value) || (ArrayBuffer.isView(value) && isBytes(value))) {
      return bytes(value);
    }
    if (types.isDate(value)) {
      return Number.isNaN(value.getTime())
        ? this.#refuse('it is an invalid date: pass a valid one')
        : `"${value.toISOString()}"`;
    }
    if (JSON.isRawJSON(value)) {
      return JSON.stringify(value);
    }
    if (!asked && 'toJSON' in value && typeof value.toJSON === 'function') {
      return this.#value(value.toJSON(String(this.#keys.at(-1) ?? '')), true);
    }
    if (types.isNativeError(value)) {
      return JSON.stringify(`${value.name === 'Error' ? typeName(value) : value.name}: ${value.message}`);
    }
    if (value instanceof Json) {
      return this.#refuse('`Json` stands for a whole argument: pass a native value here');
    }
    return this.#nested(value);
  }

  #nested(value: object): string {
    if (this.#around.includes(value)) {
      return this.#refuse('it contains itself: leave this reference out');
    }
    if (this.#around.length === DEEPEST) {
      // The component's own words, as of a text that is too deep.
      throw new Unwritable('', `expected at most ${DEEPEST} lists and objects inside each other`);
    }
    this.#around.push(value);
    const text = this.#container(value);
    this.#around.pop();
    if (text.length > LONGEST_BYTES) {
      return this.#refuse(`more than ${LONGEST_BYTES} bytes long, but at most so many can be accepted`);
    }
    return text;
  }

  #container(value: object): string {
    if (Array.isArray(value) || types.isSet(value) || ArrayBuffer.isView(value)) {
      return this.#list(value as Iterable<unknown>);
    }
    if (types.isMap(value)) {
      return this.#members(this.#entries(value));
    }
    // What has a tag of its own, such as a promise or a regular expression, is more than its properties.
    if (Object.prototype.toString.call(value) === '[object Object]') {
      return this.#members(Object.entries(value));
    }
    return this.#refuse(`a \`${typeName(value)}\` has no JSON: pass a plain value, or give it a \`toJSON\``);
  }

  #list(items: Iterable<unknown>): string {
    const texts: string[] = [];
    for (const item of items) {
      this.#keys.push(texts.length);
      texts.push(this.#value(item) ?? 'null');
      this.#keys.pop();
    }
    return `[${texts.join(',')}]`;
  }

  #members(entries: Iterable<[string, unknown]>): string {
    const texts: string[] = [];
    for (const [key, value] of entries) {
      this.#keys.push(key);
      const text = this.#value(value);
      if (text !== undefined) {
        texts.push(`${JSON.stringify(key)}:${text}`);
      }
      this.#keys.pop();
    }
    return `{${texts.join(',')}}`;
  }

  *#entries(map: Map<unknown, unknown>): Iterable<[string, unknown]> {
    for (const [key, value] of map) {
      if (key !== null && !['string', 'number', 'bigint', 'boolean'].includes(typeof key)) {
        this.#refuse(`it has a key of type \`${typeof key}\`: use text, numbers, booleans or \`null\` as keys`);
      }
      yield [String(key), value];
    }
  }

  #refuse(message: string): never {
    const step = (key: string | number) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    throw new Unwritable(this.#keys.map(step).join(''), message);
  }
}

/** Numbers of more than a byte are a list. */
function isBytes(view: ArrayBufferView): boolean {
  return types.isUint8Array(view) || types.isUint8ClampedArray(view) || types.isDataView(view);
}

/** The text that the bytes are, so that secrets in it are found; their number when they are none. */
function bytes(value: ArrayBufferLike | ArrayBufferView): string {
  const bytes = ArrayBuffer.isView(value)
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : Buffer.from(value);
  return isUtf8(bytes) ? JSON.stringify(bytes.toString()) : `"[binary, ${bytes.length} bytes]"`;
}

/** The name of a value's type: all that may be told of an exception, or of a value that is refused. */
export function typeName(value: unknown): string {
  try {
    const type: unknown = value instanceof Object ? value.constructor : undefined;
    return typeof type === 'function' && type.name !== '' ? type.name : typeof value;
  } catch {
    return typeof value;
  }
}
