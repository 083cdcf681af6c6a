import { AISDKError, APICallError } from "@ai-sdk/provider";
import { toFitText } from "@stoa/protocol";
import { GrantRefusal } from "../grant-refusal.ts";
import { AnswerTooLong } from "./bounded-fetch.ts";
import type { ModelSettings } from "./model-settings.ts";

/** A provider that did not do what it was asked. */
export class ProviderFailure extends GrantRefusal {
  /** Whether the provider may have worked, and will want to be paid. */
  readonly mayBeBilled: boolean;

  constructor(message: string, fault: string, mayBeBilled: boolean) {
    super(message, fault);
    this.mayBeBilled = mayBeBilled;
  }
}

const MESSAGE_LENGTH = 300;
/** Keys and account names as providers write them, in whole or with stars in the middle. */
const SECRETS = /\b(?:sk|pk|gsk|key|org|proj|req|user|acct)[-_][\w*.-]{4,}/gi;

/** What an agent is told by a status: the provider's own words only where they are about what the agent sent. */
const words: Readonly<Record<number, string>> = {
  401: "the provider does not accept the node's key",
  402: "the node's account at the provider is empty",
  403: "the provider does not let the node use it",
  404: "the provider does not know it",
  408: "the provider gave up waiting",
  413: "the provider takes no request that long",
  429: "the provider has too many requests at the moment",
};

function withoutSecrets(text: string, { key, baseUrl }: ModelSettings): string {
  let plain = text;
  for (const secret of [key, baseUrl, new URL(baseUrl).host]) if (secret) plain = plain.replaceAll(secret, "…");
  return toFitText(plain.replace(SECRETS, "…")).slice(0, MESSAGE_LENGTH);
}

/** Whether an answer was too long, however deep the library has wrapped it. */
function isTooLong(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < 8 && cause instanceof Error; depth += 1) {
    if (cause instanceof AnswerTooLong) return true;
    cause = cause.cause;
  }
  return false;
}

/**
 * Says in plain words why a provider failed, without its address, its key or what else it may have let slip.
 * @param name the node's name for the model
 * @param stopped why the call was stopped from here, when it was
 */
export function explainFailure(
  error: unknown,
  { name, settings }: { name: string; settings: ModelSettings },
  stopped: "the execution is over" | `no answer within ${number} ms` | undefined,
): ProviderFailure {
  const failure = (why: string, fault: string, mayBeBilled: boolean) =>
    new ProviderFailure(`${name} failed: ${why}`, `${name}: ${fault}`, mayBeBilled);
  if (stopped !== undefined) return failure(stopped, stopped, true);
  if (isTooLong(error)) return failure(new AnswerTooLong().message, "the answer is too long", true);
  if (APICallError.isInstance(error)) {
    const { statusCode: status } = error;
    if (status === undefined) return failure("the provider cannot be reached", "no connection", false);
    if (status < 400) return failure("the provider's answer cannot be read", `status ${status}, unreadable`, true);
    const known = words[status] ?? (status >= 500 ? "the provider is out of order" : undefined);
    return failure(
      known ?? `it was turned down: ${withoutSecrets(error.message, settings)}`,
      `status ${status}`,
      false,
    );
  }
  if (AISDKError.isInstance(error) && error.name === "AI_UnsupportedFunctionalityError")
    return failure("the provider cannot do that", error.name, false);
  const kind = error instanceof Error ? error.name : typeof error;
  return failure("the provider's answer cannot be read", kind, true);
}
