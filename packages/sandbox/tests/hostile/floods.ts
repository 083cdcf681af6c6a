import { type AgentAttack, byJs, byWasm } from "./agent-attack.ts";
import { agentModule } from "./assemble.ts";
import type { Family } from "./attack.ts";

const runs = (body: string) => `export async function run(input, ctx) { ${body} }`;

const inJs: AgentAttack[] = [
  { name: "a log without end", source: runs("for (;;) ctx.log('all work and no play');"), ends: ["log_limit"] },
  { name: "empty lines without end", source: runs("for (;;) ctx.log('');"), ends: ["log_limit"] },
  {
    name: "a log by the console while the module is loaded",
    source: "for (;;) console.error('x'); export const run = () => 1;",
    ends: ["log_limit"],
  },
  { name: "one line of four megabytes", source: runs("ctx.log('x'.repeat(4e6));"), ends: ["log_limit"] },
  { name: "one line of line ends", source: runs("ctx.log('\\n'.repeat(3999)); ctx.log('\\n');"), ends: ["log_limit"] },
  {
    name: "a line whose characters grow sixfold on the way",
    source: runs("ctx.log('\\u0001'.repeat(3000)); return 1;"),
    ends: [{ gives: 1 }],
  },
  {
    name: "a line of half characters",
    source: runs("ctx.log('\\ud800'.repeat(300)); return 1;"),
    ends: [{ gives: 1 }],
  },
  {
    name: "marks that turn the direction of a terminal's text",
    source: runs("ctx.log('\\u202e\\u001b]0;owned\\u0007\\u001b[2J'); return 1;"),
    ends: [{ gives: 1 }],
  },
  { name: "progress without end by a script", source: runs("for (;;) ctx.progress(0.5, 'on');"), ends: ["timeout"] },
  {
    name: "progress that is no number, with endless text",
    source: runs(
      "for (const n of [NaN, Infinity, -1, 7, 1n, 'x', {}]) try { ctx.progress(n, 'x'.repeat(1e5)); } catch {} return 1;",
    ),
    ends: [{ gives: 1 }],
  },
  { name: "an output over its limit by one byte", source: runs("return 'x'.repeat(19999);"), ends: ["output_limit"] },
  { name: "an output of four megabytes", source: runs("return 'x'.repeat(4e6);"), ends: ["output_limit"] },
  {
    name: "an output whose characters grow on the way",
    source: runs("return '\\u0001'.repeat(19000);"),
    ends: ["output_limit"],
  },
  {
    name: "an output nested deeper than a reader goes",
    source: runs("let a = 1; for (let i = 0; i < 5000; i += 1) a = [a]; return a;"),
    ends: ["bad_output", "crashed"],
  },
  { name: "an output with half a character", source: runs("return ['\\udc00'];"), ends: ["bad_output"] },
  { name: "an output with a NUL", source: runs("return { a: '\\u0000' };"), ends: ["bad_output"] },
  {
    name: "an output named to change objects",
    source: runs(
      'return JSON.parse(\'{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}\');',
    ),
    ends: [
      { gives: JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as never },
      "bad_output",
    ],
  },
  {
    name: "a failure of three megabytes",
    source: runs("throw new Error('x'.repeat(3e6));"),
    ends: ["crashed"],
    says: /x{100}/,
  },
  {
    name: "a failure that would steer a terminal",
    source: runs("throw new Error('\\u001b[2J\\u202eowned');"),
    ends: ["crashed"],
    says: /^[^\u001b\u202e]*$/,
  },
  {
    name: "a failure with a stack of its own making",
    source: runs("const e = new Error('a'); Object.defineProperty(e, 'stack', { value: 'x'.repeat(1e6) }); throw e;"),
    ends: ["crashed"],
  },
  {
    name: "calls that are refused, without end",
    source: runs("for (;;) try { await ctx.call('nothing', {}); } catch {}"),
    ends: ["timeout"],
  },
  {
    name: "a call of three megabytes",
    source: runs("try { await ctx.call('nothing', 'x'.repeat(3e6)); } catch (e) { return e.message; }"),
    ends: [{ gives: "a call carries at most 2097152 bytes" }],
  },
  {
    name: "a call of a method with a megabyte of name",
    source: runs("try { await ctx.call('x'.repeat(1e6), {}); } catch (e) { return e.message; }"),
    ends: [{ gives: "a method's name has at most 64 characters" }],
  },
];

const gigabyte = "(i32.const 0) (i32.const 0x40000000)";
const text = (at: number, words: string) => `(data (i32.const ${at}) "${words}")`;
const inWasm: AgentAttack[] = [
  {
    name: "a log from memory it does not have",
    source: agentModule(`(call $log_write ${gigabyte})`),
    ends: ["crashed"],
  },
  {
    name: "a log of length minus one",
    source: agentModule("(call $log_write (i32.const -1) (i32.const -1))"),
    ends: ["crashed"],
  },
  {
    name: "an output from memory it does not have",
    source: agentModule(`(call $output_write (i32.const 60000) (i32.const 19000))`),
    ends: ["crashed"],
  },
  {
    name: "an output of four gigabytes",
    source: agentModule("(call $output_write (i32.const 0) (i32.const -1))"),
    ends: ["output_limit", "crashed"],
  },
  {
    name: "outputs that sum up past their limit",
    source: agentModule("(loop $on (call $output_write (i32.const 0) (i32.const 100)) (br $on))"),
    ends: ["output_limit"],
  },
  {
    name: "an input written past its memory",
    source: agentModule("(call $input_read (i32.const 65535))"),
    ends: ["crashed"],
  },
  {
    name: "a reply written below its memory",
    source: agentModule(
      "(drop (call $call (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 2))) (call $reply_read (i32.const -3))",
      text(0, "nope"),
    ),
    ends: ["crashed"],
  },
  {
    name: "a call whose words are no text",
    source: agentModule(
      "(drop (call $call (i32.const 0) (i32.const 8) (i32.const 0) (i32.const 8))) (call $output_write (i32.const 8) (i32.const 1))",
      String.raw`(data (i32.const 0) "\ff\fe\80\c0\00\01\02\f5") (data (i32.const 8) "1")`,
    ),
    ends: [{ gives: 1 }],
  },
  {
    name: "progress without end, and no pause",
    source: agentModule("(loop $on (call $progress (i32.const 500) (i32.const 0) (i32.const 60000)) (br $on))"),
    ends: ["timeout"],
  },
  {
    name: "an abort with a text of four gigabytes",
    source: agentModule(
      "(i32.store (i32.const 12) (i32.const -1)) (call $abort (i32.const 16) (i32.const 16) (i32.const 0) (i32.const 0))",
    ),
    ends: ["crashed"],
  },
  {
    name: "an abort with a text before its memory",
    source: agentModule("(call $abort (i32.const 1) (i32.const -1) (i32.const 0) (i32.const 0))"),
    ends: ["crashed"],
  },
  {
    name: "an import called before there is memory",
    source: agentModule("", "(func $begin (call $log_write (i32.const 0) (i32.const 1))) (start $begin)"),
    ends: ["crashed"],
    says: /before the module was instantiated/,
  },
  {
    name: "an output that is no UTF-8",
    source: agentModule(
      "(call $output_write (i32.const 0) (i32.const 4))",
      String.raw`(data (i32.const 0) "\22\ff\ff\22")`,
    ),
    ends: ["bad_output"],
  },
  {
    name: "a trap in a division",
    source: agentModule(
      "(drop (i32.div_s (i32.const 1) (call $input_length)))  (drop (i32.div_s (i32.const 1) (i32.const 0)))",
    ),
    ends: ["crashed"],
  },
  {
    name: "a code of failure that is no number of its own",
    source: agentModule("(return (i32.const -2147483648))"),
    ends: ["crashed"],
    says: /-2147483648/,
  },
];

/** Agents that say more than anybody can hear, or what nobody should read. */
export const floods: Family = {
  name: "floods of log, output, progress and calls",
  attacks: [...inJs.map(byJs), ...inWasm.map(byWasm)],
};
