import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest } from "@stoa/protocol";
import { bwrapArguments, type Containment, FILTER_FD, unshareArguments } from "./detect-containment.ts";
import { systemCallFilter } from "./system-call-filter.ts";

/** Open files, and threads of a user of its own: what Node itself needs, with some room. */
const MAX_OPEN_FILES = 64;
const MAX_THREADS = 64;
/** Writable private memory Node maps before it runs anything, the 512 MB V8 sets aside for code among it. */
const BASELINE_DATA_MB = 1_024;
/** Heap of the process around the agent: frames, input and output pass through it. */
const MIN_HEAP_MB = 96;

export interface LaunchOptions {
  containment: Containment;
  kind: Manifest["artifact"]["kind"];
  memoryMb: number;
  /** CPU seconds after which the system ends the process, whoever is left to watch it. */
  cpuSeconds: number;
  /** The user to become, when the containment gives one. */
  uid: number | undefined;
}

export interface LaunchCommand {
  path: string;
  args: string[];
  /** To be written to descriptor 5 of the process: the system calls it may use. */
  filter?: Uint8Array;
}

const sources = realpathSync(fileURLToPath(new URL("../", import.meta.url)));
const childMain = join(sources, "child", "main.ts");

/** Every folder and file the process must read to start. */
function readablePaths(): string[] {
  const require = createRequire(import.meta.url);
  // "dist/…" inside a package leads to the package's own folder.
  const packages = ["quickjs-emscripten-core", "@jitl/quickjs-wasmfile-release-sync"].map((name) =>
    dirname(dirname(realpathSync(require.resolve(name)))),
  );
  const core = createRequire(join(packages[0]!, "package.json"));
  packages.push(dirname(dirname(realpathSync(core.resolve("@jitl/quickjs-ffi-types")))));
  packages.push(dirname(dirname(realpathSync(require.resolve("@bjorn3/browser_wasi_shim")))));
  return [join(sources, "child"), join(sources, "frames"), join(dirname(sources), "package.json"), ...packages];
}

/**
 * True when the system itself ends the process with its parent: through the first process of a namespace, or by the
 * signal for a parent's death, which is lost when a process becomes another user.
 */
export function isTiedToParent({ namespaces, setpriv, ownUser }: Containment): boolean {
  return namespaces.kind !== "none" || (setpriv !== undefined && !ownUser);
}

/**
 * Where nothing else ends the process with its runner, a shell beside it does, as soon as the runner's socket at
 * descriptor 4 closes.
 */
const WATCH = '(exec 2>&- 3>&-; read -r end <&4; kill -9 $$) & exec "$@"';

/**
 * True when only a thread of the process can end it with its runner. Node's permission model does not hold for
 * threads, so that it is weaker where it must allow them.
 */
export function needsOwnWatch(containment: Containment): boolean {
  return !isTiedToParent(containment) && containment.shell === undefined;
}

/** Node's flags: nothing but its own code may be read, nothing written, spawned or loaded. */
function nodeArguments({ containment, kind, memoryMb, uid }: LaunchOptions): string[] {
  const watches = needsOwnWatch(containment);
  return [
    "--permission",
    ...(watches ? ["--allow-worker"] : []),
    ...readablePaths().map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${Math.max(MIN_HEAP_MB, memoryMb)}`,
    "--disallow-code-generation-from-strings",
    "--disable-proto=delete",
    "--no-deprecation",
    "--no-warnings",
    childMain,
    kind,
    uid === undefined ? "" : String(uid),
    watches ? "watch" : "",
  ];
}

function limitCommand(command: string[], { containment, memoryMb, cpuSeconds, uid }: LaunchOptions): string[] {
  if (containment.prlimit) {
    return [
      containment.prlimit,
      "--core=0",
      "--fsize=0",
      `--nofile=${MAX_OPEN_FILES}`,
      `--cpu=${cpuSeconds}`,
      `--data=${(BASELINE_DATA_MB + memoryMb) * 2 ** 20}`,
      // Threads are counted per user: with the operator's own user this would count the operator's.
      ...(uid === undefined ? [] : [`--nproc=${MAX_THREADS}`]),
      ...command,
    ];
  }
  if (containment.shell) {
    return [
      containment.shell,
      "-c",
      `ulimit -c 0 && ulimit -f 0 && ulimit -n ${MAX_OPEN_FILES} && ulimit -t ${cpuSeconds} && exec "$0" "$@"`,
      ...command,
    ];
  }
  return command;
}

/** Only what the dynamic linker and Node need stands in the file system, read-only: no other program, no configuration. */
function bwrapView(): string[] {
  const libraries = ["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache"].filter((path) => existsSync(path));
  const binds = libraries.flatMap((path) => ["--ro-bind", path, path]);
  const own = [realpathSync(process.execPath), ...readablePaths()].flatMap((path) => ["--ro-bind", path, path]);
  // Mounts hide what they are put over: the code may lie below /tmp.
  return ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", ...binds, ...own, "--chdir", "/"];
}

/**
 * The command that starts a sandbox process inside everything the host has to hold it in.
 *
 * The process becomes another user by itself, once it has read its code: the code may lie where only the operator
 * can read. That clears the signal a process gets when its parent dies, so with namespaces a first process of
 * theirs stays behind and takes the rest with it; without, a shell watches, or a thread where there is none.
 */
export function launchCommand(options: LaunchOptions): LaunchCommand {
  const { containment } = options;
  const isRoot = process.getuid?.() === 0;
  const tie = containment.setpriv ? [containment.setpriv, "--pdeathsig", "KILL", "--no-new-privs"] : [];
  const node = [realpathSync(process.execPath), ...nodeArguments(options)];
  const filter = containment.filtersCalls ? systemCallFilter() : undefined;

  function wrapped(): string[] {
    const { namespaces } = containment;
    if (namespaces.kind === "bwrap") {
      const filtered = filter ? ["--seccomp", String(FILTER_FD)] : [];
      const held = [namespaces.path, ...bwrapArguments(isRoot), ...bwrapView(), ...filtered, "--", ...node];
      // Limits outlive becoming another program, and inside the view there is none that sets them.
      return limitCommand(held, options);
    }
    const limited = limitCommand(node, options);
    if (namespaces.kind === "unshare" && containment.shell) {
      const first = [containment.shell, "-c", '"$@" & wait $!', "sh", ...limited];
      return [...tie, namespaces.path, ...unshareArguments(isRoot), "--", ...first];
    }
    if (isTiedToParent(containment) || !containment.shell) return [...tie, ...limited];
    return [containment.shell, "-c", WATCH, "sh", ...tie, ...limited];
  }
  const [path, ...args] = wrapped();
  return { path: path!, args, ...(filter && { filter }) };
}
