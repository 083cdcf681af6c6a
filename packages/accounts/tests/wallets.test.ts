import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { u8aToHex, u8aWrapBytes } from "@polkadot/util";
import {
  base58Encode,
  cryptoWaitReady,
  ed25519PairFromSeed,
  ed25519Sign,
  encodeAddress,
  sr25519PairFromSeed,
  sr25519Sign,
} from "@polkadot/util-crypto";
import { connectChain, verifySignedMessage } from "@stoa/chain";
import type { Database } from "@stoa/store";
import { type Anvil, databaseKinds, startAnvil, type TestDatabase } from "@stoa/testkit";
import {
  concat,
  createWalletClient,
  encodeAbiParameters,
  getContractAddress,
  type Hex,
  http,
  pad,
  serializeErc6492Signature,
} from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  CLIENT,
  code,
  openTestAccounts,
  principalOf,
  randomWallet,
  signInByKey,
  type TestAccounts,
} from "./accounts-fixture.ts";
import { keyWalletBytecode } from "./key-wallet.ts";

let opened: TestDatabase;
let database: Database;
beforeAll(async () => {
  opened = await databaseKinds.find(({ shared }) => shared)!.start();
  database = opened.database;
  await cryptoWaitReady();
});
afterAll(() => opened[Symbol.asyncDispose]());

interface Signer {
  kind: "Ethereum" | "Solana" | "Substrate";
  address: string;
  sign(message: string): Promise<Hex> | Hex;
}

/** The message that a wallet is shown, as EIP-4361 and CAIP-122 write it. */
function messageOf(
  { kind, address }: Pick<Signer, "kind" | "address">,
  asked: { nonce: string; domain: string; uri: string; chainId: number; statement?: string },
): string {
  const { nonce, domain, uri, chainId, statement } = asked;
  return [
    `${domain} wants you to sign in with your ${kind} account:`,
    address,
    "",
    ...(statement === undefined ? [] : [statement, ""]),
    `URI: ${uri}`,
    "Version: 1",
    ...(kind === "Ethereum" ? [`Chain ID: ${chainId}`] : []),
    `Nonce: ${nonce}`,
    `Issued At: ${new Date().toISOString()}`,
  ].join("\n");
}

async function signIn({ accounts }: TestAccounts, signer: Signer, change: { domain?: string } = {}) {
  const message = messageOf(signer, { ...(await accounts.createNonce()), ...change });
  return accounts.signInByWallet({ message, signature: await signer.sign(message) }, CLIENT);
}

function ethereum(): Signer {
  const key = randomWallet();
  return { kind: "Ethereum", address: key.address, sign: (message) => key.signMessage({ message }) };
}

function solana(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const bytes = Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url");
  return {
    kind: "Solana",
    address: base58Encode(bytes),
    sign: (message) => `0x${sign(null, Buffer.from(message), privateKey).toString("hex")}`,
  };
}

const SR25519_TAG = 1;
const ED25519_TAG = 0;

/** A Substrate key that signs as its usual wallets do: text in tags, and a byte that says which kind of key it is. */
function substrate(
  curve: "sr25519" | "ed25519" = "sr25519",
  { isBare = false, prefix = 0 } = {},
  seed = randomBytes(32),
) {
  const [pair, tag] =
    curve === "sr25519" ? [sr25519PairFromSeed(seed), SR25519_TAG] : [ed25519PairFromSeed(seed), ED25519_TAG];
  const signBytes = (bytes: Uint8Array) => (curve === "sr25519" ? sr25519Sign(bytes, pair) : ed25519Sign(bytes, pair));
  return {
    kind: "Substrate" as const,
    address: encodeAddress(pair.publicKey, prefix),
    sign: (message: string) =>
      isBare
        ? u8aToHex(signBytes(Buffer.from(message)))
        : u8aToHex(Uint8Array.of(tag, ...signBytes(u8aWrapBytes(message)))),
    seed,
  };
}

const kinds: [string, () => Signer][] = [
  ["an Ethereum key", ethereum],
  ["a Solana key", solana],
  ["an sr25519 key of Substrate", () => substrate()],
  ["an ed25519 key of Substrate", () => substrate("ed25519")],
  ["an sr25519 key that signs the bare text", () => substrate("sr25519", { isBare: true })],
  ["an ed25519 key that signs the bare text", () => substrate("ed25519", { isBare: true })],
];

describe.each(kinds)("%s", (_, make) => {
  test("signs in, to the same account each time", async () => {
    const parts = openTestAccounts(database);
    const signer = make();
    const first = await signIn(parts, signer);
    expect((await signIn(parts, signer)).account).toEqual(first.account);
    expect((await signIn(parts, make())).account.id).not.toBe(first.account.id);
  });

  test("signs nobody in for another site, with another's signature, late, or twice", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const [signer, other] = [make(), make()];
    await expect(signIn(parts, signer, { domain: "evil.example" })).rejects.toEqual(code("unauthorized"));
    await expect(signIn(parts, { ...signer, sign: other.sign })).rejects.toEqual(code("unauthorized"));
    const altered = async (message: string) => signer.sign(message.replace("Nonce: ", "Nonce: x"));
    await expect(signIn(parts, { ...signer, sign: altered })).rejects.toEqual(code("unauthorized"));
    const message = messageOf(signer, await accounts.createNonce());
    const signed = { message, signature: await signer.sign(message) };
    await accounts.signInByWallet(signed, CLIENT);
    await expect(accounts.signInByWallet(signed, CLIENT)).rejects.toEqual(code("unauthorized"));
    const late = messageOf(signer, await accounts.createNonce());
    parts.clock.now += 900_001;
    const lateSigned = { message: late, signature: await signer.sign(late) };
    await expect(accounts.signInByWallet(lateSigned, CLIENT)).rejects.toEqual(code("unauthorized"));
  });
});

test("a Substrate key is one wallet, whichever chain's address it names", async () => {
  const parts = openTestAccounts(database);
  const polkadot = substrate("sr25519", { prefix: 0 });
  const kusama = substrate("sr25519", { prefix: 2 }, polkadot.seed);
  const elsewhere = substrate("sr25519", { prefix: 10_041 }, polkadot.seed);
  expect(new Set([polkadot.address, kusama.address, elsewhere.address]).size).toBe(3);
  const ids = [];
  for (const signer of [polkadot, kusama, elsewhere]) ids.push((await signIn(parts, signer)).account.id);
  expect(new Set(ids).size).toBe(1);
});

test("what is no address of its kind is refused as such", async () => {
  const parts = openTestAccounts(database);
  const good = substrate();
  const mistyped = `${good.address.slice(0, -1)}${good.address.endsWith("2") ? "3" : "2"}`;
  await expect(signIn(parts, { ...good, address: mistyped })).rejects.toEqual(code("malformed_id"));
  await expect(signIn(parts, { ...solana(), address: "0".repeat(44) })).rejects.toEqual(code("malformed_id"));
  await expect(signIn(parts, { ...solana(), address: good.address })).rejects.toEqual(code("malformed_id"));
});

describe("an account", () => {
  async function linkTo(parts: TestAccounts, accessToken: string, signer: Signer, change: { statement?: string } = {}) {
    const { accounts } = parts;
    const me = await principalOf(accounts, { accessToken });
    const message = messageOf(signer, { ...(await accounts.createLinkNonce(me)), ...change });
    return accounts.linkWallet(me, { message, signature: await signer.sign(message) });
  }

  test("links several wallets and signs in by each; the first that holds money is its main one", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const signers = [solana(), ethereum(), substrate(), ethereum()];
    const { accessToken, account } = await signIn(parts, signers[0]!);
    expect(account.address).toBeNull();
    for (const signer of signers.slice(1)) await linkTo(parts, accessToken, signer);
    for (const signer of signers) expect((await signIn(parts, signer)).account.id).toBe(account.id);
    const me = await principalOf(accounts, { accessToken });
    expect(me.address).toBe(signers[1]!.address);
    expect(me.wallets).toEqual([signers[1]!.address, signers[3]!.address]);
    const { wallets } = await accounts.listIdentities(me);
    expect(wallets.filter(({ isMain }) => isMain).map(({ address }) => address)).toEqual([signers[1]!.address]);
    const other = wallets.find(({ address }) => address === signers[3]!.address)!;
    await accounts.chooseMainWallet(me, other.id);
    expect((await principalOf(accounts, { accessToken })).wallets).toEqual([signers[3]!.address, signers[1]!.address]);
    const aside = wallets.find(({ kind }) => kind === "solana")!;
    await expect(accounts.chooseMainWallet(me, aside.id)).rejects.toEqual(code("not_found"));
  });

  test("takes no wallet that signs in to another account, and leaves that as it is", async () => {
    const parts = openTestAccounts(database);
    const [mine, theirs] = [ethereum(), ethereum()];
    const { accessToken } = await signIn(parts, mine);
    const before = await signIn(parts, theirs);
    await expect(linkTo(parts, accessToken, theirs)).rejects.toEqual(code("identity_taken"));
    await expect(linkTo(parts, accessToken, mine)).rejects.toEqual(code("identity_taken"));
    expect((await signIn(parts, theirs)).account).toEqual(before.account);
  });

  test("links nothing by a message that was signed for something else", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const { accessToken } = await signIn(parts, ethereum());
    const me = await principalOf(accounts, { accessToken });
    const victim = ethereum();
    const sent = async (message: string) => ({ message, signature: await victim.sign(message) });
    // A sign-in that was lured out of the wallet's owner, and one that does not say what it does.
    const signInMessage = await sent(messageOf(victim, await accounts.createNonce()));
    await expect(accounts.linkWallet(me, signInMessage)).rejects.toEqual(code("unauthorized"));
    const { statement, ...bare } = await accounts.createLinkNonce(me);
    await expect(accounts.linkWallet(me, await sent(messageOf(victim, bare)))).rejects.toEqual(code("unauthorized"));
    const asSignIn = { ...(await accounts.createNonce()), statement };
    await expect(accounts.linkWallet(me, await sent(messageOf(victim, asSignIn)))).rejects.toEqual(
      code("unauthorized"),
    );
    // Another account's nonce, with this one's statement.
    const stranger = await principalOf(accounts, await signInByKey(parts));
    const theirs = { ...(await accounts.createLinkNonce(stranger)), statement };
    await expect(accounts.linkWallet(me, await sent(messageOf(victim, theirs)))).rejects.toEqual(code("unauthorized"));
    // And what was signed to link signs nobody in.
    const toLink = await sent(messageOf(victim, await accounts.createLinkNonce(me)));
    await expect(accounts.signInByWallet(toLink, CLIENT)).rejects.toEqual(code("unauthorized"));
  });

  test("unlinks wallets, the main one too, but not its last way in; a wallet unlinked is a stranger's", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const [first, second] = [ethereum(), ethereum()];
    const { accessToken, account } = await signIn(parts, first);
    const me = await principalOf(accounts, { accessToken });
    await linkTo(parts, accessToken, second);
    const { wallets } = await accounts.listIdentities(me);
    const stranger = await principalOf(accounts, await signInByKey(parts));
    await expect(accounts.unlinkWallet(stranger, wallets[0]!.id)).rejects.toEqual(code("not_found"));
    await accounts.unlinkWallet(me, wallets[0]!.id);
    expect(await principalOf(accounts, { accessToken })).toMatchObject({
      address: second.address,
      wallets: [second.address],
    });
    await expect(accounts.unlinkWallet(me, wallets[1]!.id)).rejects.toEqual(code("last_identity"));
    expect((await signIn(parts, second)).account.id).toBe(account.id);
    expect((await signIn(parts, first)).account.id).not.toBe(account.id);
  });

  test("keeps a way in, also when its last two are unlinked at the same moment", async () => {
    const parts = openTestAccounts(database);
    const { accounts } = parts;
    const { accessToken } = await signIn(parts, ethereum());
    await linkTo(parts, accessToken, solana());
    const me = await principalOf(accounts, { accessToken });
    const { wallets } = await accounts.listIdentities(me);
    const outcomes = await Promise.allSettled(wallets.map(({ id }) => accounts.unlinkWallet(me, id)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await accounts.listIdentities(me)).wallets).toHaveLength(1);
  });
});

describe("a contract that is a wallet", () => {
  /** Anvil and many chains have it: it deploys what it is sent, at an address of its own making. */
  const DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
  const SALT = pad("0x57", { size: 32 });
  const bytecode = keyWalletBytecode();
  let anvil: Anvil;
  let parts: TestAccounts;

  beforeAll(async () => {
    anvil = await startAnvil();
    const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
    parts = openTestAccounts(database, { verifyEthereum: (signed) => verifySignedMessage(chain, signed) });
  });
  afterAll(() => anvil[Symbol.asyncDispose]());

  /** A wallet that a key owns, at the address it has or will have. */
  function contractOf(owner: ReturnType<typeof randomWallet>) {
    const initCode = concat([bytecode, encodeAbiParameters([{ type: "address" }], [owner.address])]);
    const address = getContractAddress({ opcode: "CREATE2", from: DEPLOYER, salt: SALT, bytecode: initCode });
    const deployData = concat([SALT, initCode]);
    const wrap = async (signature: Hex | Promise<Hex>): Promise<Hex> =>
      serializeErc6492Signature({ address: DEPLOYER, data: deployData, signature: await signature });
    return {
      kind: "Ethereum" as const,
      address,
      deployData,
      wrap,
      sign: (message: string) => owner.signMessage({ message }),
    };
  }

  async function deploy(data: Hex): Promise<void> {
    const account = mnemonicToAccount("test test test test test test test test test test test junk");
    const wallet = createWalletClient({ account, transport: http(anvil.rpcUrl) });
    const hash = await wallet.sendTransaction({ to: DEPLOYER, data, chain: null });
    const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
    await chain.client.waitForTransactionReceipt({ hash, pollingInterval: 50 });
  }

  test("signs in by its owner's key, and by nobody else's", async () => {
    const contract = contractOf(randomWallet());
    await expect(signIn(parts, contract)).rejects.toEqual(code("unauthorized"));
    await deploy(contract.deployData);
    const { account } = await signIn(parts, contract);
    expect(account.address).toBe(contract.address);
    await expect(signIn(parts, { ...contract, sign: ethereum().sign })).rejects.toEqual(code("unauthorized"));
    await expect(signIn(parts, { ...contract, sign: () => "0x00" })).rejects.toEqual(code("unauthorized"));
  });

  test("signs in before it is deployed, by a signature that brings its code (ERC-6492)", async () => {
    const contract = contractOf(randomWallet());
    const undeployed = { ...contract, sign: (message: string) => contract.wrap(contract.sign(message)) };
    const { account } = await signIn(parts, undeployed);
    expect(account.address).toBe(contract.address);
    expect((await signIn(parts, undeployed)).account).toEqual(account);
    const another = contractOf(randomWallet());
    const forged = { ...contract, sign: (message: string) => another.wrap(another.sign(message)) };
    await expect(signIn(parts, forged)).rejects.toEqual(code("unauthorized"));
    const wrongKey = { ...contract, sign: (message: string) => contract.wrap(another.sign(message)) };
    await expect(signIn(parts, wrongKey)).rejects.toEqual(code("unauthorized"));
    const victim = randomWallet();
    const usurped = {
      ...another,
      address: victim.address,
      sign: (message: string) => another.wrap(another.sign(message)),
    };
    await expect(signIn(parts, usurped)).rejects.toEqual(code("unauthorized"));
    await deploy(contract.deployData);
    expect((await signIn(parts, contract)).account).toEqual(account);
  });

  test("is not refused when the chain is away: it is told so, and keys sign in all the same", async () => {
    await using passing = await startAnvil();
    const chain = await connectChain({ rpcUrl: passing.rpcUrl, attempts: 1, timeoutMs: 2_000 });
    const alone = openTestAccounts(database, { verifyEthereum: (signed) => verifySignedMessage(chain, signed) });
    await passing[Symbol.asyncDispose]();
    await expect(signIn(alone, contractOf(randomWallet()))).rejects.toEqual(code("chain_unavailable"));
    await signIn(alone, ethereum());
  });
});

test("viem's own sign-in message is read as it is written", async () => {
  const parts = openTestAccounts(database);
  const key = randomWallet();
  const { nonce, domain, uri, chainId } = await parts.accounts.createNonce();
  const message = createSiweMessage({
    address: key.address,
    chainId,
    domain,
    nonce,
    uri,
    version: "1",
    scheme: "http",
    statement: "Sign in to Stoa.",
    requestId: "one",
    resources: ["https://example.org/a", "ipfs://b"],
    issuedAt: new Date(),
    expirationTime: new Date(Date.now() + 60_000),
    notBefore: new Date(Date.now() - 60_000),
  });
  const signature = await key.signMessage({ message });
  expect((await parts.accounts.signInByWallet({ message, signature }, CLIENT)).account.address).toBe(key.address);
});
