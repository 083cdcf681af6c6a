import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Writable } from "node:stream";
import { createFrameReader, encodeFrame, type Frame } from "../frames/frame.ts";
import type { ToChild } from "../frames/messages.ts";
import { FILTER_FD } from "../containment/detect-containment.ts";
import type { LaunchCommand } from "../containment/launch-command.ts";

/** What is kept of the process's own standard error: Node writes there why it died. */
const STDERR_BYTES = 16 << 10;
/** How long what a process wrote before it ended may take to arrive. */
const LAST_WORDS_MS = 1_000;

export interface ProcessExit {
  /** A name such as SIGKILL, when a signal ended it. */
  signal: string | undefined;
  code: number | undefined;
  /** The last of what the process itself (never the agent) wrote to standard error. */
  stderr: string;
  /** It ended before it had read all that was sent to it. */
  leftUnread: boolean;
}

export interface ProcessListener {
  /** The frames one chunk completed. */
  onFrames(frames: Frame[]): void;
  /** What it sent is no frame; it is killed. */
  onBroken(error: Error): void;
  onExit(exit: ProcessExit): void;
}

/** A running sandbox process and its frame socket. */
export interface SandboxProcess {
  readonly exited: Promise<ProcessExit>;
  /** True once it ended or was killed. */
  readonly isOver: boolean;
  send(message: ToChild, bytes?: Uint8Array): void;
  /** Sets who hears of the process from now on, in the place of who did before. */
  listen(listener: ProcessListener): void;
  /** Lets it wait for work. It has nothing to say meanwhile: when it speaks, it is killed. */
  rest(): void;
  /** Ends the process and everything of it, at once. */
  kill(): void;
}

const SIGNALS: Readonly<Record<number, string>> = {
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  9: "SIGKILL",
  11: "SIGSEGV",
  24: "SIGXCPU",
  25: "SIGXFSZ",
};

/** A shell or bwrap in between tells of a signal as 128 and its number. */
function readExit(code: number | null, signal: string | null): Pick<ProcessExit, "signal" | "code"> {
  if (signal) return { signal, code: undefined };
  if (code !== null && code > 128) return { signal: SIGNALS[code - 128] ?? `signal ${code - 128}`, code: undefined };
  return { signal: undefined, code: code ?? undefined };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    // The process leads a group of its own: what was put between it and us goes too.
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/**
 * Starts a sandbox process with an empty environment, its frame socket at file descriptor 3 and at 4 one that tells
 * of this process's end.
 * @param maxFrameBytes longest frame it may send
 */
export function startSandboxProcess(command: LaunchCommand, maxFrameBytes: number): SandboxProcess {
  const child = spawn(command.path, command.args, {
    env: {},
    cwd: "/",
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe", ...(command.filter ? (["pipe"] as const) : [])],
  });
  const filter = child.stdio.at(FILTER_FD) as Writable | undefined;
  // A process that ended before it read its filter never ran anything.
  filter?.on("error", () => undefined).end(command.filter);
  const socket = child.stdio[3] as Duplex;
  // Closed with this process, by which a process that cannot be tied to it otherwise knows.
  const life = child.stdio[4] as Duplex;
  const reader = createFrameReader(maxFrameBytes);
  let stderr = "";
  let leftUnread = false;
  let listener: ProcessListener | undefined;
  let ended: ProcessExit | undefined;
  let killed = false;

  function kill(): void {
    killed = true;
    killGroup(child);
  }

  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_BYTES);
  });
  socket.on("data", (chunk: Buffer) => {
    if (killed) return;
    if (!listener) return kill();
    let frames: Frame[];
    try {
      frames = reader.read(chunk);
    } catch (error) {
      listener.onBroken(error as Error);
      return kill();
    }
    listener.onFrames(frames);
  });
  // A process that ends closes its socket, which is an error only when it had not read everything; its exit says why.
  socket.on("error", () => {
    leftUnread = true;
  });
  life.on("error", () => undefined);
  life.resume();

  const exited = new Promise<ProcessExit>((resolve) => {
    let lastWords: NodeJS.Timeout | undefined;
    function end(exit: ProcessExit): void {
      clearTimeout(lastWords);
      ended ??= exit;
      resolve(ended);
      listener?.onExit(ended);
    }
    child.once("exit", () => {
      // What it left behind goes too. What has left its group may hold its descriptors: that is not waited for.
      killGroup(child);
      lastWords = setTimeout(() => child.stdio.forEach((stream) => stream?.destroy()), LAST_WORDS_MS);
    });
    child.once("error", (error) => end({ signal: undefined, code: undefined, stderr: error.message, leftUnread }));
    child.once("close", (code, signal) => end({ ...readExit(code, signal), stderr, leftUnread }));
  });

  return {
    exited,
    get isOver() {
      return killed || ended !== undefined;
    },
    send(message, bytes) {
      socket.write(encodeFrame(message, bytes));
    },
    listen(next) {
      listener = next;
      if (ended) next.onExit(ended);
    },
    rest() {
      listener = undefined;
      if (reader.isAmidFrame) kill();
    },
    kill,
  };
}
