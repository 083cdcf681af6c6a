// A whole market under load whose server, nodes and database are killed 1,000 times; `-- --kills N --seed S` for others.
//
// Each hundred kills have a market and a seed of their own. After every kill all that was promised is checked: the
// ledger's laws, every task ordered, every round's record, and in the end the ledger against the chain to the unit.
import { parseArgs } from "node:util";
import { runCrashes } from "../../apps/local/tests/crashes/run-crashes.ts";

const KILLS_PER_MARKET = 100;
const REQUESTERS = 4;

const { values } = parseArgs({
  options: { kills: { type: "string", default: "1000" }, seed: { type: "string", default: String(Date.now()) } },
});
const kills = Number(values.kills);
const seed = Number(values.seed) | 0;
console.log(`${kills} kills, seed ${seed}`);

for (let done = 0; done < kills; done += KILLS_PER_MARKET) {
  const report = await runCrashes({
    seed: seed + done,
    kills: Math.min(KILLS_PER_MARKET, kills - done),
    requesters: REQUESTERS,
    onKill: ({ at, victim, tasks }) => console.log(`${done + at}: ${victim} killed, ${tasks} tasks so far`),
  });
  console.log(JSON.stringify(report));
  if (report.problems.length > 0) process.exit(1);
}
console.log(`${kills} kills, nothing lost, nothing paid twice`);
