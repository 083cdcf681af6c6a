import { Link } from "@tanstack/react-router";
import { CircleUserRound, LogIn } from "lucide-react";
import { buttonClass, Button } from "../parts/button.tsx";
import { shortId } from "../parts/short-id.ts";
import { useText } from "../text/use-text.ts";
import { keptWallet } from "../wallet/wallet-kind.ts";
import { useSession } from "../wallet/use-session.ts";

export function AccountButton({ onSignIn }: { onSignIn: () => void }) {
  const { t } = useText();
  const account = useSession();
  if (!account)
    return (
      <Button look="primary" icon={<LogIn className="size-4" aria-hidden />} onClick={onSignIn}>
        {t("sign_in.action")}
      </Button>
    );
  return (
    <Link to="/wallet" className={buttonClass("plain")} title={account.address ?? undefined}>
      <CircleUserRound className="size-4 text-sea" aria-hidden />
      {keptWallet()?.kind === "guest" ? t("sign_in.guest") : shortId(account.address ?? account.id)}
    </Link>
  );
}
