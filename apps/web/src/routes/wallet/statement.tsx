import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type AccountEntry, formatAmount } from "@stoa/protocol";
import { Download } from "lucide-react";
import { entriesQuery } from "../../data/account.ts";
import { useMarket } from "../../data/market.ts";
import { Amount } from "../../parts/amount.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Panel } from "../../parts/page.tsx";
import { shortId } from "../../parts/short-id.ts";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useText } from "../../text/use-text.ts";

/** Every line of the ledger that concerns the account, and as a file. */
export function Statement() {
  const { t } = useText();
  const market = useMarket();
  const query = useInfiniteQuery(entriesQuery(true));
  const entries = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Panel
      title={t("statement.title")}
      note={
        entries.length > 0 &&
        market && (
          <Button
            look="quiet"
            icon={<Download className="size-4" aria-hidden />}
            onClick={() => save(entries, market.token.decimals)}
          >
            {t("statement.export")}
          </Button>
        )
      }
    >
      <Loaded query={query} skeleton={<Lines count={5} className="h-9" />}>
        {() =>
          entries.length === 0 ? (
            <Empty title={t("statement.empty")}>{t("statement.empty_note")}</Empty>
          ) : (
            <>
              <div tabIndex={0} role="region" aria-label={t("statement.title")} className="overflow-x-auto">
                <table className="w-full text-sm">
                  <thead>
                    <tr className="border-b text-quiet">
                      {(["when", "what", "book", "task"] as const).map((head) => (
                        <th key={head} scope="col" className="py-2 pe-4 text-start font-medium whitespace-nowrap">
                          {t(`statement.${head}`)}
                        </th>
                      ))}
                      <th scope="col" className="py-2 text-end font-medium">
                        {t("statement.amount")}
                      </th>
                    </tr>
                  </thead>
                  <tbody className="divide-y">
                    {entries.map((entry) => (
                      <tr key={`${entry.postingId} ${entry.account}`}>
                        <td className="py-2 pe-4 text-quiet">
                          <TimeAgo at={entry.postedAt} />
                        </td>
                        <td className="py-2 pe-4">
                          {t(`ledger.${entry.kind as "hold"}`, { defaultValue: entry.kind })}
                        </td>
                        <td className="py-2 pe-4 text-quiet">
                          {t(`book.${entry.account.split(":", 1)[0] as "held"}`, { defaultValue: entry.account })}
                        </td>
                        <td className="py-2 pe-4">
                          {entry.taskId && (
                            <Link to="/tasks/$id" params={{ id: entry.taskId }} className="font-mono text-xs text-sea">
                              {shortId(entry.taskId)}
                            </Link>
                          )}
                        </td>
                        <td className={`py-2 text-end ${entry.amount.startsWith("-") ? "" : "text-leaf"}`}>
                          <Amount units={entry.amount} isChange />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {query.hasNextPage && (
                <Button isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t("statement.more")}
                </Button>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

/** Saves what is read so far as CSV; a spreadsheet takes no cell of it for a formula, since none is a stranger's text. */
function save(entries: readonly AccountEntry[], decimals: number): void {
  const lines = entries.map(({ postedAt, kind, account, taskId, amount }) =>
    [postedAt, kind, account, taskId ?? "", formatAmount(BigInt(amount), decimals)].join(","),
  );
  const url = URL.createObjectURL(
    new Blob([`${["posted,kind,book,task,amount", ...lines].join("\n")}\n`], { type: "text/csv" }),
  );
  Object.assign(document.createElement("a"), { href: url, download: "stoa-statement.csv" }).click();
  URL.revokeObjectURL(url);
}
