import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type MarketInfo, parseAmount } from "@stoa/protocol";
import { ArrowDownToLine, ArrowUpFromLine, FlaskConical } from "lucide-react";
import { type FormEvent, type ReactNode, useId } from "react";
import { accountKeys } from "../../data/account.ts";
import { useMarket } from "../../data/market.ts";
import { Amount } from "../../parts/amount.tsx";
import { Button } from "../../parts/button.tsx";
import { writeDuration } from "../../parts/duration.ts";
import { Failure } from "../../parts/failure.tsx";
import { IdText } from "../../parts/id-text.tsx";
import { Panel } from "../../parts/page.tsx";
import { TimeAgo, useNow } from "../../parts/time-ago.tsx";
import { useDraft } from "../../parts/use-draft.ts";
import { useText } from "../../text/use-text.ts";
import { bringTestMoney } from "../../wallet/become-guest.ts";
import { completeWithdrawal, deposit, readHoldings, requestWithdrawal } from "../../wallet/money.ts";
import { openWallet } from "../../wallet/open-wallet.ts";
import { keptWallet } from "../../wallet/wallet-kind.ts";
import type { ChainWallet } from "../../wallet/chain-wallet.ts";

const HOLDINGS = ["account", "holdings"] as const;

/** Money in from the wallet and out to it, each signed there. */
export function MoveMoney() {
  const { t, language } = useText();
  const market = useMarket();
  const holdings = useQuery({
    queryKey: HOLDINGS,
    queryFn: async () => readHoldings(await openWallet(), market!),
    enabled: market !== undefined,
  });
  const now = useNow();
  if (!market) return null;
  const { inWallet, withdrawing, unlocksAt } = holdings.data ?? { inWallet: null, withdrawing: 0n, unlocksAt: null };
  return (
    <div className="grid items-start gap-5 md:grid-cols-2">
      <Panel
        title={t("deposit.title")}
        note={
          inWallet !== null && (
            <>
              {t("deposit.in_wallet")} <Amount units={inWallet} className="text-ink" />
            </>
          )
        }
      >
        <Move
          name="deposit"
          market={market}
          icon={<ArrowDownToLine className="size-4" aria-hidden />}
          action={t("deposit.action")}
          move={(wallet, amount) => deposit(wallet, market, amount)}
        />
        {keptWallet()?.kind === "guest" && <TestMoney />}
        {holdings.error && <Failure error={holdings.error} onRetry={() => void holdings.refetch()} />}
      </Panel>
      <Panel
        title={t("withdraw.title")}
        note={t("withdraw.delay", { time: writeDuration(market.withdrawDelaySeconds, language) })}
      >
        <Move
          name="withdraw"
          market={market}
          icon={<ArrowUpFromLine className="size-4" aria-hidden />}
          action={t("withdraw.action")}
          move={(wallet, amount) => requestWithdrawal(wallet, market, amount)}
        />
        {withdrawing > 0n && (
          <div className="grid gap-3 rounded-lg bg-sunken p-3">
            <p>
              <Amount units={withdrawing} className="font-semibold" /> {t("withdraw.waiting")}{" "}
              {unlocksAt !== null && <TimeAgo at={new Date(unlocksAt).toISOString()} />}
            </p>
            <Complete market={market} isDue={unlocksAt !== null && unlocksAt <= now} />
          </div>
        )}
      </Panel>
    </div>
  );
}

interface MoveProps {
  name: string;
  market: MarketInfo;
  icon: ReactNode;
  action: string;
  move: (wallet: ChainWallet, amount: bigint) => Promise<string>;
}

function Move({ name, market, icon, action, move }: MoveProps) {
  const { t } = useText();
  const id = useId();
  const refresh = useRefresh();
  const [text, setText] = useDraft(`move.${name}`, "1");
  const moving = useMutation({
    mutationFn: async () => move(await openWallet(), parseAmount(text.trim().replace(",", "."), market.token.decimals)),
    onSuccess: refresh,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    moving.mutate();
  }
  return (
    <form onSubmit={submit} className="grid gap-3">
      <label htmlFor={id} className="text-sm text-quiet">
        {t("wallet.amount", { unit: market.token.symbol })}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          inputMode="decimal"
          required
          value={text}
          onChange={({ target }) => setText(target.value)}
          className="field tabular"
        />
        <Button type="submit" look="primary" isBusy={moving.isPending} icon={icon} className="shrink-0">
          {action}
        </Button>
      </div>
      <div aria-live="polite" className="empty:-mt-3">
        {moving.isPending && <p className="text-sm text-quiet">{t("wallet.confirm")}</p>}
        {moving.data && (
          <p className="flex flex-wrap items-center gap-x-2 text-sm text-leaf">
            {t("wallet.sent")} <IdText id={moving.data} label={t("money.transaction")} />
          </p>
        )}
        {moving.error && <Failure error={moving.error} />}
      </div>
    </form>
  );
}

function Complete({ market, isDue }: { market: MarketInfo; isDue: boolean }) {
  const { t } = useText();
  const refresh = useRefresh();
  const completing = useMutation({
    mutationFn: async () => completeWithdrawal(await openWallet(), market),
    onSuccess: refresh,
  });
  return (
    <>
      <Button disabled={!isDue} isBusy={completing.isPending} onClick={() => completing.mutate()}>
        {t("withdraw.complete")}
      </Button>
      {completing.error && <Failure error={completing.error} />}
    </>
  );
}

function TestMoney() {
  const { t } = useText();
  const refresh = useRefresh();
  const bringing = useMutation({ mutationFn: () => bringTestMoney(() => undefined), onSuccess: refresh });
  return (
    <div className="grid gap-2 border-t pt-4">
      <Button
        isBusy={bringing.isPending}
        icon={<FlaskConical className="size-4" aria-hidden />}
        onClick={() => bringing.mutate()}
      >
        {t("deposit.test_money")}
      </Button>
      {bringing.error && <Failure error={bringing.error} />}
    </div>
  );
}

function useRefresh(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: accountKeys.one });
}
