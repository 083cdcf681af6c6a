import type { Page } from "playwright-core";
import { createWalletClient, defineChain, type Hex, http, type LocalAccount, publicActions } from "viem";

/** What the wallet was asked, in order. */
export interface InjectedWallet {
  readonly asked: string[];
}

interface Request {
  method: string;
  params?: unknown[];
}

/**
 * Puts a wallet into every page of a tab, as an extension would: it announces itself (EIP-6963), signs with a real key and
 * sends real transactions, and says yes to everything.
 */
export async function injectWallet(
  page: Page,
  account: LocalAccount,
  { rpcUrl, chainId }: { rpcUrl: string; chainId: number },
): Promise<InjectedWallet> {
  const chain = defineChain({
    id: chainId,
    name: "local",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  const client = createWalletClient({ account, chain, transport: http(rpcUrl) }).extend(publicActions);
  const asked: string[] = [];
  await page.exposeFunction("askTestWallet", async ({ method, params = [] }: Request): Promise<unknown> => {
    asked.push(method);
    switch (method) {
      case "eth_requestAccounts":
      case "eth_accounts":
        return [account.address];
      case "eth_chainId":
        return `0x${chainId.toString(16)}`;
      case "wallet_switchEthereumChain":
        return null;
      case "personal_sign":
        return account.signMessage({ message: { raw: params[0] as Hex } });
      case "eth_signTypedData_v4":
        return account.signTypedData(JSON.parse(params[1] as string) as never);
      case "eth_sendTransaction": {
        const { to, data } = params[0] as { to: Hex; data: Hex };
        return client.sendTransaction({ to, data });
      }
      default:
        return client.request({ method, params } as never);
    }
  });
  await page.addInitScript(() => {
    const { askTestWallet } = globalThis as unknown as { askTestWallet(request: Request): Promise<unknown> };
    const provider = { request: askTestWallet, on() {}, removeListener() {} };
    const info = {
      uuid: "8e4b6bd6-7a5c-4a3f-9c0f-1f2f3a4b5c6d",
      name: "Test Wallet",
      rdns: "test.wallet",
      icon: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Crect width='8' height='8' fill='%23f60'/%3E%3C/svg%3E",
    };
    const announce = () =>
      dispatchEvent(
        new CustomEvent("eip6963:announceProvider", {
          detail: Object.freeze({ info, provider: Object.freeze(provider) }),
        }),
      );
    addEventListener("eip6963:requestProvider", announce);
    announce();
  });
  return { asked };
}
