import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  type AddressBook,
  type Anvil,
  type Chain,
  type ChainSender,
  connectChain,
  createSender,
  deployMarket,
  localAccount,
  startAnvil,
} from "@stoa/chain";
import { runCli } from "@stoa/cli";
import type { Address } from "@stoa/protocol";
import { callAnvil } from "@stoa/testkit";
import { privateKeyToAccount } from "viem/accounts";
import type { Ended } from "./local-market.ts";

/** A chain with a market's contracts, the people who use them, and no server. */
export interface ContractWorld extends AsyncDisposable {
  anvil: Anvil;
  chain: Chain;
  book: AddressBook;
  folder: string;
  /** Runs `stoa` with a profile of this name. */
  stoa(home: string, args: readonly string[], options?: { stdin?: string; env?: NodeJS.ProcessEnv }): Promise<Ended>;
  /** Runs `stoa --json`, which must succeed, and gives its document. */
  json<T = Record<string, unknown>>(home: string, ...args: string[]): Promise<T>;
  /** What `stoa --json` says of an error. */
  error(home: string, ...args: string[]): Promise<{ code: string; message: string; remedy: string }>;
  /** Makes a profile with a wallet that has gas, and gives its address. */
  person(home: string): Promise<Address>;
  /** Sends as that person, past the command line. */
  senderOf(home: string): Promise<ChainSender>;
  /** Lets time pass on the chain. */
  later(seconds: number): Promise<void>;
  mine(blocks: number): Promise<void>;
}

export async function startContractWorld(): Promise<ContractWorld> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "stoa-cli-contracts-"));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const anvil = await startAnvil({});
  starting.defer(() => anvil.stop());
  const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
  const bookFile = join(folder, "book.json");
  const [operator, arbiter] = [localAccount(0).address, localAccount(1).address];
  const [feeRecipient, faultPool] = [localAccount(2).address, localAccount(3).address];
  const parties = { operator, arbiter, feeRecipient, faultPool };
  const terms = { feeBps: 200, challengeBondBps: 1_000, withdrawDelay: 7_200, challengeWindow: 3_600 };
  const deployment = { sender: createSender(chain, localAccount(0)), parameters: { ...parties, ...terms }, bookFile };
  const book = await deployMarket(deployment);
  const stoa: ContractWorld["stoa"] = async (home, args, { stdin = "", env = {} } = {}) => {
    const [stdout, stderr] = [[] as string[], [] as string[]];
    const code = await runCli(args, {
      env: { NO_COLOR: "1", STOA_HOME: join(folder, home), STOA_DATA: join(folder, "no-market"), ...env },
      cwd: folder,
      stdin: Readable.from([stdin]),
      stdout: { write: (text) => stdout.push(text) },
      stderr: { write: (text) => stderr.push(text) },
    });
    return { code, stdout: stdout.join(""), stderr: stderr.join("") };
  };
  const running = starting.move();
  return {
    anvil,
    chain,
    book,
    folder,
    stoa,
    async json<T>(home: string, ...args: string[]) {
      const { code, stdout, stderr } = await stoa(home, [...args, "--json"]);
      if (code !== 0) throw new Error(`stoa ${args.join(" ")} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as T;
    },
    async error(home, ...args) {
      const { code, stdout, stderr } = await stoa(home, [...args, "--json"]);
      if (code === 0) throw new Error(`stoa ${args.join(" ")} should have failed: ${stdout}`);
      return (
        JSON.parse(stderr.trim().split("\n").at(-1) ?? "") as {
          error: { code: string; message: string; remedy: string };
        }
      ).error;
    },
    async person(home) {
      const { code, stdout, stderr } = await stoa(home, ["account", "create", "--rpc-url", anvil.rpcUrl, "--json"]);
      if (code !== 0) throw new Error(stderr);
      const { address } = JSON.parse(stdout) as { address: Address };
      await callAnvil(anvil, "anvil_setBalance", [address, "0x56bc75e2d63100000"]);
      await mkdir(join(folder, home, "chains"));
      await writeFile(join(folder, home, "chains", `${chain.chainId}.json`), await readFile(bookFile));
      return address;
    },
    async senderOf(home) {
      const key = (await readFile(join(folder, home, "wallet.key"), "utf8")).trim() as `0x${string}`;
      return createSender(chain, privateKeyToAccount(key));
    },
    async later(seconds) {
      await callAnvil(anvil, "evm_increaseTime", [seconds]);
      await callAnvil(anvil, "evm_mine");
    },
    mine: async (blocks) => void (await callAnvil(anvil, "anvil_mine", [`0x${blocks.toString(16)}`])),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
