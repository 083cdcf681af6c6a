import type { Family } from "./attack.ts";
import { bombs } from "./bombs.ts";
import { budgets } from "./budgets.ts";
import { containers } from "./containers.ts";
import { deterministic } from "./deterministic.ts";
import { endless } from "./endless.ts";
import { endpoints } from "./endpoints.ts";
import { escapes } from "./escapes.ts";
import { floods } from "./floods.ts";
import { frames } from "./frames.ts";
import { grants } from "./grants.ts";
import { nodeEscapes } from "./node-escapes.ts";
import { poison } from "./poison.ts";
import { smuggled } from "./smuggled.ts";
import { snooping } from "./snooping.ts";
import { wasi } from "./wasi.ts";

/**
 * Every attack there is: a test makes each of them once, and `npm run soak hostile` goes on for as long as it is told.
 * Another kind of runner joins with a family of its own.
 */
export const families: readonly Family[] = [
  endless,
  bombs,
  floods,
  snooping,
  wasi,
  poison,
  grants,
  budgets,
  deterministic,
  containers,
  smuggled,
  frames,
  endpoints,
  nodeEscapes,
  escapes,
];
