import { type Address, StoaError } from "@stoa/protocol";
import { isAddressEqual, numberToHex } from "viem";
import { ENTRY_POINT_ADDRESS } from "../deploy/deploy-entry-point.ts";
import type { Bundler } from "./bundler.ts";
import { type Operation, parseOperation } from "./operation.ts";
import type { Sponsor } from "./sponsor.ts";

/** What a market offers to wallets without ether: its sponsor's word, and somebody who brings what that is given for. */
export interface GaslessService {
  /**
   * The bundler's methods, and ERC-7677's `pm_getPaymasterStubData` and `pm_getPaymasterData`.
   * @param account whoever asks: a budget is spent by its own account alone
   * @throws {StoaError} `forbidden` for another's operation, or one that another paymaster is to pay for
   */
  request(account: Address, call: { method: string; params?: unknown }): Promise<unknown>;
}

/**
 * Puts a sponsor and a bundler together for the wallets that are known to whoever hosts it.
 * @example
 * const service = gaslessService({ chainId, paymaster, sponsor, bundler: directBundler(sender) });
 */
export function gaslessService(given: {
  chainId: number;
  paymaster: Address;
  sponsor: Sponsor;
  bundler: Bundler;
}): GaslessService {
  const { chainId, paymaster, sponsor, bundler } = given;
  return {
    async request(account, call) {
      const { method } = call;
      const [first, entryPoint, chain] = Array.isArray(call.params) ? (call.params as unknown[]) : [];
      switch (method) {
        case "eth_chainId":
        case "eth_supportedEntryPoints":
        case "eth_getUserOperationReceipt":
          return bundler.request(call);
        case "eth_estimateUserOperationGas":
        case "eth_sendUserOperation":
          requirePaymaster(ownOperation(account, first), paymaster);
          return bundler.request(call);
        case "pm_getPaymasterStubData":
          requirePlace(entryPoint, chain, chainId);
          return sponsor.stub(ownOperation(account, first));
        case "pm_getPaymasterData": {
          requirePlace(entryPoint, chain, chainId);
          const { paymasterVerificationGasLimit, paymasterPostOpGasLimit, ...fields } = await sponsor.sponsor(
            ownOperation(account, first),
          );
          return {
            ...fields,
            paymasterVerificationGasLimit: numberToHex(paymasterVerificationGasLimit),
            paymasterPostOpGasLimit: numberToHex(paymasterPostOpGasLimit),
          };
        }
        default:
          throw new StoaError("invalid_request", `there is no method ${method} here`);
      }
    },
  };
}

/** @throws {StoaError} `invalid_request`, `forbidden` */
function ownOperation(account: Address, given: unknown): Operation {
  const operation = parseOperation(given);
  if (isAddressEqual(operation.sender, account)) return operation;
  throw new StoaError("forbidden", `you are ${account}, the operation is ${operation.sender}'s`);
}

/** @throws {StoaError} `forbidden` */
function requirePaymaster({ paymaster }: Operation, own: Address): void {
  if (paymaster && isAddressEqual(paymaster, own)) return;
  throw new StoaError("forbidden", `this market brings what its own paymaster ${own} pays for`);
}

/** @throws {StoaError} `invalid_request` */
function requirePlace(entryPoint: unknown, chain: unknown, chainId: number): void {
  const isHere = typeof chain === "string" && chain.toLowerCase() === numberToHex(chainId);
  const isServed = typeof entryPoint === "string" && entryPoint.toLowerCase() === ENTRY_POINT_ADDRESS.toLowerCase();
  if (isHere && isServed) return;
  throw new StoaError("invalid_request", `this sponsor serves ${ENTRY_POINT_ADDRESS} on chain ${chainId}`);
}
