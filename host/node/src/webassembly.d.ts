/** What the engine calls of WebAssembly: TypeScript has its types only together with a browser's. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }

  class Instance {
    readonly exports: Record<string, unknown>;
    constructor(module: Module, imports?: Record<string, unknown>);
  }

  interface Memory {
    readonly buffer: ArrayBuffer;
  }

  class RuntimeError extends Error {}
}
