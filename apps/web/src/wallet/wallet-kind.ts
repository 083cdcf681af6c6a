/** Which wallet stands behind the session: one of the browser's by its EIP-6963 name, or the guest's of this page. */
export type WalletKind = { kind: "guest" } | { kind: "injected"; rdns: string };

const KEPT_AS = "stoa.wallet";

export function keepWallet(wallet: WalletKind | null): void {
  if (wallet) localStorage.setItem(KEPT_AS, JSON.stringify(wallet));
  else localStorage.removeItem(KEPT_AS);
}

export function keptWallet(): WalletKind | null {
  const text = localStorage.getItem(KEPT_AS);
  return text === null ? null : (JSON.parse(text) as WalletKind);
}
