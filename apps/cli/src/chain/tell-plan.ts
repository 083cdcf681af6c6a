import type { DeploymentPlan } from "@stoa/chain";
import { formatAmount } from "@stoa/protocol";
import type { Cli } from "../cli.ts";
import { native } from "../terminal/native.ts";
import { fields, table } from "../terminal/table.ts";

/** Tells what a deployment would do, with whom, and what it would cost. */
export function tellPlan(cli: Cli, plan: DeploymentPlan): void {
  const { out, print } = { out: cli.terminal.out, print: cli.terminal.print };
  const { vault, governance, token, wrapper } = plan.parameters;
  print(
    table(out, plan.steps, [
      { title: "step", value: ({ name }) => name },
      { title: "address", value: ({ address }) => address },
      {
        title: "gas",
        value: ({ gas, isDone }) => (isDone ? "stands" : gas === 0n ? "with the vault" : gas.toLocaleString("en")),
        right: true,
      },
    ]),
  );
  for (const { what = [] } of plan.steps) for (const line of what) print(out.dim(`  ${line}`));
  print();
  const foreign = { token: token ?? "a test dollar of its own", wrapper: wrapper ?? "one of its own" };
  const parameters = Object.entries({ ...vault, ...governance, ...foreign });
  print(
    fields(out, [...parameters.map(([name, value]) => [name, String(value)] as const), ["deployer", plan.deployer]]),
  );
  print();
  print(
    fields(out, [
      ["gas at most", plan.gas.toLocaleString("en")],
      ["price at most", `${formatAmount(plan.maxFeePerGas, 9)} gwei`],
      ["balance needed", native(plan.balanceNeeded)],
      ["balance", native(plan.balance)],
    ]),
  );
  cli.terminal.note(cli.terminal.err.dim("Nothing was sent. Rollups add what the data costs on the chain below them."));
}
