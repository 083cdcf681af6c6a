import type { RoundBids } from "@stoa/protocol";
import { Trophy } from "lucide-react";
import { useNodeName } from "../data/nodes.ts";
import { Amount, useAmount } from "../parts/amount.tsx";
import { useText } from "../text/use-text.ts";

interface BidPictureProps {
  taskId: string;
  bids: RoundBids;
  /** Null when nobody got the task. */
  award: { node: string; price: string; royalty: string } | null;
  /** The most the requester pays, when it is known here. */
  maxPrice?: string | undefined;
}

/** Who asked what for a task, who got it, and what set the price: a bar for each node, and the price as a line. */
export function BidPicture({ taskId, bids, award, maxPrice }: BidPictureProps) {
  const { t } = useText();
  const write = useAmount();
  const nameOf = useNodeName();
  const royalty = BigInt(award?.royalty ?? 0);
  const own = bids.bids
    .filter((bid) => bid.taskId === taskId)
    .map((bid) => ({ node: bid.node, cost: BigInt(bid.ask) + royalty }))
    .toSorted((a, b) => Number(a.cost - b.cost));
  const price = award ? BigInt(award.price) : null;
  // A little room beyond the last bid, so that a line at its end is seen.
  const most = ([...own.map(({ cost }) => cost), price ?? 0n].reduce((a, b) => (a > b ? a : b), 1n) * 21n) / 20n;
  const at = (units: bigint) => `${Number((units * 10_000n) / most) / 100}%`;
  const passes = bids.passes.filter((pass) => pass.taskId === taskId);
  return (
    <div className="grid gap-4">
      <figure className="grid gap-3">
        <div className="relative grid gap-3">
          {own.map(({ node, cost }) => {
            const isWinner = node === award?.node;
            return (
              <div key={node} className="grid gap-1">
                <p className="flex items-center gap-2 text-sm">
                  {isWinner && <Trophy className="size-4 text-gold" aria-hidden />}
                  <span className={isWinner ? "font-semibold" : ""}>{nameOf(node)}</span>
                  {isWinner && <span className="text-gold">{t("bids.won")}</span>}
                  <span className="ms-auto">
                    <Amount units={cost} />
                  </span>
                </p>
                <div className="relative h-5 rounded bg-sunken">
                  <span
                    className={`absolute inset-y-0 start-0 rounded ${isWinner ? "bg-gold-fill" : "bg-column"}`}
                    style={{ width: at(cost) }}
                  />
                  {price !== null && (
                    <span
                      className="absolute inset-y-[-4px] w-0.5 -translate-x-px bg-sea rtl:translate-x-px"
                      style={{ insetInlineStart: at(price) }}
                    />
                  )}
                </div>
              </div>
            );
          })}
        </div>
        {price !== null && award && (
          <figcaption className="grid gap-2 text-sm">
            <p className="flex items-center gap-2 font-medium">
              <span className="h-4 w-0.5 bg-sea" aria-hidden />
              {t("bids.price", { price: write(price), node: nameOf(award.node) })}
            </p>
            <p className="text-quiet">
              {t(own.length > 1 ? "bids.why_many" : "bids.why_one")}
              {maxPrice !== undefined && ` ${t("bids.below", { price: write(maxPrice) })}`}
            </p>
          </figcaption>
        )}
      </figure>
      {own.length === 0 && <p className="text-quiet">{t("bids.none")}</p>}
      {(passes.length > 0 || bids.silent.length > 0) && (
        <ul className="grid gap-1 border-t pt-3 text-sm text-quiet">
          {passes.map(({ node, sentence }) => (
            <li key={node}>
              {nameOf(node)}: {sentence}
            </li>
          ))}
          {bids.silent.map((node) => (
            <li key={node}>
              {nameOf(node)}: {t("bids.silent")}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
