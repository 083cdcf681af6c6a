import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { StoaError } from "@stoa/protocol";
import pc from "picocolors";
import { runDemoTask } from "./demo-task.ts";
import { DEFAULT_NODES } from "./options.ts";
import { ROOT } from "./spawn-service.ts";
import { type LocalMarket, startLocalMarket } from "./start-local-market.ts";
import { wallets } from "./wallets.ts";

const HELP = `Starts the whole market on this machine and runs one real task from order to payment.

  npm start                   stay up until Ctrl-C
  npm start -- --once         exit 0 after the payment
  npm start -- --port 9000    another port than 8080 (0 takes a free one)
  npm start -- --data DIR     another data folder than ./data
  npm start -- --no-demo      run no task

With DATABASE_URL set it uses that PostgreSQL instead of the embedded database.
`;

/** Ctrl-C, a supervisor, and a terminal that is closed. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Signals closer together than this are one stop. */
const SAME_STOP_MS = 1_000;

const startedAt = Number(process.env["STOA_STARTED_AT"] ?? Date.now());
const print = (line = "") => void process.stdout.write(`${line}\n`);

function options() {
  try {
    return parseArgs({
      options: {
        once: { type: "boolean", default: false },
        port: { type: "string", default: "8080" },
        data: { type: "string", default: process.env["STOA_DATA"] || join(ROOT, "data") },
        demo: { type: "boolean", default: true },
        help: { type: "boolean", short: "h", default: false },
      },
      allowNegative: true,
    }).values;
  } catch (error) {
    throw new StoaError("invalid_configuration", `${(error as Error).message}; try npm start -- --help`);
  }
}

async function demo(market: LocalMarket): Promise<void> {
  const { token } = await market.client.market.info();
  const names = new Map(market.nodes.map(({ name, address }) => [address.toLowerCase(), name]));
  await runDemoTask({
    client: market.client,
    requester: wallets.requester,
    file: join(ROOT, "README.md"),
    decimals: token.decimals,
    symbol: token.symbol,
    nodeName: (address) => names.get(address.toLowerCase()) ?? address,
    print,
  });
  print(pc.green(`\nPaid ${((Date.now() - startedAt) / 1_000).toFixed(1)} s after the start.`));
}

function tellWhereToLook(market: LocalMarket, dataFolder: string): void {
  print(`
${pc.bold("The market is open.")}
  watch it      ${pc.cyan(market.url)}
  its API       ${pc.cyan(`${market.url}/api/v1/docs`)}
  its mails     ${pc.cyan(`${market.url}/mailbox`)}
  its chain     ${pc.cyan(market.rpcUrl)}
  its data      ${dataFolder} (logs in logs/)
  its API key   ${market.apiKey}
                (in ${market.profileFile}; the command line finds it there)

Post a task of your own:
  ${pc.cyan("npx stoa task submit text.summarize --input README.md --max-price 0.05 --watch")}
  ${pc.cyan("npx stoa agent list")}
  ${pc.cyan("npx stoa --help")}

The demo account's wallet key lies in the data folder for the command line to use; the server never holds it.
The accounts of the local chain are public test accounts: never send them real money.
`);
}

/** Resolves at a signal to stop, or when one of the market's processes ends by itself. */
function untilStopped(market: LocalMarket): Promise<string> {
  for (const signal of STOP_SIGNALS) process.removeListener(signal, exitAtOnce);
  let stoppedAtMs = Infinity;
  const signals = STOP_SIGNALS.map(
    (signal) =>
      new Promise<string>((stop) => {
        process.on(signal, () => {
          stoppedAtMs = Math.min(stoppedAtMs, performance.now());
          // The same stop may arrive twice, from the terminal and from npm; one that comes later means it.
          if (performance.now() - stoppedAtMs > SAME_STOP_MS) exitAtOnce();
          stop(signal);
        });
      }),
  );
  const ends = [market.server, ...market.nodes.map(({ service }) => service)].map((service) =>
    service.exited.then(() => `${service.name} ended`),
  );
  return Promise.race([...signals, ...ends]);
}

/** Says why the market stops. @returns the exit code */
function tellStop(why: string, dataFolder: string): number {
  const byItself = !why.startsWith("SIG");
  print(
    byItself
      ? pc.red(`\n${why}: stopping (logs in ${join(dataFolder, "logs")})`)
      : "\nStopping: tasks under way are finished first.",
  );
  return byItself ? 1 : 0;
}

/** Ends without draining; what was started ends with this process. */
function exitAtOnce(): never {
  process.exit(130);
}

async function main(): Promise<number> {
  const { once, port, data, demo: withDemo, help } = options();
  if (help) return (print(HELP), 0);
  const number = Number(port);
  if (!/^\d+$/.test(port) || number > 65_535)
    throw new StoaError("invalid_configuration", `--port must be from 0 to 65535, got ${JSON.stringify(port)}`);
  const dataFolder = resolve(data);
  for (const signal of STOP_SIGNALS) process.once(signal, exitAtOnce);
  const market = await startLocalMarket({
    dataFolder,
    port: number,
    databaseUrl: process.env["DATABASE_URL"] || undefined,
    nodes: DEFAULT_NODES,
    onStep: (text) => print(`${pc.dim(`[${((Date.now() - startedAt) / 1_000).toFixed(1)} s]`)} ${text}`),
  });
  try {
    const stopped = untilStopped(market);
    const interrupted = withDemo ? await Promise.race([demo(market), stopped]) : undefined;
    if (interrupted) return tellStop(interrupted, dataFolder);
    if (once) {
      print(`Everything of it is in ${dataFolder}; ${pc.cyan("npm start")} goes on from there and stays up.`);
      return 0;
    }
    tellWhereToLook(market, dataFolder);
    print(pc.dim("Ctrl-C stops everything; starting again goes on with the same data."));
    return tellStop(await stopped, dataFolder);
  } finally {
    await market.stop();
  }
}

try {
  // A demo that was interrupted still waits for its task: nothing is left to wait for.
  process.exit(await main());
} catch (error) {
  const text =
    error instanceof StoaError
      ? `${error.code}: ${error.message}\n${error.definition.remedy}`
      : ((error as Error).stack ?? String(error));
  process.stderr.write(`${pc.red(text)}\n`);
  process.exitCode = 1;
}
