import { setTimeout as wait } from "node:timers/promises";
import { APICallError } from "@ai-sdk/provider";
import { explainFailure, type ProviderFailure } from "./explain-failure.ts";
import type { ModelSettings } from "./model-settings.ts";

/** A provider that is busy or out of order is asked this often in all. */
const TRIES = 3;
const FIRST_WAIT_MS = 250;
/** A provider that wants to be left alone for longer is not asked again. */
const LONGEST_WAIT_MS = 10_000;

/** One call of a model: whose it is, and what ends it. */
export interface ProviderCall {
  name: string;
  settings: ModelSettings;
  /** Of the execution. */
  signal: AbortSignal;
  timeMs: number;
}

/** What a call's provider is asked with, and how its failures are explained. */
export interface CallBounds {
  signal: AbortSignal;
  explain(error: unknown): ProviderFailure;
}

/** Bounds a call by its execution and its time. */
export function boundCall({ name, settings, signal, timeMs }: ProviderCall): CallBounds {
  const timer = AbortSignal.timeout(timeMs);
  return {
    signal: AbortSignal.any([signal, timer]),
    explain(error) {
      const stopped = signal.aborted ? "the execution is over" : timer.aborted ? timeOut(timeMs) : undefined;
      return explainFailure(error, { name, settings }, stopped);
    },
  };
}

const timeOut = (timeMs: number) => `no answer within ${timeMs} ms` as const;

/** How long to wait before the next try, or undefined when there is none. */
function waitBefore(error: unknown, tried: number): number | undefined {
  if (!APICallError.isInstance(error) || tried >= TRIES) return undefined;
  const { statusCode, responseHeaders } = error;
  if (statusCode !== 429 && (statusCode ?? 0) < 500) return undefined;
  const asked = Number(responseHeaders?.["retry-after"]);
  const waitMs = asked >= 0 ? asked * 1_000 : FIRST_WAIT_MS * 2 ** (tried - 1) * (1 + Math.random());
  return waitMs <= LONGEST_WAIT_MS ? waitMs : undefined;
}

/**
 * Asks a provider, and again when it is busy or out of order.
 * @throws {ProviderFailure} in words for the agent
 */
export async function callProvider<T>(bounds: CallBounds, ask: (signal: AbortSignal) => PromiseLike<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask(bounds.signal);
    } catch (error) {
      const waitMs = bounds.signal.aborted ? undefined : waitBefore(error, tried);
      if (waitMs === undefined) throw bounds.explain(error);
      await wait(waitMs, undefined, { signal: bounds.signal }).catch((reason: unknown) => {
        throw bounds.explain(reason);
      });
    }
  }
}
