import {
  type Chain as ViemChain,
  createPublicClient,
  defineChain,
  http,
  type HttpTransport,
  type PublicClient,
} from "viem";
import { StoaError } from "@stoa/protocol";
import { pause } from "./pause.ts";
import { toChainError } from "./to-chain-error.ts";

/** A chain that answers, and what every operation on it needs to know. */
export interface Chain {
  readonly client: PublicClient<HttpTransport, ViemChain>;
  readonly chainId: number;
  readonly rpcUrl: string;
}

export interface ConnectOptions {
  rpcUrl: string;
  /** Refuses another chain than this one. */
  expectedChainId?: number;
  /** Of one request. */
  timeoutMs?: number;
  /** How often to ask before giving up; waits 250 ms, then twice as long each time. */
  attempts?: number;
  signal?: AbortSignal;
}

/**
 * Connects to an EVM chain's JSON-RPC endpoint.
 * @throws {StoaError} `chain_unavailable` when it does not answer, `invalid_configuration` when it is another chain
 * @example
 * const chain = await connectChain({ rpcUrl: "http://127.0.0.1:8545", expectedChainId: 31337 });
 */
export async function connectChain(options: ConnectOptions): Promise<Chain> {
  const { rpcUrl, expectedChainId, timeoutMs = 10_000, attempts = 4 } = options;
  const transport = http(rpcUrl, { timeout: timeoutMs, retryCount: 2, batch: { batchSize: 64 } });
  const chainId = await readChainId(createPublicClient({ transport }), rpcUrl, attempts, options.signal);
  if (expectedChainId !== undefined && chainId !== expectedChainId) {
    throw new StoaError("invalid_configuration", `${rpcUrl} is chain ${chainId}, expected ${expectedChainId}`);
  }
  const definition = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  return { client: createPublicClient({ chain: definition, transport, cacheTime: 0 }), chainId, rpcUrl };
}

async function readChainId(
  client: PublicClient,
  rpcUrl: string,
  attempts: number,
  signal?: AbortSignal,
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await client.getChainId();
    } catch (cause) {
      if (attempt >= attempts || signal?.aborted) throw toChainError(cause, `connecting to ${rpcUrl}`);
      await pause(250 * 2 ** (attempt - 1), signal);
    }
  }
}
