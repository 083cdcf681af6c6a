import { setTimeout as delay } from "node:timers/promises";
import { StoaError } from "@stoa/protocol";
import Docker from "dockerode";

/** A container engine that speaks Docker's Engine API, and what it can do. */
export interface Engine {
  docker: Docker;
  socketPath: string;
  version: string;
  /** As Go names processors, such as `amd64`. */
  architecture: string;
  /** `runsc` when the engine has gVisor, which answers system calls in the kernel's place. */
  runtime: "runsc" | undefined;
  /** What the engine says it can hold a container to. */
  limits: { memory: boolean; swap: boolean; cpu: boolean; processes: boolean; seccomp: boolean };
}

/** Longest an engine may take to say what it is. */
const ANSWER_TIMEOUT_MS = 10_000;

interface EngineInfo {
  Runtimes?: Record<string, unknown>;
  SecurityOptions?: string[];
  MemoryLimit?: boolean;
  SwapLimit?: boolean;
  CpuCfsQuota?: boolean;
  PidsLimit?: boolean;
}

/**
 * Asks the engine behind a unix socket what it is.
 * @throws {StoaError} `invalid_configuration` when none answers there, or it runs no Linux containers
 * @example
 * const engine = await openEngine("/var/run/docker.sock");
 */
export async function openEngine(socketPath: string): Promise<Engine> {
  const docker = new Docker({ socketPath });
  const late = delay(ANSWER_TIMEOUT_MS, undefined, { ref: false }).then(() => {
    throw new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`);
  });
  let info: EngineInfo;
  let version: { Version: string; Arch: string; Os: string };
  try {
    const answers = await Promise.race([Promise.all([docker.info(), docker.version()]), late]);
    info = answers[0] as EngineInfo;
    version = answers[1];
  } catch (cause) {
    throw new StoaError(
      "invalid_configuration",
      `no container engine answers at ${socketPath}: ${(cause as Error).message}`,
      { cause },
    );
  }
  if (version.Os !== "linux")
    throw new StoaError("invalid_configuration", `the engine at ${socketPath} runs containers of ${version.Os}`);
  return {
    docker,
    socketPath,
    version: version.Version,
    architecture: version.Arch,
    runtime: Object.hasOwn(info.Runtimes ?? {}, "runsc") ? "runsc" : undefined,
    limits: {
      memory: info.MemoryLimit === true,
      swap: info.SwapLimit === true,
      cpu: info.CpuCfsQuota === true,
      processes: info.PidsLimit === true,
      seccomp: (info.SecurityOptions ?? []).some((option) => option.includes("seccomp")),
    },
  };
}
