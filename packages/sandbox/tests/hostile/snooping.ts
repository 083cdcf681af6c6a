import { type Ending, byJs } from "./agent-attack.ts";
import type { Family } from "./attack.ts";

const crashed: Ending[] = ["crashed"];
const gives = (value: never): Ending[] => [{ gives: value }];
const runs = (body: string) => `export async function run(input, ctx) { ${body} }`;

const HOST_NAMES = [
  "process",
  "require",
  "module",
  "global",
  "Buffer",
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "Worker",
  "WebAssembly",
  "setTimeout",
  "setInterval",
  "queueMicrotask",
  "performance",
  "crypto",
  "navigator",
  "Deno",
  "Bun",
  "std",
  "os",
  "bjson",
  "print",
  "scriptArgs",
  "load",
  "read",
  "readFile",
  "quit",
  "gc",
  "structuredClone",
  "BroadcastChannel",
  "EventSource",
  "importScripts",
];

const attempts: [string, string, Ending[]][] = [
  [
    "names of any host",
    runs(`return ${JSON.stringify(HOST_NAMES)}.filter((name) => name in globalThis);`),
    gives([] as never),
  ],
  ["the process by its name", runs("return process.env;"), crashed],
  [
    "the process by the constructor of what it was given",
    runs("return ctx.log.constructor('return process')().env;"),
    crashed,
  ],
  [
    "the process by the constructor of a call's promise",
    runs("const p = ctx.call('x', {}); p.catch(() => {}); return p.constructor.constructor('return process')().pid;"),
    crashed,
  ],
  [
    "the process by the constructor of a refusal",
    runs("try { await ctx.call('x', {}); } catch (e) { return e.constructor.constructor('return process')().pid; }"),
    crashed,
  ],
  [
    "the process by the arguments of an overflowing host call",
    runs(
      "const f = () => { try { f(); } catch (e) { return ctx.log(e.constructor.constructor('return process')()); } }; f(); return globalThis.process.pid;",
    ),
    crashed,
  ],
  [
    "a module of Node's",
    'import fs from "node:fs"; export const run = () => fs.readFileSync("/etc/passwd", "utf8");',
    crashed,
  ],
  ["a module of Node's, later", runs("return (await import('node:fs')).readFileSync('/etc/passwd', 'utf8');"), crashed],
  [
    "the interpreter's own module of system calls",
    'import * as os from "os"; export const run = () => os.readdir("/");',
    crashed,
  ],
  [
    "the interpreter's own module of files",
    'import * as std from "std"; export const run = () => std.loadFile("/etc/passwd");',
    crashed,
  ],
  ["a module by a path", runs("return await import('/proc/self/environ');"), crashed],
  ["a module by an address", runs("const at = 'http://127.0.0.1/evil.js'; return await import(at);"), crashed],
  ["a module by data", runs("const at = 'data:text/javascript,export default 1'; return await import(at);"), crashed],
  ["its own sources by import.meta", runs("return Object.keys(import.meta);"), ["crashed", { gives: [] }]],
  [
    "the frames above it by prepareStackTrace",
    runs(
      "Error.prepareStackTrace = (_, frames) => frames; const s = new Error().stack; return [typeof s, String(s).includes('/')];",
    ),
    gives(["string", false] as never),
  ],
  [
    "paths of the host in a stack",
    runs("try { null.x; } catch (e) { return /node_modules|packages|home|child/.test(e.stack); }"),
    gives(false as never),
  ],
  [
    "the caller of its function",
    "export function run() { return String(run.caller) + String(arguments.callee); }",
    crashed,
  ],
  [
    "memory it shares with another",
    runs("return [typeof SharedArrayBuffer, typeof Atomics].join();"),
    ["crashed", { gives: "undefined,undefined" }, { gives: "function,undefined" }],
  ],
  [
    "a wait that would block its thread",
    runs("return Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0);"),
    ["crashed", "timeout"],
  ],
  [
    "the input of an earlier execution in fresh memory",
    runs("return [...new Uint8Array(4e6)].some((byte) => byte !== 0);"),
    ["memory_limit", { gives: false }],
  ],
  [
    "a setter that catches what it was given",
    runs(
      "let seen = 0; Object.defineProperty(Object.prototype, 'method', { set() { seen += 1; } }); try { await ctx.call('x', {}); } catch {} return seen;",
    ),
    gives(0 as never),
  ],
  [
    "a replacement of what its context uses",
    runs(
      "const parse = JSON.parse; JSON.parse = (t) => { throw new Error(t); }; String.prototype.slice = () => 'forged'; try { await ctx.call('x', {}); } catch (e) { return e.message; }",
    ),
    ["crashed", { gives: "forged" }],
  ],
  ["a change of its frozen context", runs("'use strict'; ctx.call = () => 1;"), crashed],
  [
    "a then on every object",
    "Object.prototype.then = function (done) { done('taken'); }; export const run = () => ({});",
    ["crashed", "timeout", "bad_output", { gives: "taken" }],
  ],
  [
    "a run that is no function but answers as one",
    "export const run = new Proxy(class {}, { apply: () => 1 });",
    [{ gives: 1 }],
  ],
];

/** JavaScript agents that look for a way out of their interpreter. */
export const snooping: Family = {
  name: "snooping out of the interpreter",
  attacks: attempts.map(([name, source, ends]) => byJs({ name, source, ends })),
};
