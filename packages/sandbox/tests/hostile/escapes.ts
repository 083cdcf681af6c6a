import type { Containment } from "@stoa/sandbox";
import type { Family } from "./attack.ts";
import { byEscape, type Escape } from "./escape.ts";

const hidden = ({ namespaces }: Containment) => namespaces.kind === "bwrap";
const apart = ({ namespaces }: Containment) => namespaces.kind !== "none";
/** The node's folder is its own user's alone. */
const kept = (held: Containment) => hidden(held) || held.ownUser;
const bounded = ({ prlimit }: Containment) => prlimit !== undefined;

const files: [string, string][] = [
  ["the node's key file", "show(fs.readFileSync(target.secretFile, 'utf8'));"],
  [
    "the node's key file by a symbolic link of its own",
    "const link = '/tmp/' + target.mark; fs.symlinkSync(target.secretFile, link); try { show(fs.readFileSync(link, 'utf8')); } finally { fs.unlinkSync(link); }",
  ],
  [
    "the node's key file by a hard link of its own",
    "const link = '/tmp/' + target.mark; fs.linkSync(target.secretFile, link); try { show(fs.readFileSync(link, 'utf8')); } finally { fs.unlinkSync(link); }",
  ],
  [
    "the node's key file by a mode of its own choice",
    "fs.chmodSync(target.folder, 0o777); fs.chmodSync(target.secretFile, 0o666); show(fs.readFileSync(target.secretFile, 'utf8'));",
  ],
  [
    "the node's key file through another process's root",
    "show(fs.readFileSync('/proc/' + target.victimPid + '/root' + target.secretFile, 'utf8'));",
  ],
  [
    "the node's key file through another process's folder",
    "show(fs.readFileSync('/proc/' + target.nodePid + '/root' + target.secretFile, 'utf8'));",
  ],
  ["the node's key file by a program", "show(child.execFileSync('/bin/cat', [target.secretFile]));"],
  [
    "the node's key file by a program that changes the user",
    "show(child.execFileSync('su', ['-c', 'cat ' + target.secretFile]));",
  ],
  [
    "the node's key file by a user namespace of its own",
    "show(child.execFileSync('unshare', ['--user', '--map-root-user', 'cat', target.secretFile]));",
  ],
  ["the node's key file as root again", "process.setuid(0); show(fs.readFileSync(target.secretFile, 'utf8'));"],
  ["another agent's memory, by its file", "show(fs.readFileSync(target.keyValueFile, 'utf8'));"],
  ["another agent's memory, written over", "fs.writeFileSync(target.keyValueFile, '{}');"],
  ["a cached artifact, written over", "fs.writeFileSync(target.cachedArtifact, '');"],
  ["a cached artifact, its end cut off", "fs.truncateSync(target.cachedArtifact, 3);"],
  ["a cached artifact, deleted", "fs.unlinkSync(target.cachedArtifact);"],
  ["a cached artifact, renamed", "fs.renameSync(target.cachedArtifact, target.cachedArtifact + '.old');"],
  [
    "a cached artifact, in whose place a link leads elsewhere",
    "fs.unlinkSync(target.cachedArtifact); fs.symlinkSync('/etc/hostname', target.cachedArtifact);",
  ],
  ["an artifact under a hash that is not its own", "fs.mkdirSync(target.folder + '/artifacts/0x' + '00'.repeat(32));"],
  [
    "the cache in whose place another folder stands",
    "fs.renameSync(target.folder + '/artifacts', target.folder + '/old'); fs.mkdirSync(target.folder + '/artifacts');",
  ],
];

const snooping: Escape[] = [
  { name: "the environment it was started in", script: "show(JSON.stringify(process.env));", heldBy: () => true },
  {
    name: "the environment of another process",
    script: "show(fs.readFileSync('/proc/' + target.victimPid + '/environ', 'utf8'));",
    heldBy: kept,
  },
  {
    name: "the environment of every process",
    script:
      "for (const pid of fs.readdirSync('/proc')) show(attempt(() => fs.readFileSync('/proc/' + pid + '/environ', 'utf8')));",
    heldBy: kept,
  },
  {
    name: "the memory of another process",
    script:
      "const stack = /([0-9a-f]+)-([0-9a-f]+) .*\\[stack\\]/.exec(fs.readFileSync('/proc/' + target.victimPid + '/maps', 'utf8')); const [from, to] = [parseInt(stack[1], 16), parseInt(stack[2], 16)]; const bytes = Buffer.alloc(to - from); fs.readSync(fs.openSync('/proc/' + target.victimPid + '/mem'), bytes, 0, bytes.length, from); show(bytes.toString('latin1'));",
    heldBy: kept,
  },
  {
    name: "how many files it may open",
    script:
      "const open = []; show(attempt(() => { while (open.length < 1000) open.push(fs.openSync('/dev/null')); }) + ' at ' + (open.length < 100 ? 'few' : 'many'));",
    shows: /EMFILE at few/,
    heldBy: bounded,
  },
  {
    name: "a file that fills the disk",
    script:
      "const path = '/tmp/' + target.mark; show(attempt(() => { fs.writeFileSync(path, Buffer.alloc(1 << 20)); fs.unlinkSync(path); return 'wrote'; })); attempt(() => fs.unlinkSync(path));",
    shows: /EFBIG|EROFS|EACCES|EPERM/,
    heldBy: bounded,
  },
  {
    name: "memory that is a file",
    script:
      "const path = '/dev/shm/' + target.mark; show(attempt(() => { fs.writeFileSync(path, Buffer.alloc(1 << 20)); fs.unlinkSync(path); return 'wrote'; })); attempt(() => fs.unlinkSync(path));",
    shows: /EFBIG|EROFS|EACCES|EPERM|ENOENT/,
    heldBy: bounded,
  },
  {
    name: "empty files without end",
    script: "for (let n = 0; n < 100; n += 1) fs.closeSync(fs.openSync('/tmp/' + target.mark + '-' + n, 'w'));",
    heldBy: hidden,
  },
  {
    name: "a place before others when memory is short",
    script: "show(attempt(() => { fs.writeFileSync('/proc/self/oom_score_adj', '-1000'); return 'first'; }));",
    shows: /^(?!first)/,
    heldBy: kept,
    isTriedOutside: false,
  },
];

const network: [string, string][] = [
  ["a connection to loopback", "net.connect(target.port, '127.0.0.1').on('error', () => {});"],
  ["a connection to loopback by version 6", "net.connect(target.port, '::ffff:127.0.0.1').on('error', () => {});"],
  ["a connection to any address of this machine", "net.connect(target.port, '0.0.0.0').on('error', () => {});"],
  ["a request by fetch", "fetch('http://127.0.0.1:' + target.port).catch(() => {});"],
  [
    "a datagram to loopback",
    "const socket = require('node:dgram').createSocket('udp4'); socket.on('error', () => {}).send('x', target.datagramPort, '127.0.0.1', () => socket.close());",
  ],
  [
    "a connection from a thread",
    "new (require('node:worker_threads').Worker)(\"require('node:net').connect(\" + target.port + \", '127.0.0.1').on('error', () => {});\", { eval: true }).on('error', () => {});",
  ],
  [
    "a connection by a process it started",
    "const [program, args] = self(\"require('node:net').connect(JSON.parse(process.argv[1]).port, '127.0.0.1').on('error', () => {});\"); child.spawn(program, args).on('error', () => {});",
  ],
];

const processes: Escape[] = [
  {
    name: "another process, killed",
    script: "process.kill(target.victimPid, 'SIGKILL');",
    heldBy: (held) => apart(held) || held.ownUser,
  },
  {
    name: "another process, stopped",
    script: "process.kill(target.victimPid, 'SIGSTOP');",
    heldBy: (held) => apart(held) || held.ownUser,
  },
  {
    name: "another process, slowed down",
    script: "os.setPriority(target.victimPid, 19);",
    heldBy: (held) => apart(held) || held.ownUser,
  },
  {
    name: "every process it may reach, killed",
    script: "if (process.getuid() === 0) throw new Error('not as root'); process.kill(-1, 'SIGKILL');",
    heldBy: (held) => apart(held) && held.ownUser,
    isTriedOutside: false,
  },
  {
    name: "a process that leaves its group and stays",
    script:
      "const [program, args] = self('setInterval(() => {}, 1000)'); child.spawn(program, args, { detached: true, stdio: 'ignore' }).on('error', () => {}).unref();",
    heldBy: apart,
  },
  {
    name: "a hundred processes that each start more",
    script:
      "const code = \"const [p, a] = [process.execPath, ['-e', 'setInterval(() => {}, 1000)', process.argv[1]]]; for (let n = 0; n < 20; n += 1) require('node:child_process').spawn(p, a, { detached: true, stdio: 'ignore' }).on('error', () => {}); setInterval(() => {}, 1000);\"; const [program, args] = self(code); for (let n = 0; n < 5; n += 1) child.spawn(program, args, { detached: true, stdio: 'ignore' }).on('error', () => {}); setTimeout(() => process.exit(0), 300);",
    heldBy: (held) => apart(held) && held.ownUser && bounded(held),
    isTriedOutside: false,
  },
  {
    name: "threads without end",
    script:
      "const { Worker } = require('node:worker_threads'); process.on('uncaughtException', () => process.exit(3)); let n = 0; for (; n < 100; n += 1) new Worker('setInterval(() => {}, 1000)', { eval: true }).on('error', () => process.exit(3)); setTimeout(() => process.exit(0), 300);",
    heldBy: (held) => bounded(held) && held.ownUser,
    isTriedOutside: false,
  },
  {
    name: "memory until the machine has none",
    script:
      "const kept = []; for (let n = 0; n < 200; n += 1) kept.push(Buffer.alloc(16 << 20, 1)); show('took three gigabytes');",
    shows: /^(?!.*took)/s,
    heldBy: bounded,
    isTriedOutside: false,
  },
  {
    name: "the processor for ever",
    script: "process.on('SIGXCPU', () => {}); while (process.cpuUsage().user < 6e6); show('went on');",
    shows: /^(?!.*went on)/s,
    heldBy: bounded,
    isTriedOutside: false,
  },
];

/** Programs that have left the interpreter and Node: what the system itself must hold in. */
export const outside: readonly Escape[] = [
  ...files.map(([name, script]) => ({ name, script, heldBy: kept })),
  ...snooping,
  ...network.map(([name, script]) => ({ name, script, heldBy: apart })),
  {
    name: "a connection to the container engine's socket",
    script: "net.connect(target.socketPath).on('error', () => {});",
    heldBy: kept,
  },
  ...processes,
];

export const escapes: Family = { name: "escapes from the process", attacks: outside.map(byEscape) };
