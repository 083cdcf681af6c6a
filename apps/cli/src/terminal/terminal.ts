import pico from "picocolors";

/** Where text goes: a stream, or what a test reads. */
export interface TextOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export type Colours = ReturnType<typeof pico.createColors>;

/** Speaks to people and to programs: results on standard output, everything else on standard error. */
export interface Terminal {
  /** Colours for standard output. */
  readonly out: Colours;
  /** Colours for standard error. */
  readonly err: Colours;
  /** A line of the result. */
  print(text?: string): void;
  /** The result as one JSON document; a bigint as text. */
  printJson(value: unknown): void;
  /** The result as one line of JSON, for what comes bit by bit. */
  printJsonLine(value: unknown): void;
  /** A line beside the result: progress, hints, warnings. */
  note(text?: string): void;
  /** Shows what is being waited for, on a terminal only; the next note, print or call replaces it. */
  waiting(text: string): void;
  /** Takes down what waits. */
  end(): void;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 80;
const ERASE_LINE = "\r\u001B[2K";

export function createTerminal(init: { stdout: TextOutput; stderr: TextOutput; wantsColour: boolean }): Terminal {
  const { stdout, stderr, wantsColour } = init;
  const err = pico.createColors(wantsColour && stderr.isTTY === true);
  let spinner: { timer: NodeJS.Timeout; text: string } | null = null;

  function takeDown(): void {
    if (!spinner) return;
    clearInterval(spinner.timer);
    spinner = null;
    stderr.write(ERASE_LINE);
  }

  function write(output: TextOutput, text: string): void {
    takeDown();
    output.write(`${text}\n`);
  }

  return {
    out: pico.createColors(wantsColour && stdout.isTTY === true),
    err,
    print: (text = "") => write(stdout, text),
    printJson: (value) => write(stdout, JSON.stringify(value, writeBigint, 2)),
    printJsonLine: (value) => write(stdout, JSON.stringify(value)),
    note: (text = "") => write(stderr, text),
    waiting(text) {
      if (stderr.isTTY !== true) return;
      takeDown();
      const startedAt = Date.now();
      const draw = () => {
        const elapsedMs = Date.now() - startedAt;
        const frame = FRAMES[Math.floor(elapsedMs / FRAME_MS) % FRAMES.length];
        const seconds = elapsedMs < 2_000 ? "" : err.dim(` ${Math.floor(elapsedMs / 1_000)} s`);
        stderr.write(`${ERASE_LINE}${err.cyan(frame ?? "")} ${text}${seconds}`);
      };
      spinner = { timer: setInterval(draw, FRAME_MS), text };
      spinner.timer.unref();
      draw();
    },
    end: takeDown,
  };
}

function writeBigint(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
