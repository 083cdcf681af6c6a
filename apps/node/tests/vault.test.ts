import { deposit, postBond, requestBondWithdrawal, requestWithdrawal } from "@stoa/chain";
import { decodeTyped, hashTyped } from "@stoa/protocol";
import { startMarketChain } from "@stoa/testkit";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { connectBonds } from "../src/connect-bonds.ts";
import { connectVault } from "../src/connect-vault.ts";
import { createBondReliance } from "../src/executions/bond-reliance.ts";
import { checkAssignment } from "../src/executions/check-assignment.ts";
import { assign, creator, domain, makeTask, operator, shout, token } from "./market.ts";

const log = pino({ level: "silent" });

describe("what covers an order", () => {
  it("is the requester's vault balance with what it has asked back, as the chain says", async () => {
    await using market = await startMarketChain();
    const { account, sender } = await market.fundedAccount(10n);
    const { vault, token: dollar } = market.market;
    const vaultBalance = await connectVault(
      market.anvil.rpcUrl,
      { domain: market.domain, token: dollar, operator: market.operator.address },
      log,
    );
    expect(await vaultBalance(account.address)).toBe(0n);
    await deposit(sender, { vault, token: dollar, amount: 5_000_000n });
    await requestWithdrawal(sender, { vault, token: dollar, amount: 2_000_000n });
    expect(await vaultBalance(account.address)).toBe(5_000_000n);
  });

  it("is left to the operator's signed hold while the chain is away, and another chain or another operator's vault is refused", async () => {
    await using market = await startMarketChain();
    const { rpcUrl } = market.anvil;
    const terms = { domain: market.domain, token: market.market.token, operator: market.operator.address };
    await expect(
      connectVault(rpcUrl, { ...terms, domain: { ...market.domain, chainId: 1 } }, log),
    ).rejects.toMatchObject({ code: "invalid_configuration" });
    await expect(connectVault(rpcUrl, { ...terms, operator: market.arbiter.address }, log)).rejects.toMatchObject({
      code: "invalid_configuration",
      message: expect.stringContaining(`its vault ${market.market.vault} is ${market.operator.address}'s`),
    });
    const vaultBalance = await connectVault(rpcUrl, terms, log);
    expect(await vaultBalance(market.operator.address)).toBe(0n);
    await market.anvil.kill();
    expect(await vaultBalance(market.operator.address)).toBe(null);
  });

  it("is, beyond that, what the operator's bond has for this node alone, for as long as it cannot leave", async () => {
    await using market = await startMarketChain();
    const { bonds, token: dollar, vault } = market.market;
    const { rpcUrl } = market.anvil;
    const [node, poster] = [creator.address, await market.fundedAccount(20n)];
    const terms = { domain: market.domain, token: dollar, node };
    const readBond = await connectBonds({ rpcUrl, bonds }, terms, log);
    expect(await readBond()).toMatchObject({ amount: 0n });
    for (const whose of [node, null]) {
      await postBond(poster.sender, { bonds, node: whose, token: dollar, amount: 10_000_000n });
    }
    await requestBondWithdrawal(market.sender, { bonds, node, token: dollar, amount: 4_000_000n });
    const { timestamp } = await market.chain.client.getBlock();
    const untilMs = (Number(timestamp) + market.parameters.withdrawDelay) * 1_000;
    expect(await readBond()).toEqual({ amount: 6_000_000n, untilMs });
    await expect(connectBonds({ rpcUrl, bonds: vault }, terms, log)).rejects.toMatchObject({
      code: "invalid_configuration",
    });
    await market.anvil.kill();
    expect(await readBond()).toBe(null);
  });

  it("must reach all that is held for the requester, or the award is turned down", async () => {
    const folder = { node: operator.address, provider: creator.address } as never;
    const task = await makeTask("text.shout", { text: "a" });
    const answer = {
      orderHash: task.orderHash,
      agentVersion: shout.versionId,
      ask: "1000",
      promisedSeconds: 1,
      reason: 0,
    };
    const round = { roundId: task.orderHash } as never;
    const award = { royalty: 0n, payout: creator.address, node: operator.address };
    const assignment = await assign(folder, round, task, answer, { award });
    const room = (balance: bigint | null, bond = 0n) => ({
      terms: { domain, operator: operator.address, token, node: operator.address, provider: creator.address } as never,
      agents: () =>
        new Map([
          [shout.versionId, { versionId: shout.versionId, manifest: shout.manifest, creator: creator.address }],
        ]),
      bidOn: () => ({ agentVersion: shout.versionId, ask: "1000", expiresAtMs: Number.MAX_SAFE_INTEGER }),
      vaultBalance: async () => balance,
      bondCovers: createBondReliance(async () => ({ amount: bond, untilMs: Number.MAX_SAFE_INTEGER })),
      now: Date.now,
    });
    const { maxPrice } = task.order;
    await expect(checkAssignment(assignment, room(maxPrice - 1n))).rejects.toMatchObject({
      message: `the requester's vault balance is ${maxPrice - 1n}, held are ${maxPrice}`,
    });
    const checked = await checkAssignment(assignment, room(maxPrice));
    expect(checked).toMatchObject({
      payment: 1_600n,
      awardHash: hashTyped(domain, "Award", decodeTyped("Award", assignment.award)),
    });
    // What stands for this very node makes up for what lacks.
    await expect(checkAssignment(assignment, room(maxPrice - 5n, 4n))).rejects.toMatchObject({ code: "invalid_order" });
    await expect(checkAssignment(assignment, room(maxPrice - 5n, 5n))).resolves.toMatchObject({ payment: 1_600n });
    await expect(checkAssignment(assignment, room(null))).resolves.toMatchObject({ payment: 1_600n });
  });
});
