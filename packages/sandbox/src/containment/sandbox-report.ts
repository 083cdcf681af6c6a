import type { Containment } from "./detect-containment.ts";
import { isTiedToParent, needsOwnWatch } from "./launch-command.ts";

export interface SandboxReport {
  /** What an agent's process is held back from on this host, and by what. */
  contained: string[];
  /** What it is not held back from by the system; the interpreter around the agent is all that stands there. */
  notContained: string[];
}

/**
 * Says plainly what a sandbox process is held back from on this host and what it is not.
 * @example
 * for (const line of sandboxReport(containment).notContained) console.warn(line);
 */
export function sandboxReport(containment: Containment): SandboxReport {
  const { namespaces } = containment;
  const ender = isTiedToParent(containment)
    ? "the system"
    : needsOwnWatch(containment)
      ? "a thread of it"
      : "a shell beside it";
  const report: SandboxReport = {
    contained: [
      "memory, output, log and wall-clock time of the agent (the engine's own bounds, and SIGKILL)",
      "environment variables (the process has none)",
      `files, programs and add-ons, by Node's permission model${needsOwnWatch(containment) ? " (which does not hold for threads)" : ""}`,
      `a process that outlives its node (${ender} ends it)`,
    ],
    notContained: [],
  };
  const say = (holds: boolean, text: string, otherwise: string) =>
    void (holds ? report.contained.push(text) : report.notContained.push(otherwise));

  say(
    namespaces.kind !== "none",
    `network, other processes and IPC (namespaces by ${namespaces.kind})`,
    "network, other processes and IPC (no bwrap or unshare that works on this host)",
  );
  say(
    namespaces.kind === "bwrap",
    "the file system (bwrap shows the process only its own code and libraries, read-only)",
    "the file system, beyond user rights and Node's permission model (no bwrap that works on this host)",
  );
  say(
    containment.filtersCalls,
    "the kernel's system calls (a seccomp filter lets through what Node needs)",
    "the kernel's system calls (no bwrap that works on this host, to set a seccomp filter)",
  );
  say(
    containment.ownUser,
    "the operator's user (the process becomes an unprivileged one)",
    "the operator's user (only root can start processes as another)",
  );
  say(
    containment.prlimit !== undefined || containment.shell !== undefined,
    `CPU time, file size, open files and core dumps${containment.prlimit ? ", data size" : ""} (resource limits)`,
    "CPU time, file size and open files (no prlimit and no shell)",
  );
  say(
    containment.prlimit !== undefined,
    "memory of the whole process (data size limit)",
    "memory of the whole process (no prlimit)",
  );
  return report;
}
