import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Vote } from "@stoa/chain";
import { writeWhole } from "@stoa/host";
import { parseHash, StoaError } from "@stoa/protocol";
import type { OpenedContracts } from "../contracts/open-contracts.ts";

type Ballot = Pick<Vote, "disputeId" | "round" | "voter">;

/** Where a vote is kept until it is revealed: without its salt the seat is lost. */
export function voteFile({ profile, chain, at }: OpenedContracts, { disputeId, round, voter }: Ballot): string {
  return join(profile.home, "votes", `${chain.chainId}-${at("court")}`, `${disputeId}-${round}-${voter}.json`);
}

/** Keeps a vote where only its owner can read it. */
export async function saveVote(contracts: OpenedContracts, vote: Vote): Promise<string> {
  const file = voteFile(contracts, vote);
  await writeWhole(file, `${JSON.stringify({ ...vote, disputeId: String(vote.disputeId) }, null, 2)}\n`, 0o600);
  return file;
}

/**
 * Reads a vote that was kept; null when there is none.
 * @throws {StoaError} `invalid_configuration` when the file holds anything else
 */
export async function readVote(contracts: OpenedContracts, ballot: Ballot): Promise<Vote | null> {
  const file = voteFile(contracts, ballot);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw cause;
  }
  try {
    const { choice, salt } = JSON.parse(text) as { choice: unknown; salt: unknown };
    if (choice !== "opener" && choice !== "respondent") throw new Error(`it has no choice, but ${String(choice)}`);
    return { ...ballot, choice, salt: parseHash(String(salt), "its salt") };
  } catch (cause) {
    throw new StoaError("invalid_configuration", `${file} is no vote: ${(cause as Error).message}`, { cause });
  }
}
