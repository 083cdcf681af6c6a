/**
 * A bundler that shares no code with ours, as a process of its own: JSON-RPC on loopback, and `handleOps` by a key with
 * ether. Prints its port once it listens.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createWalletClient,
  decodeErrorResult,
  type Hex,
  hexToBigInt,
  http,
  numberToHex,
  publicActions,
  type SignedAuthorization,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  entryPoint08Abi,
  entryPoint08Address,
  getUserOperationHash,
  toPackedUserOperation,
  type UserOperation,
} from "viem/account-abstraction";
import { foundry } from "viem/chains";

type Wire = Record<string, Hex> & { eip7702Auth?: Record<string, Hex> };
type Call = { id: number; method: string; params: unknown[] };

class Refusal extends Error {}

const [rpcUrl, key] = process.argv.slice(2) as [string, Hex];
const account = privateKeyToAccount(key);
const client = createWalletClient({ account, chain: foundry, transport: http(rpcUrl) }).extend(publicActions);
const entryPoint = { address: entryPoint08Address, abi: entryPoint08Abi } as const;
const LIMITS = { verificationGasLimit: 160_000n, paymasterVerificationGasLimit: 200_000n, paymasterPostOpGasLimit: 0n };

function read({ eip7702Auth, ...wire }: Wire): UserOperation<"0.8"> {
  const isNumber = (name: string) => /^nonce$|Gas/.test(name);
  const fields = Object.entries(wire).map(([name, value]) => [name, isNumber(name) ? hexToBigInt(value) : value]);
  const operation = Object.fromEntries(fields) as UserOperation<"0.8">;
  if (!eip7702Auth) return operation;
  const { chainId, nonce, yParity } = eip7702Auth;
  const numbers = { chainId: Number(chainId), nonce: Number(nonce), yParity: Number(yParity) };
  return { ...operation, authorization: { ...eip7702Auth, ...numbers } as unknown as SignedAuthorization };
}

async function estimate(operation: UserOperation<"0.8">) {
  const { sender, callData, authorization } = operation;
  const callGasLimit = await client.estimateGas({
    account: entryPoint08Address,
    to: sender,
    data: callData,
    ...(authorization
      ? { stateOverride: [{ address: sender, code: `0xef0100${authorization.address.slice(2)}` }] }
      : {}),
  });
  const gas = { ...LIMITS, callGasLimit, preVerificationGas: 120_000n };
  return Object.fromEntries(Object.entries(gas).map(([name, value]) => [name, numberToHex(value)]));
}

async function send(operation: UserOperation<"0.8">): Promise<Hex> {
  const list = operation.authorization ? { authorizationList: [operation.authorization as SignedAuthorization] } : {};
  const args = [[toPackedUserOperation(operation)], account.address] as const;
  try {
    await client.writeContract({ ...entryPoint, functionName: "handleOps", args, ...list });
  } catch (error) {
    const data = (error as { walk?: (of: (one: unknown) => boolean) => { raw?: Hex } | null }).walk?.(
      (one) => typeof (one as { raw?: unknown }).raw === "string",
    )?.raw;
    throw new Refusal(data ? String(decodeErrorResult({ abi: entryPoint08Abi, data }).args) : (error as Error).message);
  }
  const where = { chainId: foundry.id, entryPointAddress: entryPoint08Address, entryPointVersion: "0.8" } as const;
  return getUserOperationHash({ ...where, userOperation: operation });
}

async function receiptOf(userOpHash: Hex) {
  const event = { ...entryPoint, eventName: "UserOperationEvent", args: { userOpHash }, fromBlock: 0n } as const;
  const [log] = await client.getContractEvents(event);
  if (!log) return null;
  const { success, actualGasCost, actualGasUsed } = log.args;
  const costs = { actualGasCost: numberToHex(actualGasCost!), actualGasUsed: numberToHex(actualGasUsed!) };
  return { userOpHash, success, ...costs, receipt: { transactionHash: log.transactionHash } };
}

function answer({ method, params: [first] }: Call): Promise<unknown> {
  if (method === "eth_estimateUserOperationGas") return estimate(read(first as Wire));
  if (method === "eth_sendUserOperation") return send(read(first as Wire));
  if (method === "eth_getUserOperationReceipt") return receiptOf(first as Hex);
  return Promise.reject(new Error(`no method ${method}`));
}

const server = createServer((request, response) => {
  void (async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = JSON.parse(Buffer.concat(chunks).toString()) as Call;
    const told = await answer(call).then(
      (result) => ({ result }),
      (error: Error) => ({ error: { code: error instanceof Refusal ? -32_500 : -32_603, message: error.message } }),
    );
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id: call.id, ...told }));
  })();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
