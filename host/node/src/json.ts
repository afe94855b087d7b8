/**
 * Exact JSON text in place of a whole argument: it is passed on as it is, so that numbers of any length, keys that come
 * twice and the spelling of each text arrive as they were written. For `emitBatch` it holds JSON Lines.
 */
export class Json {
  /** The text. */
  readonly text: string;

  /** @throws TypeError when it is no string. */
  constructor(text: string) {
    if (typeof text !== 'string') {
      throw new TypeError('`Json` takes JSON text, a string: pass a native value as it is, without `Json`');
    }
    this.text = text;
  }
}
