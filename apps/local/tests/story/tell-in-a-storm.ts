import { expect } from "vitest";
import { auctionTask } from "./auction-task.ts";
import { disputeTask } from "./dispute-task.ts";
import { refundAfterExpiry, releaseByItself } from "./escrow-two-tasks.ts";
import { ledgerAndChain } from "./ledger-and-chain.ts";
import type { Story } from "./open-story.ts";
import { payByVouchers } from "./pay-by-vouchers.ts";
import { buyAndUseAccess, rateTask } from "./rate-and-subscribe.ts";
import { settleTenTasks } from "./settle-ten-tasks.ts";

/**
 * The whole story while the chain turns and the server is killed.
 * @returns where the ledger is not the chain to the unit at its end
 */
export async function tellInAStorm(story: Story): Promise<string[]> {
  const { booted, weather } = story;
  weather.isStormy = true;
  const killed = async () => {
    await booted.market.server.kill();
  };
  const tasks = await settleTenTasks(story, {
    end: killed,
    async ordered() {
      await killed();
      await booted.market.restartServer();
    },
    async settled(txHash) {
      expect(await weather.undo(txHash), "the batch loses its block").toBe(true);
    },
  });
  expect(await buyAndUseAccess(story, await rateTask(story, tasks[0]!))).toBe(true);
  expect(await releaseByItself(story)).toBe("released");
  expect(await refundAfterExpiry(story)).toBe("refunded");
  await killed();
  // A dispute needs no server, unless that is who pays for it.
  if (story.isGasless) await booted.market.restartServer();
  await disputeTask(story);
  if (!story.isGasless) await booted.market.restartServer();
  expect(await auctionTask(story)).toBe("released");
  expect(await payByVouchers(story)).toBe("closed");
  expect(weather.turns.size, "the chain turned to several depths").toBeGreaterThan(3);
  return ledgerAndChain(story);
}
