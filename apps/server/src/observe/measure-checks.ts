import { Gauge, type Registry } from "prom-client";

/** Tells whether what the server needs is there, by name, whenever the metrics are read: what `GET /ready` says in words. */
export function measureChecks(registry: Registry, checks: Readonly<Record<string, () => Promise<void>>>): void {
  const gauge = new Gauge({
    name: "stoa_check_ok",
    help: "1 when what the server needs is there, 0 when it is not.",
    labelNames: ["check"],
    registers: [registry],
    async collect() {
      const tell = (check: string, ok: number) => gauge.set({ check }, ok);
      await Promise.all(
        Object.entries(checks).map(([name, check]) =>
          check().then(
            () => tell(name, 1),
            () => tell(name, 0),
          ),
        ),
      );
    },
  });
}
