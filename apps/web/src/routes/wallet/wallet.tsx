import { useQuery } from "@tanstack/react-query";
import type { Account } from "@stoa/protocol";
import { LogOut } from "lucide-react";
import { accountQuery } from "../../data/account.ts";
import { wantSignIn } from "../../layout/want-sign-in.ts";
import { Amount } from "../../parts/amount.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { IdText } from "../../parts/id-text.tsx";
import { Lines, Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { Stat, Stats } from "../../parts/stat.tsx";
import { useText } from "../../text/use-text.ts";
import { signOut } from "../../wallet/sign-in.ts";
import { useSession } from "../../wallet/use-session.ts";
import { MoveMoney } from "./move-money.tsx";
import { Statement } from "./statement.tsx";

/** What an account holds, how money comes in and goes out, and every movement. */
export function Wallet() {
  const { t } = useText();
  const session = useSession();
  const query = useQuery(accountQuery(session !== null));
  if (!session)
    return (
      <Page title={t("wallet.title")}>
        <div className="card">
          <Empty
            title={t("wallet.signed_out")}
            action={
              <Button look="primary" onClick={wantSignIn}>
                {t("sign_in.action")}
              </Button>
            }
          >
            {t("wallet.signed_out_note")}
          </Empty>
        </div>
      </Page>
    );
  return (
    <Page
      title={t("wallet.title")}
      lead={session.address !== null && <IdText id={session.address} label={t("wallet.address")} />}
      actions={
        <Button icon={<LogOut className="size-4" aria-hidden />} onClick={() => void signOut()}>
          {t("sign_in.out")}
        </Button>
      }
    >
      <Loaded query={query} skeleton={<Lines count={3} className="h-28" />}>
        {(account) => <Balances account={account} />}
      </Loaded>
      <MoveMoney />
      <Statement />
    </Page>
  );
}

function Balances({ account: { balances } }: { account: Account }) {
  const { t } = useText();
  const atWork = BigInt(balances.staked) + BigInt(balances.bonded) + BigInt(balances.unstaking);
  return (
    <Stats>
      <Stat
        name={t("wallet.available")}
        value={<Amount units={balances.available} />}
        note={t("wallet.available_note")}
      />
      <Stat
        name={t("wallet.held")}
        value={<Amount units={BigInt(balances.held) + BigInt(balances.earmarked)} />}
        note={t("wallet.held_note")}
      />
      <Stat
        name={t("wallet.withdrawing")}
        value={<Amount units={balances.withdrawing} />}
        note={t("wallet.withdrawing_note")}
      />
      <Stat name={t("wallet.staked")} value={<Amount units={atWork} />} note={t("wallet.staked_note")} />
    </Stats>
  );
}
