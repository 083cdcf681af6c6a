import { type AddressBookFile, type Chain, type ChainSender, type ContractName, tokenInfo } from "@stoa/chain";
import { type Address, StoaError } from "@stoa/protocol";
import type { PrivateKeyAccount } from "viem";
import type { Cli } from "../cli.ts";
import { type ChainOptions, openRpc } from "../profile/open-rpc.ts";
import { readWallet } from "../profile/read-wallet.ts";
import type { Profile } from "../profile/resolve-profile.ts";
import { walletSender } from "../profile/wallet-sender.ts";
import { type Money, moneyOf } from "../terminal/money.ts";
import { foreignMoney } from "./foreign-money.ts";
import { requireBook } from "./require-book.ts";

/** A market's contracts on their chain, with the wallet that sends to them; no server is asked, but to pay its gas. */
export interface OpenedContracts {
  chain: Chain;
  profile: Profile;
  book: AddressBookFile;
  /** @throws {StoaError} `invalid_configuration` when the book does not have it */
  at(name: ContractName): Address;
  /** The market's token. */
  token: Address;
  money: Money;
  /** Writes amounts of any token, which an escrow or a channel may be in. */
  moneyIn(token: Address): Promise<Money>;
  /** @throws {StoaError} `invalid_configuration` when the profile has none */
  wallet(): Promise<PrivateKeyAccount>;
  /** @throws {StoaError} `invalid_configuration` when the profile has no wallet */
  sender(): Promise<ChainSender>;
}

/**
 * Finds a market's contracts by the address book of their chain.
 * @throws {StoaError} `invalid_configuration` without a chain or a book, `chain_unavailable`
 */
export async function openContracts(cli: Cli, options: ChainOptions): Promise<OpenedContracts> {
  const { chain, profile, bookFile } = await openRpc(cli, options);
  const book = await requireBook(bookFile, chain.chainId);
  const at = (name: ContractName) => {
    const entry = book.contracts[name];
    if (entry) return entry.address;
    throw new StoaError("invalid_configuration", `${bookFile} has no ${name}: finish it with stoa chain deploy`);
  };
  const token = at("token");
  const money = moneyOf({ token: await tokenInfo(chain, token) });
  const wallet = () => readWallet(profile);
  return {
    chain,
    profile,
    book,
    at,
    token,
    money,
    moneyIn: async (of) => (of.toLowerCase() === token.toLowerCase() ? money : foreignMoney(chain, of)),
    wallet,
    sender: async () => walletSender(profile, chain, await wallet()),
  };
}
