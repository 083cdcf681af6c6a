import { chargeLaws } from "./charges.ts";
import type { Law } from "./law.ts";
import { optimumLaws } from "./optimum.ts";
import { truthfulnessLaws } from "./truthfulness.ts";

/** All that the auction promises of every market: `npm test` tries a few thousand, `npm run soak auction` a hundred thousand. */
export const laws: readonly Law[] = [...optimumLaws, ...chargeLaws, ...truthfulnessLaws];
