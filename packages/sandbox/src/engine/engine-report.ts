import type { SandboxReport } from "../containment/sandbox-report.ts";
import type { Engine } from "./open-engine.ts";

/** Says plainly what an engine holds a container agent back from and what it does not. */
export function engineReport({ limits, runtime }: Engine): SandboxReport {
  const report: SandboxReport = {
    contained: [
      "output, log and wall-clock time of a container (the node measures, and removes it)",
      "network of a container (it has none)",
      "the file system of a container (read-only, its own image and /scratch)",
      "user and capabilities of a container (uid 10001, none, and no new privileges)",
    ],
    notContained: [],
  };
  const say = (holds: boolean, text: string, reason: string) =>
    void (holds ? report.contained.push(text) : report.notContained.push(`${text} (${reason})`));
  say(limits.memory, "memory of a container", "the engine has no memory cgroup");
  say(limits.swap, "swap of a container", "the engine cannot limit it");
  say(limits.cpu, "share of the processors of a container", "the engine has no CPU quota");
  say(limits.processes, "number of processes of a container", "the engine has no process limit");
  say(limits.seccomp, "dangerous system calls of a container", "the engine has no seccomp");
  say(runtime !== undefined, "the host's kernel, from a container (gVisor)", "the engine has no runsc");
  return report;
}
