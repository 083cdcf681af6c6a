import { useMutation } from "@tanstack/react-query";
import { FlaskConical, Wallet } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useMarket } from "../data/market.ts";
import { Failure } from "../parts/failure.tsx";
import { Modal } from "../parts/modal.tsx";
import { useText } from "../text/use-text.ts";
import { becomeGuest } from "../wallet/become-guest.ts";
import { hasGuests } from "../wallet/has-guests.ts";
import { findWallets, type FoundWallet } from "../wallet/injected-wallet.ts";
import { signIn } from "../wallet/sign-in.ts";
import type { WalletKind } from "../wallet/wallet-kind.ts";

/** What a guest should be able to spend, in the token's smallest unit. */
const GUEST_NEEDS = 1n;

/** The ways to sign in that this browser and this market have. */
export function SignIn({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const market = useMarket();
  const [wallets, setWallets] = useState<FoundWallet[]>([]);
  useEffect(() => (market ? findWallets(market, setWallets) : undefined), [market]);
  const signingIn = useMutation({
    mutationFn: (which: WalletKind) =>
      which.kind === "guest" ? becomeGuest(GUEST_NEEDS, () => undefined) : signIn(which),
    onSuccess: onClose,
  });
  const isBusy = signingIn.isPending;
  return (
    <Modal title={t("sign_in.title")} onClose={onClose}>
      <p className="text-quiet">{t("sign_in.lead")}</p>
      <ul className="grid gap-2">
        {wallets.map(({ rdns, name, icon }) => (
          <li key={rdns}>
            <Choice
              icon={icon ? <img src={icon} alt="" className="size-7 rounded-md" /> : <Wallet aria-hidden />}
              isBusy={isBusy}
              onClick={() => signingIn.mutate({ kind: "injected", rdns })}
            >
              {name}
            </Choice>
          </li>
        ))}
        {hasGuests(market) && (
          <li>
            <Choice
              icon={<FlaskConical aria-hidden />}
              isBusy={isBusy}
              onClick={() => signingIn.mutate({ kind: "guest" })}
            >
              {t("sign_in.as_guest")}
              <span className="block text-sm font-normal text-quiet">{t("sign_in.guest_note")}</span>
            </Choice>
          </li>
        )}
      </ul>
      {wallets.length === 0 && <p className="rounded-lg bg-sunken p-3 text-sm text-quiet">{t("sign_in.no_wallet")}</p>}
      <div aria-live="polite" className="empty:-mt-4">
        {isBusy && <p className="text-quiet">{t("sign_in.waiting")}</p>}
        {signingIn.error && <Failure error={signingIn.error} />}
      </div>
    </Modal>
  );
}

interface ChoiceProps {
  icon: ReactNode;
  isBusy: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Choice({ icon, isBusy, onClick, children }: ChoiceProps) {
  return (
    <button
      type="button"
      disabled={isBusy}
      onClick={onClick}
      className="flex w-full items-center gap-3 rounded-xl border border-line-strong p-3 text-start font-medium hover:bg-sunken disabled:opacity-55"
    >
      <span className="grid size-9 shrink-0 place-items-center text-sea">{icon}</span>
      <span>{children}</span>
    </button>
  );
}
