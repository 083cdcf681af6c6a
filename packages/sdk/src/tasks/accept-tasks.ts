import {
  type Acceptance,
  type AcceptedTasks,
  type AcceptTasks,
  MAX_BATCH_ITEMS,
  type Signer,
  signTyped,
} from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";
import { signingDomain } from "../market/signing-domain.ts";

/**
 * Signs many acceptances and hands them in, by as few requests as carry them. Each stands by itself, and counts once
 * however often it is said.
 * @param acceptances what {@link checkDelivery} found to be due
 * @returns in the order given, what each task was charged or why it is not settled
 */
export async function acceptTasks(
  connection: Connection,
  { acceptances, signer }: { acceptances: readonly Acceptance[]; signer: Signer },
): Promise<AcceptedTasks["results"]> {
  const domain = signingDomain(await connection.terms());
  const signed: AcceptTasks["acceptances"] = [];
  for (const acceptance of acceptances) {
    const signature = await signTyped(signer, domain, "Acceptance", acceptance);
    signed.push({ taskId: acceptance.orderHash, signature });
  }
  const results: AcceptedTasks["results"] = [];
  for (let at = 0; at < signed.length; at += MAX_BATCH_ITEMS) {
    const body: AcceptTasks = { acceptances: signed.slice(at, at + MAX_BATCH_ITEMS) };
    const answer = await requestJson<AcceptedTasks>(connection, "/tasks/accept", {
      method: "POST",
      body,
      repeatable: true,
    });
    results.push(...answer.results);
  }
  return results;
}
