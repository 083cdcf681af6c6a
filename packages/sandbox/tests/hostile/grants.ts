import type { KeyValueStore } from "@stoa/sandbox";
import { type AgentAttack, byJs } from "./agent-attack.ts";
import { OTHER_KEY, OTHER_VERSION } from "./arena.ts";
import type { Attack, Family } from "./attack.ts";

const KEY_VALUE = { grants: { keyValue: true as const }, given: (keyValue: KeyValueStore) => ({ keyValue }) };
/** What a call comes to: `ok`, or how its refusal begins. */
const CALL =
  "const call = async (method, params) => { try { await ctx.call(method, params); return 'ok'; } catch (e) { return e.message; } };";
const runs = (body: string) => `export async function run(input, ctx) { ${CALL} ${body} }`;
const returns = (expression: string) => runs(`return ${expression};`);

const memory: AgentAttack[] = [
  {
    name: "another's key by its name",
    source: runs(`return ctx.call('kv.get', { key: '${OTHER_KEY}' });`),
    ends: [{ gives: null }],
  },
  {
    name: "another's key by its version in the key",
    source: runs(
      `return Promise.all(['${OTHER_VERSION}/${OTHER_KEY}', '../${OTHER_VERSION}.json', '../../node.key', '/etc/passwd', '${OTHER_VERSION}.json'].map((key) => ctx.call('kv.get', { key })));`,
    ),
    ends: [{ gives: [null, null, null, null, null] }],
  },
  {
    name: "another's version as a parameter",
    source: runs(
      `return ctx.call('kv.get', { version: '${OTHER_VERSION}', versionId: '${OTHER_VERSION}', agent: '${OTHER_VERSION}', key: '${OTHER_KEY}' });`,
    ),
    ends: [{ gives: null }],
  },
  { name: "every key there is", source: runs("return ctx.call('kv.list', { prefix: '' });"), ends: [{ gives: [] }] },
  {
    name: "another's key to be deleted",
    source: runs(`return ctx.call('kv.delete', { key: '${OTHER_KEY}' });`),
    ends: [{ gives: null }],
  },
  {
    name: "another's key to be written over",
    source: runs(`return ctx.call('kv.set', { key: '${OTHER_KEY}', value: 'mine' });`),
    ends: [{ gives: null }],
  },
  {
    name: "keys that objects inherit",
    source: runs(
      "const out = []; for (const key of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) { out.push(await ctx.call('kv.get', { key })); await ctx.call('kv.set', { key, value: { polluted: true } }); } return [out, await ctx.call('kv.get', { key: 'valueOf' })];",
    ),
    ends: [{ gives: [[null, null, null, null, null], null] }],
  },
  {
    name: "parameters that would change every object of the broker",
    source: runs(
      'const evil = JSON.parse(\'{"key":"a","value":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1,"key":"b"},"constructor":{"prototype":{"polluted":1}}}\'); await ctx.call(\'kv.set\', evil); return (await ctx.call(\'kv.list\', { prefix: \'\' })).join();',
    ),
    ends: [{ gives: "a" }],
  },
  {
    name: "parameters with their key only on a prototype",
    source: returns('call(\'kv.get\', JSON.parse(\'{"__proto__":{"key":"a"}}\'))'),
    ends: [{ gives: "key must be text" }],
  },
  {
    name: "a key that is an object",
    source: returns("call('kv.get', { key: { toString: 'a', length: 1 } })"),
    ends: [{ gives: "key must be text" }],
  },
  {
    name: "a value nested deeper than a reader goes",
    source: runs(
      "let a = 1; for (let i = 0; i < 3000; i += 1) a = [a]; return call('kv.set', { key: 'a', value: a });",
    ),
    ends: [{ gives: "the parameters are nested too deep" }],
  },
  {
    name: "a megabyte under one key",
    source: runs("return (await call('kv.set', { key: 'a', value: 'x'.repeat(1e6) })).slice(0, 12);"),
    ends: [{ gives: "a value has " }],
  },
  {
    name: "a quota filled from eight executions at once",
    source: runs(
      "const value = 'x'.repeat(60000); let kept = 0; for (let i = 0; i < 20; i += 1) if ((await call('kv.set', { key: String(Math.random()), value })) === 'ok') kept += 1; const keys = await ctx.call('kv.list', { prefix: '' }); return keys.length <= 17 && kept <= 17;",
    ),
    atOnce: 8,
    ends: [{ gives: true }],
  },
  {
    name: "more keys than there may be, in files of their own",
    source: runs(
      "for (let i = 0; i < 30; i += 1) await call('kv.set', { key: 'k'.repeat(1000) + i, value: 1 }); return ctx.call('kv.list', { prefix: '' });",
    ),
    ends: [{ gives: [] }],
  },
].map((attack) => ({ ...KEY_VALUE, ...(attack as AgentAttack) }));

const methods: AgentAttack[] = [
  {
    name: "methods that objects inherit",
    source: runs(
      "const out = []; for (const name of ['__proto__', 'constructor', 'toString', 'has', 'get', '']) out.push((await call(name, {})).endsWith('is not granted')); return out.every(Boolean);",
    ),
    ends: [{ gives: true }],
  },
  {
    name: "methods that were not granted",
    source: runs(
      "const out = []; for (const name of ['kv.get', 'http.fetch', 'task.run', 'llm.chat', 'llm.embed', 'KV.GET', 'kv.get\\u0000']) out.push((await call(name, { key: 'a' })).endsWith('is not granted')); return out.every(Boolean);",
    ),
    given: (keyValue) => ({ keyValue, http: { allowedHosts: ["*"] } }),
    ends: [{ gives: true }],
  },
  {
    name: "a hundred names for one meter",
    source: runs("for (let i = 0; i < 100; i += 1) await call('m' + i, {}); return 1;"),
    ends: [{ gives: 1 }],
  },
];

/** Ways to write an address that leads back to the node; `PORT` is where a listener waits. */
const addresses = [
  ["loopback by its number", "http://127.0.0.1:PORT/"],
  ["loopback by its name", "http://localhost:PORT/"],
  ["loopback in one number", "http://2130706433:PORT/"],
  ["loopback in hexadecimal", "http://0x7f.0.0.1:PORT/"],
  ["loopback in octal", "http://0177.0.0.1:PORT/"],
  ["loopback by two numbers", "http://127.1:PORT/"],
  ["any address of this machine", "http://0.0.0.0:PORT/"],
  ["loopback of version 6", "http://[::1]:PORT/"],
  ["loopback mapped into version 6", "http://[::ffff:127.0.0.1]:PORT/"],
  ["loopback translated into version 6", "http://[64:ff9b::7f00:1]:PORT/"],
  ["loopback behind a name of its own", "http://stoa.localhost:PORT/"],
  ["loopback with a dot at its end", "http://127.0.0.1.:PORT/"],
] as const;
const HTTP_GIVEN = { http: { allowedHosts: ["*"] } };

const http: AgentAttack[] = [
  {
    name: "a file by its address",
    source: runs("return (await call('http.fetch', { url: 'file:///etc/passwd' })).slice(0, 23);"),
    ends: [{ gives: "only http and https are" }],
  },
  {
    name: "data by its address",
    source: runs("return (await call('http.fetch', { url: 'data:text/plain,x' })).slice(0, 23);"),
    ends: [{ gives: "only http and https are" }],
  },
  {
    name: "a host behind another's name and password",
    source: runs("return call('http.fetch', { url: 'http://example.org@127.0.0.1/' });"),
    ends: [{ gives: "a URL may not carry a user or password" }],
  },
  {
    name: "a host its manifest does not list",
    source: runs("return call('http.fetch', { url: 'http://example.net/' });"),
    ends: [{ gives: "the manifest does not list the host example.net" }],
  },
  {
    name: "the cloud's own address",
    source: runs("return call('http.fetch', { url: 'http://169.254.169.254/latest/meta-data/' });"),
    grants: { http: ["169.254.169.254"] },
    ends: [{ gives: "169.254.169.254 is a private address" }],
  },
  {
    name: "headers that would carry a node's rights",
    source: runs(
      "return (await call('http.fetch', { url: 'http://example.org/', headers: { Host: 'metadata', authorization: 'x' } })).slice(0, 16);",
    ),
    ends: [{ gives: "only the headers" }],
  },
  {
    name: "a second request inside of a header",
    source: runs(
      "return (await call('http.fetch', { url: 'http://example.org/', headers: { accept: 'a\\r\\nx: y\\r\\n\\r\\nGET /' } })) !== 'ok';",
    ),
    ends: [{ gives: true }],
  },
  {
    name: "a second request inside of the address",
    source: runs("return (await call('http.fetch', { url: 'http://127.0.0.1\\r\\nx: y/' })) !== 'ok';"),
    ends: [{ gives: true }],
  },
  {
    name: "a method that is no method",
    source: runs("return (await call('http.fetch', { url: 'http://example.org/', method: 'CONNECT' })).slice(0, 12);"),
    ends: [{ gives: "only GET and" }],
  },
].map((attack) => ({ grants: { http: ["example.org"] }, given: () => HTTP_GIVEN, ...(attack as AgentAttack) }));

const tasks: AgentAttack[] = [
  {
    name: "a price below zero",
    source: runs(
      "const out = []; for (const maxPrice of ['-1', '0', '1e9', '0x10', ' 1', '1.5', 1, null, '9'.repeat(80)]) out.push((await call('task.run', { capability: 'text.a', input: 1, maxPrice })).startsWith('maxPrice must')); return out.every(Boolean);",
    ),
    ends: [{ gives: true }],
  },
  {
    name: "a capability it was not granted",
    source: runs("return call('task.run', { capability: 'text.b', input: 1, maxPrice: '1' });"),
    ends: [{ gives: "text.b is not granted; the manifest names text.a" }],
  },
  {
    name: "a time longer than a task may take",
    source: runs(
      "return (await call('task.run', { capability: 'text.a', input: 1, maxPrice: '1', timeoutMs: 1e12 })).slice(0, 14);",
    ),
    ends: [{ gives: "timeoutMs must" }],
  },
].map((attack) => ({ grants: { subtasks: ["text.a"] }, ...(attack as AgentAttack) }));

/** A request to an address of the node's own, by an agent whose manifest names it. */
function byRequest([name, url]: (typeof addresses)[number]): Attack {
  return {
    name: `a request to ${name}`,
    launch(arena) {
      const target = url.replace("PORT", String(arena.port));
      return byJs({
        name,
        source: runs(`return (await call('http.fetch', { url: ${JSON.stringify(target)} })) !== 'ok';`),
        grants: { http: [new URL(target).host] },
        given: () => HTTP_GIVEN,
        ends: [{ gives: true }],
      }).launch(arena);
    },
  };
}

/** Agents that want more of the broker than they were given. */
export const grants: Family = {
  name: "the capability broker",
  attacks: [
    ...memory.map(byJs),
    ...methods.map(byJs),
    ...addresses.map(byRequest),
    ...http.map(byJs),
    ...tasks.map(byJs),
  ],
};
