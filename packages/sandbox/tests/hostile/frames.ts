import { byImpostor, type ImpostorAttack } from "./impostor.ts";
import type { Family } from "./attack.ts";

const broke = ["crashed", /broke its protocol/] as const;

const attacks: ImpostorAttack[] = [
  {
    name: "a frame that announces four gigabytes",
    script: "start(); hear(); raw(u32(0xffffffff));",
    ends: [["crashed", /at most \d+ are allowed/]],
  },
  { name: "a frame shorter than its own head", script: "start(); hear(); raw(u32(3, 0));", ends: [broke] },
  {
    name: "a frame whose JSON is longer than itself",
    script: "start(); hear(); raw(u32(4, 1000));",
    ends: [["crashed", /announces 1000/]],
  },
  { name: "a frame with no JSON", script: "start(); hear(); raw(u32(4, 0));", ends: [broke] },
  {
    name: "a frame with half of a JSON",
    script: "start(); hear(); raw(Buffer.concat([u32(5, 1), Buffer.from('{')]));",
    ends: [broke],
  },
  {
    name: "a frame of JSON nested a million deep",
    script:
      "start(); hear(); const deep = Buffer.from('['.repeat(1e6)); raw(Buffer.concat([u32(4 + deep.length, deep.length), deep]));",
    ends: [broke],
  },
  {
    name: "random bytes",
    script:
      "start(); hear(); let seed = 7; raw(Buffer.from(Array.from({ length: 4096 }, () => (seed = (seed * 1103515245 + 12345) % 2147483648) % 251)));",
    ends: [broke],
  },
  {
    name: "text for a terminal on its socket",
    script: "start(); hear(); raw(Buffer.from('HTTP/1.1 200 OK\\r\\n\\r\\n'));",
    ends: [broke],
  },
  { name: "a message that is none", script: "start(); hear(); say([]);", ends: [broke] },
  {
    name: "a message of a type objects inherit",
    script: "start(); hear(); say({ type: 'constructor' });",
    ends: [broke],
  },
  {
    name: "a message that would change every object",
    script:
      'start(); hear(); const evil = Buffer.from(\'{"__proto__":{"type":"done","polluted":1},"constructor":{"prototype":{"x":1}}}\'); raw(Buffer.concat([u32(4 + evil.length, evil.length), evil]));',
    ends: [broke],
  },
  {
    name: "figures below zero",
    script: "start(); hear(); say({ type: 'done', cpuMs: -1e9, peakMemoryMb: 1 });",
    ends: [broke],
  },
  {
    name: "figures that are no numbers",
    script: "start(); hear(); say({ type: 'done', cpuMs: '1', peakMemoryMb: null });",
    ends: [broke],
  },
  {
    name: "a failure that is the runner's to give",
    script: "start(); hear(); say({ type: 'failed', reason: 'sandbox_failed', message: 'not me', cpuMs: 1 });",
    ends: [broke],
  },
  {
    name: "a failure of a megabyte that would steer a terminal",
    script: `start(); hear(); say({ type: 'failed', reason: 'crashed', message: '\\u001b[2J' + 'x'.repeat(1e6), cpuMs: 1 });`,
    ends: [["crashed", /^[^\u001b]{1,1100}$/]],
  },
  {
    name: "a log over its limit in one frame",
    script: "start(); hear(); say({ type: 'log', text: 'x'.repeat(2e6) });",
    ends: [["log_limit", /4000/]],
  },
  {
    name: "a frame in drops, for ever",
    script: "start(); hear(); raw(u32(1000, 900)); for (;;) { raw(Buffer.from(' ')); pause(20); }",
    ends: [["timeout", /400 ms/]],
    timeMs: 400,
  },
  {
    name: "frames without end that say nothing",
    script: "start(); hear(); for (;;) say({ type: 'loaded' });",
    ends: [broke],
  },
  {
    name: "progress without end",
    script: "start(); hear(); for (;;) say({ type: 'progress', fraction: 0.5, text: 'x'.repeat(1e4) });",
    ends: [["crashed", /flooded its progress/]],
  },
  {
    name: "two calls at once, to spend a budget twice",
    script:
      "start(); hear(); raw(Buffer.concat(['a', 'b'].map((key) => encodeFrame({ type: 'call', method: 'kv.get', json: JSON.stringify({ key }) }))));",
    ends: [["crashed", /called twice at once/]],
  },
  {
    name: "a call of what objects inherit",
    script:
      "start(); hear(); say({ type: 'call', method: '__proto__', json: '{}' }); const { ok, json } = JSON.parse(hear().subarray(4)); done([ok, json.slice(0, 24)]);",
    ends: [{ gives: [false, "__proto__ is not granted;"].map((t) => (typeof t === "string" ? t.slice(0, 24) : t)) }],
  },
  {
    name: "a call whose JSON is four megabytes",
    script: `start(); hear(); say({ type: 'call', method: 'kv.set', json: JSON.stringify({ key: 'a', value: 'x'.repeat(4e6) }) }); const { ok } = JSON.parse(hear().subarray(4)); done(ok);`,
    ends: [{ gives: false }],
  },
  {
    name: "an output over its limit by a process that does not count",
    script: `start(); hear(); say({ type: 'done', cpuMs: 1, peakMemoryMb: 1 }, Buffer.from(JSON.stringify('x'.repeat(30000))));`,
    ends: [["output_limit", /20000/]],
  },
  {
    name: "an output that is no JSON",
    script: "start(); hear(); say({ type: 'done', cpuMs: 1, peakMemoryMb: 1 }, Buffer.from([0xff, 0xfe]));",
    ends: [["bad_output", /not JSON/]],
  },
  {
    name: "an answer twice, the second for the next execution",
    script: "start(); hear(); raw(Buffer.concat([result('mine'), result('forged')]));",
    ends: [{ gives: "mine" }, { gives: "mine" }],
  },
  {
    name: "half an answer to the next execution before it began",
    script:
      "start(); hear(); raw(Buffer.concat([result('mine'), result('forged').subarray(0, -1)])); hear(); done('forged');",
    ends: [{ gives: "mine" }, { gives: "mine" }],
  },
  {
    name: "a log between two executions",
    script: "start(); hear(); raw(Buffer.concat([result('mine'), encodeFrame({ type: 'log', text: 'of nobody' })]));",
    ends: [{ gives: "mine" }, { gives: "mine" }],
  },
  {
    name: "a flood between two executions",
    script:
      "start(); hear(); raw(Buffer.concat([result('mine'), Buffer.alloc(64 << 20, encodeFrame({ type: 'log', text: '' }))]));",
    ends: [{ gives: "mine" }, { gives: "mine" }],
  },
  {
    name: "a result before it was asked for one",
    script: "say({ type: 'ready' }); hear(); raw(Buffer.concat([encodeFrame({ type: 'loaded' }), result('early')]));",
    ends: [["crashed", /protocol/]],
  },
  {
    name: "a process that says it is ready twice",
    script: "say({ type: 'ready' }); say({ type: 'ready' });",
    ends: [["crashed", /protocol/]],
  },
  {
    name: "a process that closes its socket and stays",
    script: "start(); hear(); const { closeSync } = await import('node:fs'); closeSync(3); pause(60000);",
    ends: [["timeout", /400 ms/]],
    timeMs: 400,
  },
  {
    name: "a process that reads nothing",
    script: "start(); pause(60000);",
    ends: [["timeout", /400 ms/]],
    timeMs: 400,
  },
  {
    name: "a process that ends, and leaves another with its socket",
    script:
      "start(); hear(); const { spawn } = await import('node:child_process'); spawn(process.execPath, ['-e', 'setTimeout(() => {}, 4000)'], { detached: true, stdio: ['ignore', 'inherit', 'inherit', 3] }).unref(); pause(100); process.exit(0);",
    ends: [["crashed", /ended with code 0/]],
    timeMs: 60_000,
  },
  {
    name: "a process that ends at its input",
    script: "start(); hear(); process.exit(0);",
    ends: [["crashed", /ended with code 0/]],
  },
  {
    name: "a process that ends by a signal of its own",
    script: "start(); hear(); process.kill(process.pid, 'SIGSEGV'); pause(60000);",
    ends: [["crashed", /SIGSEGV/]],
  },
  {
    name: "a process that floods its standard error",
    script:
      "start(); hear(); for (let n = 0; n < 64; n += 1) writeSync(2, Buffer.alloc(1 << 20, 120)); process.exit(1);",
    ends: [["crashed", /^.{1,400}$/s]],
  },
  {
    name: "a process that writes terminal controls to its standard error",
    script: "start(); hear(); writeSync(2, '\\u001b[2Jowned\\u202e\\n'); process.exit(1);",
    ends: [["crashed", /^[^\u001b\u202e]*$/]],
  },
  {
    name: "a process that claims to have run out of memory",
    script: "start(); hear(); writeSync(2, 'heap limit'); process.exit(1);",
    ends: [["memory_limit", /ran out of memory/]],
  },
];

/** Processes that speak the frame protocol for themselves. */
export const frames: Family = { name: "malformed frames", attacks: attacks.map(byImpostor) };
