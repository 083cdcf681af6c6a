import { MAX_AMOUNT, type ExecutionStats } from "@stoa/protocol";
import { GrantRefusal } from "../grant-refusal.ts";
import { llmLimits, type Models } from "./model-settings.ts";

export type ModelUsage = NonNullable<ExecutionStats["models"]>;

export interface Tokens {
  input: number;
  output: number;
}

/** Tokens set aside for one call, so that calls beside it cannot spend them too. */
export interface Reservation {
  /** What the answer may have. */
  readonly maxTokens: number;
  /** Books what was used, of which the provider may have told only a part or nothing. Only the first word counts. */
  settle(told: { input: number | undefined; output: number | undefined }, writtenBytes?: number): Tokens;
  /** Books nothing: the provider turned the call down. */
  release(): void;
  /** Books all of it: the provider may have done the work, and nobody says how much. */
  charge(): void;
}

export interface TokenBudget {
  /**
   * Sets tokens aside for a call.
   * @param inputBytes of what is sent
   * @param wanted most tokens the answer may have; clamped to what is left
   * @throws {GrantRefusal} when too little is left
   */
  reserve(name: string, inputBytes: number, wanted: number): Reservation;
  /** Tokens that are neither used nor set aside. */
  left(): number;
  /** Books all that is still set aside, and gives what every model was used for. */
  close(): ModelUsage;
}

/** Bytes of a token in English. Other text has fewer, so an input may cost more than it was taken for. */
export const BYTES_PER_TOKEN = 4;
const MILLION = 1_000_000n;
/** What a provider claims beyond this is no count. */
const MOST_TOKENS = 1_000_000_000;

const tokensOf = (bytes: number) => Math.ceil(bytes / BYTES_PER_TOKEN);

function countOf(told: number | undefined, otherwise: number): number {
  return told !== undefined && Number.isFinite(told) && told >= 0 ? Math.min(Math.ceil(told), MOST_TOKENS) : otherwise;
}

/** What tokens cost, rounded up to the token's smallest unit. */
function costOf(input: number, output: number, price: { inputPrice: bigint; outputPrice: bigint }): bigint {
  const cost = (BigInt(input) * price.inputPrice + BigInt(output) * price.outputPrice + MILLION - 1n) / MILLION;
  return cost > MAX_AMOUNT ? MAX_AMOUNT : cost;
}

/** Keeps one execution within the tokens its manifest asks for. */
export function openTokenBudget(total: number, models: Models): TokenBudget {
  const used = new Map<string, { calls: number; input: number; output: number }>();
  const open = new Set<Reservation>();
  let spent = 0;
  let calls = 0;
  let reserved = 0;
  const left = () => Math.max(0, total - spent - reserved);

  function book(name: string, { input, output }: Tokens): void {
    const sum = used.get(name) ?? { calls: 0, input: 0, output: 0 };
    used.set(name, { calls: sum.calls + 1, input: sum.input + input, output: sum.output + output });
    spent += input + output;
  }

  return {
    left,
    reserve(name, inputBytes, wanted) {
      // What a provider turns down costs no tokens, and must not be asked for ever.
      if (calls >= llmLimits.calls) throw new GrantRefusal(`an execution may call models ${llmLimits.calls} times`);
      calls += 1;
      const input = tokensOf(inputBytes);
      const available = left();
      if (available === 0) throw new GrantRefusal(`the budget of ${total} tokens is used up`);
      if (input > available || (input === available && wanted > 0))
        throw new GrantRefusal(
          `of the budget of ${total} tokens ${available} are left, and the input alone has about ${input}`,
        );
      const maxTokens = Math.min(wanted, available - input);
      reserved += input + maxTokens;
      let isOver = false;
      function end(tokens: Tokens | undefined): void {
        if (isOver) return;
        isOver = true;
        open.delete(reservation);
        reserved -= input + maxTokens;
        if (tokens) book(name, tokens);
      }
      const reservation: Reservation = {
        maxTokens,
        settle(told, writtenBytes = 0) {
          const tokens = {
            input: countOf(told.input, input),
            output: countOf(told.output, Math.min(maxTokens, tokensOf(writtenBytes))),
          };
          end(tokens);
          return tokens;
        },
        release: () => end(undefined),
        charge: () => end({ input, output: maxTokens }),
      };
      open.add(reservation);
      return reservation;
    },
    close() {
      for (const reservation of open) reservation.charge();
      return [...used].map(([name, { calls: count, input, output }]) => {
        const price = models.get(name);
        const cost = price ? costOf(input, output, price) : 0n;
        return { name, calls: count, inputTokens: input, outputTokens: output, cost: cost.toString() };
      });
    },
  };
}
