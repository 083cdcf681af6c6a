import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The servers behind the one that speaks S3, each with a port of its own. */
export const backends = ["account", "container", "object"] as const;
export type Ports = Record<(typeof backends)[number] | "proxy", number>;

export const USER = "test:tester";
export const SECRET = "testing";

const ini = (sections: Record<string, Record<string, string | number>>) =>
  Object.entries(sections)
    .map(([name, entries]) => [`[${name}]`, ...Object.entries(entries).map(([key, value]) => `${key} = ${value}`), ""])
    .flat()
    .join("\n");

/** What all four are told; nothing is logged to the system, and no process is started beside each. */
const common = (folder: string, port: number) => ({
  bind_ip: "127.0.0.1",
  bind_port: port,
  workers: 0,
  swift_dir: folder,
  user: "root",
  log_address: join(folder, "no-log"),
});

const uses = (name: string, more: Record<string, string> = {}) => ({ use: `egg:swift#${name}`, ...more });

/** Writes a cluster of OpenStack Swift with one disk, a folder, behind its own S3 interface. */
export async function writeSwiftSettings(folder: string, ports: Ports): Promise<void> {
  await mkdir(join(folder, "disks", "d1"), { recursive: true });
  const write = (name: string, sections: Parameters<typeof ini>[0]) => writeFile(join(folder, name), ini(sections));
  await write("swift.conf", {
    "swift-hash": { swift_hash_path_suffix: "test", swift_hash_path_prefix: "test" },
    "storage-policy:0": { name: "only", default: "yes" },
  });
  for (const name of backends) {
    await write(`${name}.conf`, {
      DEFAULT: {
        ...common(folder, ports[name]),
        devices: join(folder, "disks"),
        mount_check: "false",
        disable_fallocate: "true",
      },
      "pipeline:main": { pipeline: `${name}-server` },
      [`app:${name}-server`]: uses(name),
    });
    const ring = (...args: string[]) => run("swift-ring-builder", [join(folder, `${name}.builder`), ...args]);
    await ring("create", "4", "1", "0");
    await ring("add", `r1z1-127.0.0.1:${ports[name]}/d1`, "1");
    await ring("rebalance");
  }
  const filters = ["catch_errors", "proxy_logging", "cache", "listing_formats", "s3api", "tempauth", "slo", "dlo"];
  await write("proxy.conf", {
    DEFAULT: common(folder, ports.proxy),
    "pipeline:main": { pipeline: [...filters, "proxy-server"].join(" ") },
    "app:proxy-server": uses("proxy", { allow_account_management: "true", account_autocreate: "true" }),
    ...Object.fromEntries(filters.map((name) => [`filter:${name}`, uses(name === "cache" ? "memcache" : name)])),
    "filter:tempauth": uses("tempauth", { [`user_${USER.replace(":", "_")}`]: `${SECRET} .admin` }),
  });
}
