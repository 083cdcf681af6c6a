import type { Task } from "@stoa/protocol";
import { Amount } from "../parts/amount.tsx";
import { Facts } from "../parts/facts.tsx";
import { IdText } from "../parts/id-text.tsx";
import { MoneyWay } from "../parts/money-way.tsx";
import { Panel } from "../parts/page.tsx";
import { useText } from "../text/use-text.ts";

/** Where a task's money is, and where it went. */
export function MoneyPanel({ task }: { task: Task }) {
  const { t } = useText();
  const { outcome, settlement, maxPrice, award } = task;
  return (
    <Panel title={t("money.title")}>
      {outcome?.kind === "settled" && <MoneyWay split={outcome} />}
      <Facts
        facts={[
          [t("money.at_most"), <Amount key="most" units={maxPrice} />],
          [t("money.price"), award && !outcome && <Amount key="price" units={award.price} />],
          [
            t("money.charged"),
            outcome?.kind === "settled" ? (
              <Amount key="charge" units={outcome.charge} className="font-semibold" />
            ) : (
              outcome && t("money.nothing")
            ),
          ],
          [t("money.on_chain"), settlement && t(`settlement.${settlement.state}`)],
          [
            t("money.transaction"),
            settlement?.txHash && <IdText key="tx" id={settlement.txHash} label={t("money.transaction")} />,
          ],
        ]}
      />
    </Panel>
  );
}
