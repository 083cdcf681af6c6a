import { encodeDeployData, getContractAddress, isAddressEqual, TransactionReceiptNotFoundError } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import type { Chain } from "../client/connect-chain.ts";
import { awaitTransaction } from "../client/await-transaction.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { accessManagerAbi, accessManagerBytecode } from "../generated/access-manager.ts";
import { testDollarAbi, testDollarBytecode } from "../generated/test-dollar.ts";
import { vaultAbi, vaultBytecode } from "../generated/vault.ts";
import { nodesOf } from "../nodes/nodes-of.ts";
import { vaultParameters, type VaultParameters } from "../vault/vault-parameters.ts";
import {
  type AddressBook,
  type AddressBookFile,
  type DeployedContract,
  readAddressBook,
  writeAddressBook,
} from "./address-book.ts";
import { deployAnchors } from "./deploy-anchors.ts";

export interface DeployOptions {
  /** Pays for the deployment; need not be the operator. */
  sender: ChainSender;
  parameters: VaultParameters;
  /** The settlement token; a test dollar is deployed when absent: for local chains only. */
  token?: Address;
  /** The JSON file that remembers what stands where. */
  bookFile: string;
}

/**
 * Deploys what a market needs on its chain, or finds it deployed: as often as it is called, there is one vault.
 * Each contract's address is written down before the chain can know of it, so a crash at any moment is resumed.
 * @throws {StoaError} `invalid_configuration` when the book's vault is not on this chain or has other parameters
 */
export async function deployMarket(options: DeployOptions): Promise<AddressBook> {
  const { sender, parameters, bookFile } = options;
  const { chain } = sender;
  const book = (await readAddressBook(bookFile)) ?? { chainId: chain.chainId, steps: {}, market: null };
  if (book.chainId !== chain.chainId) {
    throw new StoaError(
      "invalid_configuration",
      `${bookFile} is of chain ${book.chainId}, this is chain ${chain.chainId}`,
    );
  }
  const write = () => writeAddressBook(bookFile, book);
  if (book.market) {
    await checkMarket(chain, book.market, options);
    const market = { ...book.market, anchors: await deployAnchors(sender) };
    if (book.market.anchors !== market.anchors) {
      book.market = market;
      await write();
    }
    return market;
  }
  const token = options.token ?? (await deployStep(sender, book, "token", encodeToken(), write)).address;
  const authority = await deployAuthority(sender, book, parameters.operator, write);
  const vault = await deployStep(sender, book, "vault", encodeVault(authority, parameters), write);
  const market: AddressBook = {
    chainId: chain.chainId,
    vault: vault.address,
    nodes: await nodesOf(chain, vault.address),
    token,
    anchors: await deployAnchors(sender),
    operator: parameters.operator,
    deployedAtBlock: vault.blockNumber,
  };
  await checkMarket(chain, market, options);
  book.market = market;
  await write();
  return market;
}

const encodeToken = () => encodeDeployData({ abi: testDollarAbi, bytecode: testDollarBytecode });
const encodeVault = (authority: Address, parameters: VaultParameters) =>
  encodeDeployData({
    abi: vaultAbi,
    bytecode: vaultBytecode,
    args: [
      authority,
      {
        ...parameters,
        withdrawDelay: BigInt(parameters.withdrawDelay),
        challengeWindow: BigInt(parameters.challengeWindow),
      },
    ],
  });

/** Deploys what the market's contracts ask who may change their parameters: the operator, until it hands that over. */
async function deployAuthority(
  sender: ChainSender,
  book: AddressBookFile,
  admin: Address,
  write: () => Promise<void>,
): Promise<Address> {
  const data = encodeDeployData({ abi: accessManagerAbi, bytecode: accessManagerBytecode, args: [admin] });
  return (await deployStep(sender, book, "authority", data, write)).address;
}

async function deployStep(
  sender: ChainSender,
  book: AddressBookFile,
  name: DeployedContract,
  data: Hash,
  write: () => Promise<void>,
): Promise<{ address: Address; blockNumber: number }> {
  const { chain } = sender;
  const doing = `deploying the ${name}`;
  const before = book.steps[name];
  if (before) {
    const blockNumber = await findDeployment(chain, before.txHash, doing);
    if (blockNumber !== null) return { address: before.address, blockNumber };
  }
  const txHash = await sender.send({
    doing,
    data,
    async onSigned(hash, nonce) {
      book.steps[name] = { address: getContractAddress({ from: sender.address, nonce: BigInt(nonce) }), txHash: hash };
      await write();
    },
  });
  const receipt = await awaitTransaction(chain, txHash, { doing });
  const address = receipt.contractAddress;
  if (!address || address.toLowerCase() !== book.steps[name]?.address.toLowerCase()) {
    throw new StoaError("internal", `${doing}: the chain put it at ${address}, expected ${book.steps[name]?.address}`);
  }
  return { address: book.steps[name].address, blockNumber: Number(receipt.blockNumber) };
}

/** The block of a deployment sent before a crash; null when the chain never took it. */
async function findDeployment(chain: Chain, hash: Hash, doing: string): Promise<number | null> {
  try {
    const receipt = await chain.client.getTransactionReceipt({ hash });
    return receipt.status === "success" ? Number(receipt.blockNumber) : null;
  } catch (cause) {
    if (!(cause instanceof TransactionReceiptNotFoundError)) throw toChainError(cause, doing);
  }
  const waiting = await chain.client.getTransaction({ hash }).catch(() => null);
  return waiting ? Number((await awaitTransaction(chain, hash, { doing })).blockNumber) : null;
}

async function checkMarket(
  chain: Chain,
  market: Pick<AddressBook, "vault" | "nodes" | "token">,
  { parameters, token, bookFile }: DeployOptions,
): Promise<void> {
  for (const [name, address] of [
    ["vault", market.vault],
    ["nodes", market.nodes],
    ["token", market.token],
  ] as const) {
    const code = await chain.client.getCode({ address }).catch((cause: unknown) => {
      throw toChainError(cause, `looking for the ${name}`);
    });
    if (!code) {
      throw new StoaError(
        "invalid_configuration",
        `${bookFile} has the ${name} at ${address}, but chain ${chain.chainId} has nothing there: it is another chain, or its state was lost`,
      );
    }
  }
  if (token && !isAddressEqual(token, market.token)) {
    throw new StoaError("invalid_configuration", `the market's token is ${market.token}, configured is ${token}`);
  }
  const actual = await vaultParameters(chain, market.vault);
  for (const [name, expected] of Object.entries(parameters)) {
    const found = actual[name as keyof VaultParameters];
    if (String(found).toLowerCase() !== String(expected).toLowerCase()) {
      throw new StoaError(
        "invalid_configuration",
        `the vault at ${market.vault} has ${name} ${found}, configured is ${expected}`,
      );
    }
  }
}
