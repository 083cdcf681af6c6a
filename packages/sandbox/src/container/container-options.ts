import type { Manifest } from "@stoa/protocol";
import type { ContainerCreateOptions } from "dockerode";
import { NODE_LABEL } from "../engine/marks.ts";
import type { Engine } from "../engine/open-engine.ts";

/** Nobody's user and group, inside; an image need not know them. */
const USER = "10001:10001";
const HALF_A_CPU = 500_000_000;
const MAX_PROCESSES = 64;
const MAX_OPEN_FILES = 1_024;
/** Least memory an engine agrees to, rounded up for the process that starts the agent's. */
const MIN_MEMORY_MB = 8;
const MAX_SCRATCH_MB = 64;
/** CPU time over the wall-clock limit, after which the kernel ends a process whose node was killed. */
const CPU_SLACK_SECONDS = 5;

/** Everything an agent's container is held to. */
export function containerOptions(
  image: string,
  { memoryMb, timeMs }: Manifest["limits"],
  { runtime }: Engine,
  nodeId: string,
): ContainerCreateOptions {
  const memory = Math.max(memoryMb, MIN_MEMORY_MB) << 20;
  const scratchMb = Math.min(MAX_SCRATCH_MB, Math.ceil(memoryMb / 2));
  const cpuSeconds = Math.ceil(timeMs / 1_000) + CPU_SLACK_SECONDS;
  return {
    Image: image,
    User: USER,
    Hostname: "agent",
    Labels: { [NODE_LABEL]: nodeId },
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    NetworkDisabled: true,
    HostConfig: {
      Memory: memory,
      MemorySwap: memory,
      NanoCpus: HALF_A_CPU,
      PidsLimit: MAX_PROCESSES,
      ReadonlyRootfs: true,
      Tmpfs: { "/scratch": `rw,noexec,nosuid,nodev,size=${scratchMb}m,mode=1777` },
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      NetworkMode: "none",
      IpcMode: "none",
      LogConfig: { Type: "none", Config: {} },
      Ulimits: [
        { Name: "core", Soft: 0, Hard: 0 },
        { Name: "nofile", Soft: MAX_OPEN_FILES, Hard: MAX_OPEN_FILES },
        { Name: "cpu", Soft: cpuSeconds, Hard: cpuSeconds },
      ],
      ...(runtime === undefined ? {} : { Runtime: runtime }),
    },
  };
}
