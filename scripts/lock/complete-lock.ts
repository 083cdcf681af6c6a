export interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lock {
  packages: Record<string, LockedPackage>;
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const PLATFORM =
  /[-/](?<os>aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32|windows)-(?<cpu>arm64|aarch64|arm|x64|amd64|ia32|ppc64|riscv64|s390x|loong64)(?:-(?<abi>gnu|musl|msvc|gnueabihf|musleabihf|eabi))?$/;
const CPU_NAMES: Record<string, string> = { amd64: "x64", aarch64: "arm64" };
const OS_NAMES: Record<string, string> = { windows: "win32" };

/**
 * Adds an entry for every platform build that a locked package names by exact version and the lock file lacks.
 * @returns the names added, in place; empty when the lock file was complete
 */
export function completeLock(lock: Lock): string[] {
  const added: string[] = [];
  for (const owner of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`;
      const platform = platformOf(name);
      if (lock.packages[place] !== undefined || platform === undefined || !EXACT.test(version)) continue;
      const { cpu, os, libc } = platform;
      const dev = owner.dev === true ? { dev: true } : {};
      lock.packages[place] = { version, cpu, ...dev, ...(libc === undefined ? {} : { libc }), optional: true, os };
      added.push(`${name}@${version}`);
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
  return added;
}

function platformOf(name: string): { os: string[]; cpu: string[]; libc: string[] | undefined } | undefined {
  const { os, cpu, abi } = PLATFORM.exec(name)?.groups ?? {};
  if (os === undefined || cpu === undefined) return undefined;
  const libc = os !== "linux" || abi === undefined ? undefined : abi.startsWith("musl") ? "musl" : "glibc";
  return { cpu: [CPU_NAMES[cpu] ?? cpu], os: [OS_NAMES[os] ?? os], libc: libc === undefined ? undefined : [libc] };
}
