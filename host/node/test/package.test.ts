import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT, scratch } from './helpers.ts';

const HERE = path.join(import.meta.dirname, '..');
const read = (file: string) => fs.readFileSync(path.join(HERE, file), 'utf8');
const json = (file: string) => JSON.parse(read(file));

/** The properties of the interfaces in a declaration file, by their names. */
function interfaces(file: string): Record<string, string[]> {
  const blocks = read(file).matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms);
  return Object.fromEntries(
    Array.from(blocks, ([, name, body]) => [
      name,
      Array.from(body?.matchAll(/^ {4}(?:readonly )?(\w+)\??:/gm) ?? [], ([, property]) => property),
    ]),
  );
}

const schema = (name: string) => JSON.parse(fs.readFileSync(path.join(ROOT, `wit/schema/${name}.schema.json`), 'utf8'));

test('the types of events have exactly the properties of the schema', () => {
  const { audit_event, telemetry_event, principal, hook, contract } = schema('event').$defs;
  const keys = ({ properties }: { properties: object }) => Object.keys(properties);
  assert.deepEqual(interfaces('lib/event.d.ts'), {
    AuditEvent: keys(audit_event),
    TelemetryEvent: keys(telemetry_event),
    Principal: keys(principal),
    Hook: keys(hook),
    Contract: keys(contract),
  });
  const actions = read('lib/event.d.ts')
    .match(/type Action = (.*);/)?.[1]
    ?.replaceAll("'", '')
    .split(' | ');
  assert.deepEqual(actions, audit_event.properties.action.enum);
});

test('the types of the configuration have exactly the properties of the schema', () => {
  const { properties, $defs } = schema('config');
  const { Config, FileConfig, SinkConfig, RedactionConfig } = interfaces('lib/options.d.ts');
  assert.deepEqual(
    [Config, FileConfig, SinkConfig, RedactionConfig],
    [
      Object.keys(properties),
      Object.keys($defs.file.properties),
      Object.keys($defs.sink.properties),
      Object.keys(properties.redaction.properties),
    ],
  );
});

test('the types of receipts have exactly the properties of the schema', () => {
  const { properties, $defs } = schema('receipt');
  const { Receipt, Redaction, Failure } = interfaces('lib/receipt.d.ts');
  assert.deepEqual(
    [Receipt, Redaction, Failure],
    [
      [...Object.keys(properties), 'json'],
      Object.keys($defs.redaction.properties),
      Object.keys($defs.failure.properties),
    ],
  );
});

test('the type of rules has exactly the properties of the schema', () => {
  const { properties } = schema('rules').$defs.rule;
  assert.deepEqual(interfaces('lib/rule.d.ts'), { Rule: Object.keys(properties) });
  const kinds = properties.kind.enum.map((kind: string) => `'${kind}'`).join(' | ');
  assert.ok(read('lib/rule.d.ts').includes(`kind: ${kinds};`));
});

test('all packages have one version', () => {
  const [, version] = fs.readFileSync(path.join(ROOT, 'Cargo.toml'), 'utf8').match(/^version = "(.*)"$/m) ?? [];
  assert.equal(json('package.json').version, version);
  assert.equal(json('package-lock.json').version, version);
});

test('the lock file names no registry', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved"/);
});

test('the package depends on nothing and has what it needs and no more', () => {
  const { dependencies, peerDependencies, optionalDependencies } = json('package.json');
  assert.deepEqual([dependencies, peerDependencies, optionalDependencies], [undefined, undefined, undefined]);
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], {
    cwd: HERE,
  });
  const [{ files, unpackedSize }] = JSON.parse(packed.toString());
  const modules = fs.globSync('**/*.ts', { cwd: path.join(HERE, 'src') }).filter((name) => !name.endsWith('.d.ts'));
  const types = ['auditor', 'error', 'event', 'index', 'json', 'options', 'receipt', 'rule', 'sink', 'version'];
  const gen = ['js', 'core.wasm', 'core.wasm.sha256', 'core2.wasm', 'core3.wasm'];
  assert.deepEqual(
    files.map(({ path }: { path: string }) => path).sort(),
    [
      'LICENSE-APACHE',
      'LICENSE-MIT',
      'README.md',
      'package.json',
      ...modules.map((name) => `lib/${name.replace(/ts$/, 'js')}`),
      ...types.map((name) => `lib/${name}.d.ts`),
      ...gen.map((name) => `lib/gen/auditbox.${name}`),
    ].sort(),
  );
  assert.ok(unpackedSize < 1_500_000);
});

test('a strict program compiles against what is packed', (t) => {
  const folder = scratch(t);
  execFileSync('npm', ['pack', '--ignore-scripts', '--loglevel=silent', '--pack-destination', folder], { cwd: HERE });
  const [tarball] = fs.globSync('*.tgz', { cwd: folder });
  const unpacked = path.join(folder, 'node_modules/auditbox');
  fs.mkdirSync(unpacked, { recursive: true });
  execFileSync('tar', ['-xf', path.join(folder, tarball ?? ''), '-C', unpacked, '--strip-components=1']);
  fs.copyFileSync(path.join(HERE, 'test/types.ts'), path.join(folder, 'types.mts'));
  fs.writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        module: 'nodenext',
        target: 'es2022',
        types: ['node'],
        typeRoots: [path.join(HERE, 'node_modules/@types')],
      },
      files: ['types.mts'],
    }),
  );
  const tsc = path.join(HERE, 'node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--project', folder], { encoding: 'utf8' });
  assert.deepEqual([stdout, status], ['', 0]);
});

test('an older Node is told so at import', (t) => {
  const version = (node: string) => spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1);
  const nodes = (process.env.PATH ?? '').split(':').map((folder) => path.join(folder, 'node'));
  const older = nodes.find((node) => fs.existsSync(node) && Number.parseInt(version(node), 10) < 24);
  if (!older) {
    t.skip('there is no Node.js older than 24 in PATH');
    return;
  }
  const program = `import(${JSON.stringify(pathToFileURL(path.join(HERE, 'lib/index.js')))}).catch(({ message }) => console.log(message))`;
  const { stdout } = spawnSync(older, ['--eval', program], { encoding: 'utf8' });
  assert.equal(stdout, `auditbox needs Node.js 24 or newer, and this is ${version(older)}: run a newer Node.js\n`);
});
