import { type Acceptance, type Hash, type Signer, signTyped } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";
import { signingDomain } from "../market/signing-domain.ts";

/** Signs an acceptance and hands it in: the result settles at once. Said twice, it counts once. */
export async function acceptTask(
  connection: Connection,
  { taskId, acceptance, signer }: { taskId: Hash; acceptance: Acceptance; signer: Signer },
): Promise<void> {
  const domain = signingDomain(await connection.terms());
  const signature = await signTyped(signer, domain, "Acceptance", acceptance);
  await requestJson(connection, `/tasks/${taskId}/accept`, { method: "POST", body: { signature }, repeatable: true });
}
