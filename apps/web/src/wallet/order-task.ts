import type { TaskRequest } from "@stoa/sdk";
import { wholeClient } from "../market/connection.ts";
import { openWallet, signerOf } from "./open-wallet.ts";

/** Signs an order with the session's wallet and posts it. @returns the task's id */
export async function orderTask(request: TaskRequest): Promise<string> {
  const [client, wallet] = await Promise.all([wholeClient(), openWallet()]);
  const { taskId } = await client.tasks.submit({ ...request, signer: signerOf(wallet) });
  return taskId;
}
