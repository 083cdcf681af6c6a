import { verifyRecord, verifySupplement } from "@stoa/core";
import { FIRST_PREVIOUS_HASH, type Hash, type RoundRecord, type Supplement } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

interface Round {
  id: Hash;
  capability: string;
  state: string;
  previousHash: Hash;
  outcomeHash: Hash | null;
  record: RoundRecord | null;
}

/** Checks every round once, and that each capability's rounds form one chain, however often the market was killed. */
export function createRoundChecker(database: Queryable) {
  const checked = new Set<Hash>();

  async function problemsOf({ id, record, outcomeHash }: Round): Promise<string[]> {
    const report = await verifyRecord(record, { payments: true, outcomeHash: outcomeHash! });
    if (!report.ok) return [`round ${id}: ${report.firstFailure?.name}: ${report.firstFailure?.detail}`];
    const rows = await database.query<{ record: Supplement }>(
      "select record from supplements where round_id = $1 order by position",
      [id],
    );
    const supplements = rows.map((row) => row.record);
    const problems: string[] = [];
    for (const [at, supplement] of supplements.entries()) {
      const { ok, firstFailure } = await verifySupplement(record!, supplements.slice(0, at), supplement);
      if (!ok) problems.push(`round ${id}, re-award ${at}: ${firstFailure?.detail}`);
    }
    return problems;
  }

  return {
    /** @returns what is wrong with the rounds that closed since the last look, and with the chain */
    async check(): Promise<string[]> {
      const rounds = await database.query<Round>(
        `select id, capability, state, opening ->> 'previousHash' as "previousHash", outcome_hash as "outcomeHash",
                case when id = any($1::text[]) then null else record end as record
           from rounds order by capability, position`,
        [[...checked]],
      );
      const problems: string[] = [];
      const heads = new Map<string, Hash>();
      for (const round of rounds) {
        const expected = heads.get(round.capability) ?? FIRST_PREVIOUS_HASH;
        if (round.previousHash !== expected)
          problems.push(`round ${round.id} follows ${round.previousHash}, expected ${expected}`);
        if (round.state !== "closed" || !round.outcomeHash) continue;
        heads.set(round.capability, round.outcomeHash);
        if (checked.has(round.id)) continue;
        problems.push(...(await problemsOf(round)));
        checked.add(round.id);
      }
      return problems;
    },
    rounds: () => checked.size,
  };
}
