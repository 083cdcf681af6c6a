// Random bytes against the frame protocol and the admission of modules, a million; `-- --runs N --seed S` for others.
//
// Every law gets its share of the runs, as in `npm test`. A law that does not hold is printed with the bytes that break
// it, made as few as they go, and the seed that finds them again.
import { parseArgs } from "node:util";
import { admissionLaws } from "../../packages/sandbox/tests/fuzz/admission-laws.ts";
import { frameLaws } from "../../packages/sandbox/tests/fuzz/frame-laws.ts";

const CHUNK = 5_000;

const { values } = parseArgs({
  options: { runs: { type: "string", default: "1000000" }, seed: { type: "string", default: String(Date.now()) } },
});
const runs = Number(values.runs);
const seed = Number(values.seed) | 0;
const admission = admissionLaws();
const laws = [...frameLaws, ...admission.laws];
const sum = laws.reduce((total, law) => total + law.runs, 0);
console.log(`${runs} runs over ${laws.length} laws, seed ${seed}`);

let tried = 0;
for (const { promise, runs: weight, most = Infinity, hold } of laws) {
  const share = Math.min(most, Math.ceil((runs * weight) / sum));
  const start = performance.now();
  for (let done = 0; done < share; done += CHUNK) {
    try {
      await hold(Math.min(CHUNK, share - done), (seed + done) | 0);
    } catch (error) {
      console.error(`✗ ${promise}`);
      console.error(error);
      process.exit(1);
    }
  }
  tried += share;
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  console.log(`✓ ${promise}: ${share} runs, ${seconds} s`);
}
console.log(`${tried} runs, ${admission.admitted()} modules admitted, no law broken`);
