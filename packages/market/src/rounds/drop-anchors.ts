import type { AnchoredHead } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/** Forgets the anchors of a capability that the chain, as it stands, does not have: all of them when it has none. */
export function dropAnchors(
  context: MarketContext,
  { capability, stands }: { capability: string; stands: Pick<AnchoredHead, "head" | "position"> | null },
): Promise<void> {
  return context.lane.run({
    name: "drop-anchors",
    decide: (set) =>
      set.defer((tx) =>
        tx.query("delete from anchors where capability = $1 and position >= $2 and head is distinct from $3::text", [
          capability,
          stands?.position ?? 0,
          stands?.head ?? null,
        ]),
      ),
  });
}
