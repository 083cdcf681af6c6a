import { randomBytes } from "node:crypto";
import type { QuoteAnswer } from "@stoa/core";
import { type Address, MAX_AMOUNT, type NodeId, type NodeMessages, passReasonOf, StoaError } from "@stoa/protocol";
import { type AskableContext, askableNodes } from "../effects/askable-nodes.ts";
import type { EffectContext } from "../effects/effect-context.ts";
import { sizeClass } from "./size-class.ts";

/** Quotes about the same thing share one asking for so long. */
const SHARED_MS = 2_000;
/** Most askings a second: whoever varies what it asks about cannot keep the nodes from their rounds. */
const ASKINGS_PER_SECOND = 20;

/** What a quote asks live nodes about. */
export interface Question {
  capability: string;
  agentVersion: `0x${string}` | null;
  inputBytes: number;
}

/** What live nodes said. */
export interface LiveAnswers {
  /** Epoch milliseconds. */
  askedAt: number;
  /** The size they were asked about. */
  inputBytes: number;
  /** The nodes that a round would ask; those connected to other servers said nothing. */
  askable: readonly Address[];
  answers: QuoteAnswer[];
}

/** Asks live nodes what they would do about a task nobody has ordered. */
export interface Quotes {
  /** @throws {StoaError} `too_many_requests` */
  ask(question: Question): Promise<LiveAnswers>;
  /** Takes a node's answer. */
  answered(node: NodeId, answer: NodeMessages["quote.answered"]): void;
}

interface Asking {
  providers: ReadonlyMap<NodeId, Address>;
  left: Set<NodeId>;
  heard: Map<NodeId, QuoteAnswer>;
  done: () => void;
}

type QuotesContext = AskableContext & {
  hub: Pick<EffectContext["hub"], "isConnected" | "online" | "send">;
};

/**
 * Opens the quotes of a server. An asking ends when every node has answered, at the latest after half a round's window.
 * A server asks the nodes connected to it: where several share the market, a quote speaks for its part of the nodes.
 */
export function openQuotes(context: QuotesContext): Quotes {
  const { hub, market } = context;
  const waitMs = Math.ceil(market.terms.roundWindowMs / 2);
  const askings = new Map<string, Asking>();
  const shared = new Map<string, { at: number; answers: Promise<LiveAnswers> }>();

  function ask({ capability, agentVersion, inputBytes }: Question): Promise<LiveAnswers> {
    const now = market.now();
    for (const [key, { at }] of shared) if (now - at >= SHARED_MS) shared.delete(key);
    const question = { capability, agentVersion, inputBytes: sizeClass(inputBytes) };
    const key = `${capability}|${agentVersion ?? ""}|${question.inputBytes}`;
    const known = shared.get(key);
    if (known) return known.answers;
    const lately = [...shared.values()].filter(({ at }) => now - at < 1_000).length;
    if (lately >= ASKINGS_PER_SECOND)
      throw new StoaError("too_many_requests", `nodes are asked ${ASKINGS_PER_SECOND} times a second at most`);
    const answers = askNodes(question, now);
    shared.set(key, { at: now, answers });
    answers.catch(() => shared.delete(key));
    return answers;
  }

  async function askNodes(question: Question, askedAt: number): Promise<LiveAnswers> {
    const { capability, agentVersion, inputBytes } = question;
    const askable = (await askableNodes(context, capability)) as NodeId[];
    const asked = askable.filter((node) => hub.isConnected(node));
    const quoteId = randomBytes(16).toString("hex");
    const message = {
      type: "quote.asked" as const,
      quoteId,
      capability,
      inputBytes,
      ...(agentVersion && { agentVersion }),
    };
    const online = hub.online();
    const providers = new Map(asked.map((node) => [node, online.get(node)?.provider ?? node] as const));
    const heard = await new Promise<Asking["heard"]>((resolve) => {
      const asking: Asking = { providers, left: new Set(), heard: new Map(), done: () => resolve(asking.heard) };
      askings.set(quoteId, asking);
      for (const node of asked) if (hub.send(node, message)) asking.left.add(node);
      if (asking.left.size === 0) return asking.done();
      const timer = setTimeout(asking.done, waitMs);
      asking.done = () => (clearTimeout(timer), resolve(asking.heard));
    }).finally(() => askings.delete(quoteId));
    const answers = asked.map((node) => heard.get(node) ?? silence(providers.get(node)!));
    return { askedAt, inputBytes, askable, answers };
  }

  return {
    ask,
    answered(node, { quoteId, reason, cost, freeInMs, promisedSeconds }) {
      const asking = askings.get(quoteId);
      if (!asking?.left.delete(node)) return;
      const told = cost !== undefined && BigInt(cost) <= MAX_AMOUNT ? { cost: BigInt(cost) } : {};
      asking.heard.set(node, {
        provider: asking.providers.get(node)!,
        reason: reason === 0 ? null : (passReasonOf(reason) ?? "unknown_reason"),
        ...told,
        freeInMs,
        promisedSeconds,
      });
      if (asking.left.size === 0) asking.done();
    },
  };
}

function silence(provider: Address): QuoteAnswer {
  return { provider, reason: "no_answer", freeInMs: 0, promisedSeconds: 0 };
}
