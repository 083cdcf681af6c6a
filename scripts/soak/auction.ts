// The auction's laws on a hundred thousand random markets; `-- --markets N --seed S` for others.
//
// Every law gets its share of the markets, as in `npm test`. A law that does not hold is printed with the market
// that breaks it, made as small as it goes, and the seed that finds it again.
import { parseArgs } from "node:util";
import { laws } from "../../packages/core/tests/laws/laws.ts";

const CHUNK = 1_000;

const { values } = parseArgs({
  options: { markets: { type: "string", default: "100000" }, seed: { type: "string", default: String(Date.now()) } },
});
const markets = Number(values.markets);
const seed = Number(values.seed) | 0;
const sum = laws.reduce((total, { runs }) => total + runs, 0);
console.log(`${markets} markets over ${laws.length} laws, seed ${seed}`);

let tried = 0;
for (const { promise, runs, hold } of laws) {
  const share = Math.ceil((markets * runs) / sum);
  const start = performance.now();
  for (let done = 0; done < share; done += CHUNK) {
    try {
      await hold(Math.min(CHUNK, share - done), (seed + done) | 0);
    } catch (error) {
      console.error(`✗ ${promise}\n${error instanceof Error ? error.message : String(error)}`);
      process.exit(1);
    }
  }
  tried += share;
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  console.log(`✓ ${promise}: ${share} markets, ${seconds} s`);
}
console.log(`${tried} markets, no law broken`);
