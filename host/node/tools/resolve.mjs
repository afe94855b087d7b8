// Lets a program anywhere import `auditbox` as if this package were installed beside it: `node --import …/resolve.mjs`.

import { registerHooks } from 'node:module';

const url = import.meta.resolve('auditbox');

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'auditbox' ? { url, shortCircuit: true } : next(specifier, context),
});
