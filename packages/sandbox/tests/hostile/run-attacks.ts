import type { Arena } from "./arena.ts";
import type { Attack, Family } from "./attack.ts";

export interface Fault {
  attack: string;
  why: string;
}

/** Makes attacks, some at once, and says which were not contained. */
export async function runAttacks(
  attacks: readonly Attack[],
  arena: Arena,
  atOnce: number,
): Promise<{ faults: Fault[]; shown: string }> {
  const faults: Fault[] = [];
  const shown: string[] = [];
  const waiting = attacks.values();
  const lane = async () => {
    for (const attack of waiting) {
      try {
        shown.push(await attack.launch(arena));
      } catch (error) {
        faults.push({ attack: attack.name, why: error instanceof Error ? error.message : String(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return { faults, shown: shown.join("\n") };
}

/** The attacks of one round: of every family the next in turn that this host is to hold in. */
export function attacksOfRound(families: readonly Family[], round: number, arena: Arena): Attack[] {
  return families.flatMap(({ attacks }) => {
    const held = attacks.filter((attack) => attack.isHeldIn?.(arena) ?? true);
    return held.length === 0 ? [] : [held[round % held.length]!];
  });
}
