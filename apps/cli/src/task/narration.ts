import type { Cli } from "../cli.ts";
import type { OpenedMarket } from "../profile/open-market.ts";
import { clockTime } from "../terminal/age.ts";
import { shortId } from "../terminal/short-id.ts";
import type { Colours, Terminal } from "../terminal/terminal.ts";

/** What the telling of one task works with and remembers. */
export interface Narration {
  readonly terminal: Terminal;
  readonly colours: Colours;
  readonly market: OpenedMarket;
  /** Empty until the task has first been seen. */
  taskId: string;
  /** Open auctions the task was heard in: their bids are told as they come, not as a round's. */
  readonly auctionIds: Set<string>;
  /** True the first time it is asked about a step: what is heard as an event may be found in the task again. */
  once(step: string): boolean;
  /** A line of the story; `at` in epoch milliseconds or ISO text. */
  say(word: string, text: string, at?: number | string): void;
  /** A line under the last one. */
  add(text: string): void;
  nameOf(node: string): Promise<string>;
  /** Lines of an execution's log; those told already are left out. */
  tellLines(executionId: string, lines: readonly { seq: number; text: string }[]): void;
}

const INDENT = " ".repeat(24);

export function createNarration({ terminal }: Cli, market: OpenedMarket): Narration {
  const colours = terminal.err;
  const { bold, cyan, dim } = colours;
  const steps = new Set<string>();
  const nextLine = new Map<string, number>();
  let names: Map<string, string> | null = null;
  return {
    terminal,
    colours,
    market,
    taskId: "",
    auctionIds: new Set(),
    once(step) {
      const isNew = !steps.has(step);
      steps.add(step);
      return isNew;
    },
    say(word, text, at = Date.now()) {
      terminal.note(`${dim(clockTime(new Date(at).getTime()))}  ${bold(word.padEnd(9))} ${text}`);
    },
    add: (text) => terminal.note(INDENT + text),
    async nameOf(node) {
      names ??= new Map((await market.client.nodes.list({ limit: 100 })).items.map(({ id, name }) => [id, name]));
      const name = names.get(node);
      return name === undefined ? shortId(node) : `${name} ${dim(shortId(node))}`;
    },
    tellLines(executionId, lines) {
      for (const { seq, text } of lines) {
        if (seq < (nextLine.get(executionId) ?? 0)) continue;
        nextLine.set(executionId, seq + 1);
        terminal.note(`${" ".repeat(14)}${cyan("│")} ${text}`);
      }
    },
  };
}
