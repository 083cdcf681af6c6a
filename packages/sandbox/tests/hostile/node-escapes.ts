import type { Family } from "./attack.ts";
import { type Escape, inNode } from "./escape.ts";

const attempts: [string, string, RegExp?][] = [
  ["a file", "show(fs.readFileSync(target.secretFile, 'utf8'));"],
  ["a file by a promise", "fs.promises.readFile(target.secretFile, 'utf8').then(show, () => {});"],
  ["a file by a stream", "fs.createReadStream(target.secretFile).on('data', show).on('error', () => {});"],
  [
    "a file by a descriptor",
    "const bytes = Buffer.alloc(200); fs.readSync(fs.openSync(target.secretFile), bytes); show(bytes);",
  ],
  ["a file by a path of bytes", "show(fs.readFileSync(Buffer.from(target.secretFile), 'utf8'));"],
  ["a file by an address", "show(fs.readFileSync(new URL('file://' + target.secretFile), 'utf8'));"],
  [
    "a file by a way up and down",
    "show(fs.readFileSync(process.execArgv.find((a) => a.startsWith('--allow-fs-read'))?.slice(16).concat('/../../../../../../../../../../../..', target.secretFile) ?? target.secretFile, 'utf8'));",
  ],
  [
    "a file copied to where it may read",
    "fs.cpSync(target.secretFile, '/tmp/' + target.mark); try { show(fs.readFileSync('/tmp/' + target.mark, 'utf8')); } finally { fs.unlinkSync('/tmp/' + target.mark); }",
  ],
  [
    "a file by a module's loader",
    "try { require('node:module').createRequire('/')(target.keyValueFile.replace('.json', '') + '.json'); } catch {} show(JSON.stringify(require(target.keyValueFile)));",
  ],
  [
    "a file by an import of JSON",
    "import(target.keyValueFile, { with: { type: 'json' } }).then((m) => show(JSON.stringify(m.default)), () => {});",
  ],
  [
    "a file by Node's own binding",
    "show(process.binding('fs').internalModuleReadJSON?.(target.keyValueFile) ?? process.binding('fs').readFileUtf8(target.secretFile, 0));",
  ],
  ["a file by a program", "show(child.execFileSync('/bin/cat', [target.secretFile]));"],
  [
    "a file by a process of Node's",
    "const [program, args] = self(\"process.stdout.write(require('node:fs').readFileSync(JSON.parse(process.argv[1]).secretFile, 'utf8'))\"); show(child.execFileSync(program, args));",
  ],
  [
    "a file by a thread",
    "const { Worker } = require('node:worker_threads'); new Worker(\"const { parentPort, workerData } = require('node:worker_threads'); parentPort.postMessage(require('node:fs').readFileSync(workerData, 'utf8'))\", { eval: true, workerData: target.secretFile, execArgv: [] }).on('message', show).on('error', () => {});",
  ],
  [
    "a file by a context of its own",
    "show(require('node:vm').runInNewContext('fs.readFileSync(path, \"utf8\")', { fs, path: target.secretFile }));",
  ],
  [
    "a file by WASI",
    "const { WASI } = require('node:wasi'); new WASI({ version: 'preview1', preopens: { '/': target.folder } }); show(fs.readFileSync(target.secretFile, 'utf8'));",
  ],
  [
    "a file watched",
    "fs.watch(target.folder, () => show('watched')); fs.promises.readFile(target.secretFile, 'utf8').then(show, () => {}).finally(() => process.exit());",
  ],
  [
    "a database over a cached artifact",
    "const { DatabaseSync } = require('node:sqlite'); fs.unlinkSync(target.cachedArtifact); new DatabaseSync(target.cachedArtifact).exec('create table a (b)');",
  ],
  [
    "a report of the process over a cached artifact",
    "process.report.directory = target.folder + '/artifacts'; process.report.writeReport('report.json');",
  ],
  [
    "a snapshot of the heap beside a cached artifact",
    "require('node:v8').writeHeapSnapshot(target.folder + '/artifacts/heap');",
  ],
  ["a cached artifact, written over", "fs.writeFileSync(target.cachedArtifact, '');"],
  ["a cached artifact, deleted by a promise", "fs.promises.rm(target.cachedArtifact).catch(() => {});"],
  ["a link in the cache", "fs.symlinkSync('/etc/passwd', target.folder + '/artifacts/link');"],
  [
    "code from text",
    "const run = Function; show(attempt(() => run('return process.version')() + ' ran'));",
    /^(?!.*ran)/s,
  ],
];

/** Scripts that have left the interpreter for Node, and ask Node for the rest. */
export const inside: readonly Escape[] = attempts.map(([name, script, shows]) => ({
  name: `${name}, asked of Node`,
  script,
  heldBy: () => true,
  ...(shows ? { shows } : {}),
}));

export const nodeEscapes: Family = { name: "escapes into Node", attacks: inside.map(inNode) };
