import { type AgentAttack, byWasi } from "./agent-attack.ts";
import type { Family } from "./attack.ts";

const IMPORTS: Readonly<Record<string, string>> = {
  args_sizes_get: "(param i32 i32) (result i32)",
  clock_time_get: "(param i32 i64 i32) (result i32)",
  environ_get: "(param i32 i32) (result i32)",
  environ_sizes_get: "(param i32 i32) (result i32)",
  fd_close: "(param i32) (result i32)",
  fd_prestat_get: "(param i32 i32) (result i32)",
  fd_read: "(param i32 i32 i32 i32) (result i32)",
  fd_renumber: "(param i32 i32) (result i32)",
  fd_write: "(param i32 i32 i32 i32) (result i32)",
  path_open: "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)",
  path_symlink: "(param i32 i32 i32 i32 i32) (result i32)",
  poll_oneoff: "(param i32 i32 i32 i32) (result i32)",
  proc_exit: "(param i32)",
  random_get: "(param i32 i32) (result i32)",
  sock_send: "(param i32 i32 i32 i32 i32) (result i32)",
};

/** A program whose texts are `yes` and `no` at 200 and 210, which an iovec at 100 or 108 writes out. */
function program(body: string, more = ""): string {
  const imports = Object.entries(IMPORTS).map(
    ([name, type]) => `(import "wasi_snapshot_preview1" "${name}" (func $${name} ${type}))`,
  );
  return `(module ${imports.join("\n")} (memory (export "memory") 1)
    (data (i32.const 200) "\\22yes\\22") (data (i32.const 210) "\\22no\\22")
    (data (i32.const 100) "\\c8\\00\\00\\00\\05\\00\\00\\00\\d2\\00\\00\\00\\04\\00\\00\\00")
    ${more} (func (export "_start") ${body}))`;
}
/** Writes `yes` where a condition holds. */
const answer = (condition: string) =>
  `(drop (call $fd_write (i32.const 1) (select (i32.const 100) (i32.const 108) ${condition}) (i32.const 1) (i32.const 80)))`;
const open = (path: string) =>
  program(
    [3, 4, 5, 0, 1, 99]
      .map(
        (fd) =>
          `(local.set 0 (i32.or (local.get 0) (i32.eqz (call $path_open (i32.const ${fd}) (i32.const 0) (i32.const 300) (i32.const ${path.length}) (i32.const 0) (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 80)))))`,
      )
      .reduce((all, next) => all + next, "(local i32)") + answer("(local.get 0)"),
    `(data (i32.const 300) "${path}")`,
  );
const NO: AgentAttack["ends"] = [{ gives: "no" }];

const attacks: AgentAttack[] = [
  { name: "a file by WASI, through any descriptor", source: open("/etc/passwd"), ends: NO },
  { name: "a file by WASI, by a way up", source: open("../../../../etc/passwd"), ends: NO },
  {
    name: "a folder it was given before it began",
    source: program(answer("(i32.eqz (call $fd_prestat_get (i32.const 3) (i32.const 0)))")),
    ends: NO,
  },
  {
    name: "a link by WASI",
    source: program(
      answer(
        "(i32.eqz (call $path_symlink (i32.const 200) (i32.const 3) (i32.const 3) (i32.const 210) (i32.const 2)))",
      ),
    ),
    ends: NO,
  },
  {
    name: "the runner's own socket by its number",
    source: program(answer("(i32.eqz (call $fd_write (i32.const 3) (i32.const 100) (i32.const 1) (i32.const 80)))")),
    ends: NO,
  },
  {
    name: "the runner's socket as a socket",
    source: program(
      answer("(i32.eqz (call $sock_send (i32.const 3) (i32.const 100) (i32.const 1) (i32.const 0) (i32.const 80)))"),
    ),
    ends: ["crashed", { gives: "no" }],
  },
  {
    name: "the runner's socket by another number",
    source: program(`(drop (call $fd_renumber (i32.const 3) (i32.const 1))) ${answer("(i32.const 0)")}`),
    ends: ["bad_output", "crashed", { gives: "no" }],
  },
  {
    name: "the environment by WASI",
    source: program(
      `(drop (call $environ_sizes_get (i32.const 0) (i32.const 4))) ${answer("(i32.load (i32.const 0))")}`,
    ),
    ends: NO,
  },
  {
    name: "arguments by WASI",
    source: program(`(drop (call $args_sizes_get (i32.const 0) (i32.const 4))) ${answer("(i32.load (i32.const 0))")}`),
    ends: NO,
  },
  {
    name: "randomness written past its memory",
    source: program("(drop (call $random_get (i32.const 65530) (i32.const 1000000)))"),
    ends: ["crashed", "bad_output"],
  },
  {
    name: "randomness of four gigabytes",
    source: program("(drop (call $random_get (i32.const 0) (i32.const -1)))"),
    ends: ["crashed", "bad_output"],
  },
  {
    name: "an input read to where there is no memory",
    source: program(
      "(i32.store (i32.const 0) (i32.const -8)) (i32.store (i32.const 4) (i32.const 100)) (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 80)))",
    ),
    ends: ["crashed", "bad_output"],
  },
  {
    name: "a write of four billion pieces",
    source: program("(drop (call $fd_write (i32.const 2) (i32.const 0) (i32.const -1) (i32.const 80)))"),
    ends: ["crashed", "bad_output", "timeout", "log_limit"],
  },
  {
    name: "output by WASI without end",
    source: program(
      "(loop $on (drop (call $fd_write (i32.const 1) (i32.const 100) (i32.const 1) (i32.const 80))) (br $on))",
    ),
    ends: ["output_limit"],
  },
  {
    name: "pieces of nothing by WASI, without end",
    source: program(
      "(loop $on (drop (call $fd_write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 80))) (br $on))",
    ),
    ends: ["timeout"],
  },
  {
    name: "a log by WASI without an end of its line",
    source: program(
      "(loop $on (drop (call $fd_write (i32.const 2) (i32.const 100) (i32.const 1) (i32.const 80))) (br $on))",
    ),
    ends: ["log_limit"],
  },
  {
    name: "output after standard output was closed",
    source: program(`(drop (call $fd_close (i32.const 1))) ${answer("(i32.const 1)")}`),
    ends: ["bad_output", "crashed", { gives: "yes" }],
  },
  { name: "an exit before any output", source: program("(call $proc_exit (i32.const 0))"), ends: ["bad_output"] },
  {
    name: "an exit with the code of a signal",
    source: program("(call $proc_exit (i32.const 137))"),
    ends: ["crashed"],
  },
  {
    name: "a wait for ever by WASI",
    source: program(
      "(i64.store (i32.const 24) (i64.const -1)) (loop $on (drop (call $poll_oneoff (i32.const 0) (i32.const 300) (i32.const 1) (i32.const 80))) (br $on))",
    ),
    ends: ["timeout", "crashed"],
  },
  {
    name: "clocks read without end",
    source: program("(loop $on (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 0))) (br $on))"),
    ends: ["timeout"],
  },
  {
    name: "a clock that is none",
    source: program(answer("(i32.eqz (call $clock_time_get (i32.const 77) (i64.const 0) (i32.const 0)))")),
    ends: [{ gives: "yes" }, { gives: "no" }],
  },
];

/** WASI programs that ask for what they were not given. */
export const wasi: Family = { name: "WASI programs", attacks: attacks.map(byWasi) };
