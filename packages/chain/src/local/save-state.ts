import { open, rename } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { callRpc } from "./call-rpc.ts";

/**
 * Writes a local chain's whole state to a file: beside it first, then in its place, so that the file is whole at any
 * moment. (Anvil's own `--state` writes in place, and a kill in the middle leaves half a file.)
 */
export async function saveState(rpcUrl: string, stateFile: string): Promise<void> {
  const dumped = (await callRpc(rpcUrl, "anvil_dumpState", [])) as string;
  const json = await promisify(gunzip)(Buffer.from(dumped.slice(2), "hex"));
  const beside = `${stateFile}.next`;
  const file = await open(beside, "w");
  try {
    await file.writeFile(json);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, stateFile);
}
