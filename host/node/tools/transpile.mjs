// Makes the JavaScript around a component, and takes the component's core module out of it: `transpile.mjs FROM.wasm TO`.
// Users of the package get what is written here, and need neither jco nor the component.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { transpileBytes } from '@bytecodealliance/jco-transpile';
import { minifySync } from 'oxc-minify';

/**
 * What jco writes and must not run, and what runs in its place. The script fails when jco no longer writes it.
 */
const CHANGES = [
  // With this variable in its environment a program would print payloads. Asking for it is half of the time of an `emit`.
  [/if \(!globalThis\?\.process\?\.env\?\.JCO_DEBUG\) \{ return; \}\s*console\.debug\(\.\.\.args\);/, ''],
  // The length of a text in UTF-8, character by character: a third of the time of a large `redact`.
  [
    /let len = 0;\s*let codepoints = 0;\s*for \(let i = 0; i < s\.length; i\+\+\) \{.*?\n {4}\}\n(?= {4}const ptr)/s,
    'const len = Buffer.byteLength(s), codepoints = 0;\n',
  ],
];

/**
 * Writes `auditbox.js`, its types, the core modules, and the SHA-256 of the first one, which is the component's own.
 *
 * @param {string} from path of a component
 * @param {string} to folder, which is made anew
 */
export async function transpile(from, to) {
  const component = fs.readFileSync(from);
  const { files } = await transpileBytes(component, {
    name: 'auditbox',
    instantiation: 'sync',
    // The guest's strings are UTF-8 as they are.
    validLiftingOptimization: true,
    nodejsCompat: false,
    namespacedExports: false,
  });
  const bindings = Buffer.from(files['auditbox.js']).toString();
  files['auditbox.js'] = minifySync('auditbox.js', CHANGES.reduce(change, bindings), { module: true }).code;
  const core = files['auditbox.core.wasm'];
  if (!component.includes(core)) {
    throw new Error('jco has changed the core module: the package must carry it as the component has it');
  }
  files['auditbox.core.wasm.sha256'] = `${createHash('sha256').update(core).digest('hex')}\n`;

  fs.rmSync(to, { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(to, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
}

function change(text, [from, to]) {
  if (!from.test(text)) {
    throw new Error(`jco writes something else than it did: adapt ${from} in ${import.meta.filename}`);
  }
  return text.replace(from, to);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await transpile(process.argv[2], process.argv[3]);
}
