import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { findProgram } from "./find-program.ts";
import { systemCallFilter } from "./system-call-filter.ts";

const PROBE_TIMEOUT_MS = 5_000;

/** The means this host gives to hold a process in. */
export interface Containment {
  /** What gives the process namespaces of its own: processes, network, IPC, host name; with bwrap also files. */
  namespaces: { kind: "bwrap" | "unshare"; path: string } | { kind: "none" };
  /** Lets through only the system calls a sandbox process needs: bwrap arranges that. */
  filtersCalls: boolean;
  /** Runs as another, unprivileged user: only root can arrange that. */
  ownUser: boolean;
  /** Sets resource limits. */
  prlimit: string | undefined;
  /** Ties the process to its parent's life and forbids it new privileges. */
  setpriv: string | undefined;
  shell: string | undefined;
}

export interface ContainmentOptions {
  /** Leave out a means, as a host without it would. */
  without?: readonly ("bwrap" | "filter" | "unshare" | "ownUser" | "prlimit" | "setpriv")[];
  /** Folders to look for programs in before the system's own, as in PATH. */
  searchPath?: string;
}

/** Namespaces as root keep the user, whom the process gives up itself; others need a user namespace to have any. */
export function unshareArguments(isRoot: boolean): string[] {
  const user = isRoot ? [] : ["--user", "--map-current-user"];
  return [...user, "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child=SIGKILL"];
}

/** Isolation of bwrap, without its view of the file system. As root it keeps what is needed to become another user. */
export function bwrapArguments(isRoot: boolean): string[] {
  const user = isRoot
    ? ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    : ["--unshare-user"];
  return [
    ...user,
    "--unshare-pid",
    "--unshare-net",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    "--die-with-parent",
    "--new-session",
  ];
}

/** Where bwrap finds the filter of system calls. */
export const FILTER_FD = 5;

/** A host may have a program and forbid what it does; the report says so. */
async function works(path: string, args: string[], filter?: Uint8Array): Promise<boolean> {
  const child = spawn(path, args, {
    env: {},
    timeout: PROBE_TIMEOUT_MS,
    stdio: ["ignore", "ignore", "ignore", "ignore", "ignore", "pipe"],
  });
  const input = child.stdio.at(FILTER_FD) as Writable;
  // A program that does not read it breaks the pipe; its exit says what there is to know.
  input.on("error", () => undefined).end(filter);
  const code = await once(child, "close").then(
    ([exit]) => exit as number | null,
    () => null,
  );
  return code === 0;
}

/**
 * Finds out, by trying, what this host can hold a sandbox process in with.
 * @example
 * sandboxReport(await detectContainment({ searchPath: process.env.PATH })).notContained
 */
export async function detectContainment(options: ContainmentOptions = {}): Promise<Containment> {
  const allowed = (name: NonNullable<ContainmentOptions["without"]>[number]) => !options.without?.includes(name);
  const find = (name: string) => findProgram(name, options.searchPath);
  const linux = process.platform === "linux";
  const isRoot = process.getuid?.() === 0;
  const probe = find("true");

  async function namespaces(): Promise<Containment["namespaces"]> {
    if (!linux || !probe) return { kind: "none" };
    const bwrap = allowed("bwrap") ? find("bwrap") : undefined;
    if (bwrap && (await works(bwrap, [...bwrapArguments(isRoot), "--ro-bind", "/", "/", "--", probe])))
      return { kind: "bwrap", path: bwrap };
    const unshare = allowed("unshare") ? find("unshare") : undefined;
    if (unshare && (await works(unshare, [...unshareArguments(isRoot), "--", probe])))
      return { kind: "unshare", path: unshare };
    return { kind: "none" };
  }

  const held = await namespaces();
  const filter = systemCallFilter();
  async function filtersCalls(): Promise<boolean> {
    if (held.kind !== "bwrap" || !filter || !probe || !allowed("filter")) return false;
    const args = [...bwrapArguments(isRoot), "--seccomp", String(FILTER_FD), "--ro-bind", "/", "/", "--", probe];
    return await works(held.path, args, filter);
  }

  return {
    namespaces: held,
    filtersCalls: await filtersCalls(),
    ownUser: isRoot && allowed("ownUser"),
    prlimit: linux && allowed("prlimit") ? find("prlimit") : undefined,
    setpriv: linux && allowed("setpriv") ? find("setpriv") : undefined,
    shell: process.platform === "win32" ? undefined : find("sh"),
  };
}
