import type { Submission } from "./submit-items.ts";

/** What became of all, where some went one way and some another. */
export function joinSubmissions(parts: readonly Submission[]): Submission {
  return {
    submitted: parts.flatMap(({ submitted }) => submitted),
    already: parts.flatMap(({ already }) => already),
    inFlight: parts.flatMap(({ inFlight }) => inFlight),
    refused: parts.flatMap(({ refused }) => refused),
  };
}
