import { randomUUID } from "node:crypto";
import type { AgentVersionId, Manifest } from "@stoa/protocol";
import { createBroker, createContainerRunner } from "@stoa/sandbox";
import { busyboxImage } from "@stoa/testkit/container-engine";
import { manifestFor } from "../misbehaving-agent.ts";
import { type Ending, isExpected } from "./agent-attack.ts";
import { ARENA_NODE, type Arena } from "./arena.ts";
import type { Attack, Family } from "./attack.ts";

interface ContainerAttack {
  /** A shell script of busybox's; `give JSON` writes the output, `$port` and `$mark` are the arena's. */
  script: string;
  ends: readonly Ending[];
  /** Executions one after the other. */
  times?: number;
}

/** Time an agent has that would go on for ever, and one that is to meet another bound. */
const BRIEF_MS = 1_500;
const PATIENT_MS = 60_000;
const LIMITS = { memoryMb: 32, outputBytes: 20_000, logBytes: 4_000 };
/** What runs is the script its input brings: one image serves every attack. */
const PUPPET = `
B=/bin/busybox
give() { printf '{"output":%s}\\n' "$1"; }
read -r line
port=\${line#*\\"port\\":}; port=\${port%%,*}
mark=\${line#*\\"mark\\":\\"}; mark=\${mark%%\\"*}
script=\${line#*\\"script\\":\\"}; script=\${script%%\\"*}
eval "$(echo "$script" | $B base64 -d)"
`;

let image: Promise<Uint8Array> | undefined;

async function launch({ script, ends, times = 1 }: ContainerAttack, arena: Arena): Promise<string> {
  image ??= busyboxImage(PUPPET);
  const artifact = await image;
  const limits: Manifest["limits"] = { ...LIMITS, timeMs: ends.includes("timeout") ? BRIEF_MS : PATIENT_MS };
  const manifest = manifestFor("container", artifact, { input: true, output: true, limits });
  const broker = createBroker({ versionId: `0x${randomUUID()}` as AgentVersionId, grants: {} });
  const input = { port: arena.port, mark: arena.mark, script: Buffer.from(script).toString("base64") };
  await using runner = await createContainerRunner({
    manifest,
    artifact,
    broker,
    engine: arena.engine!,
    nodeId: ARENA_NODE,
  });
  const shown: unknown[] = [];
  for (let time = 0; time < times; time += 1) {
    const outcome = await runner.run({ executionId: randomUUID(), input, onLog: (lines) => shown.push(lines) });
    shown.push(outcome);
    if (!isExpected(outcome, ends))
      throw new Error(`it ended with ${JSON.stringify(outcome).slice(0, 500)}, not ${JSON.stringify(ends)}`);
  }
  return JSON.stringify(shown);
}

type Plain = readonly [name: string, script: string, ends: readonly Ending[], times?: number];

const busy: readonly Plain[] = [
  ["a container that loops", "while :; do :; done", ["timeout"]],
  ["a container that ignores being told to end", "trap '' TERM INT HUP QUIT; while :; do :; done", ["timeout"]],
  ["a container that sleeps", "sleep 1000", ["timeout"]],
  ["a container that stops itself", "kill -STOP $$; sleep 1000", ["timeout"]],
  [
    "a fork bomb",
    "exec 2>/dev/null; bomb() { bomb | bomb & }; bomb; sleep 1000",
    ["timeout", "crashed", "memory_limit"],
  ],
  ["a storm of zombies", "while :; do (exit 0) & done", ["timeout", "crashed", "memory_limit"]],
  [
    "sixty-four processes that all loop",
    "for i in $($B seq 64); do (while :; do :; done) & done; wait",
    ["timeout", "crashed"],
  ],
];

const hungry: readonly Plain[] = [
  ["text that doubles", "awk 'BEGIN { s = \"x\"; while (1) s = s s }'; sleep 1000", ["memory_limit", "timeout"]],
  ["the end of an endless file", "$B tail /dev/zero", ["memory_limit"]],
  ["files in scratch until it is full", "yes > /scratch/full; give '\"full\"'", [{ gives: "full" }, "memory_limit"]],
  [
    "a million files",
    "i=0; while :; do : > /scratch/$i || break; i=$((i + 1)); done; give '\"full\"'",
    [{ gives: "full" }, "memory_limit", "timeout"],
  ],
  [
    "folders nested without end",
    "cd /scratch; while mkdir a 2>/dev/null && cd a; do :; done; give '\"deep\"'",
    [{ gives: "deep" }, "memory_limit", "timeout", "crashed"],
  ],
  [
    "arguments without end",
    "/bin/busybox echo $(yes | head -n 3000000) > /dev/null && give '\"said\"' || give '\"refused\"'",
    [{ gives: "refused" }, "memory_limit"],
  ],
];

const talkative: readonly Plain[] = [
  ["a log without end", "yes >&2", ["log_limit"]],
  ["a log in one line without end", "tr '\\0' x < /dev/zero >&2", ["log_limit"]],
  ["an output in one line without end", "tr '\\0' x < /dev/zero", ["output_limit"]],
  ["lines that are no messages", "yes", ["crashed", "bad_output", "output_limit"]],
  ["an output a byte at a time", "while :; do printf x; sleep 0.05; done", ["timeout"]],
  [
    "calls whose answers it does not read",
    `while :; do echo '{"call":"kv.get","params":{"key":"a"}}'; done`,
    ["timeout", "crashed", "output_limit"],
  ],
  [
    "progress without end",
    `while :; do echo '{"progress":0.5,"text":"x"}'; done`,
    ["timeout", "crashed", "output_limit"],
  ],
  ["a message that is a list", "echo '[1]'; sleep 1000", ["crashed", "bad_output", "timeout"]],
  ["two outputs", "give 1; give 2", ["crashed", "bad_output", { gives: 1 }]],
  ["an output after which it goes on", "(while :; do :; done) & give '\"done\"'", [{ gives: "done" }, "timeout"]],
];

const curious: readonly Plain[] = [
  [
    "a look for secrets in every file it can read",
    "cat /etc/shadow /proc/1/environ /proc/*/environ /proc/self/mountinfo /root/* /run/* /var/run/* 2>/dev/null | $B strings | head -c 3000 >&2; env >&2; give 0",
    [{ gives: 0 }, "log_limit"],
  ],
  [
    "the engine's own socket",
    'for s in /var/run/docker.sock /run/docker.sock /run/containerd/containerd.sock; do [ -e $s ] && found="$found $s"; done; give "\\"$found\\""',
    [{ gives: "" }],
  ],
  [
    "the node's port, and any other machine",
    'for h in 127.0.0.1 172.17.0.1 10.0.0.1 169.254.169.254; do echo hello | nc -w 1 $h $port >&2 && got="$got $h"; done; give "\\"$got\\""',
    [{ gives: "" }],
  ],
  ["a raw socket", "$B ping -c 1 -W 1 127.0.0.1 > /dev/null 2>&1 && give 1 || give 0", [{ gives: 0 }]],
  [
    "an interface beside its own loopback",
    "give \"$(cat /proc/net/dev | sed 1,2d | grep -v ' lo:' | wc -l)\"",
    [{ gives: 0 }],
  ],
  [
    "other processes of the host",
    "give \"$(ls /proc | $B grep -c '^[0-9]' | $B awk '{ print ($1 < 10) }')\"",
    [{ gives: 1 }],
  ],
  [
    "the memory of its first process",
    "(cat /proc/1/mem | head -c 1) 2>/dev/null | wc -c | { read n; give $n; }",
    [{ gives: 0 }],
  ],
  ["the kernel's messages", "$B dmesg > /dev/null 2>&1 && give 1 || give 0", [{ gives: 0 }]],
];

const climbing: readonly Plain[] = [
  [
    "writing wherever it may not",
    'for d in / /bin /etc /dev /dev/shm /proc /proc/sys/kernel /sys /var /root /tmp; do (echo x > $d/$mark) 2>/dev/null && w="$w $d"; done; give "\\"$w\\""',
    [{ gives: "" }],
  ],
  [
    "running what it wrote",
    "cat /bin/busybox > /scratch/own; $B chmod 4755 /scratch/own; /scratch/own id && give 1 || give 0",
    [{ gives: 0 }],
  ],
  ["being root", '$B su root -c id > /dev/null 2>&1 && give 1 || give "$(id -u)"', [{ gives: 10_001 }]],
  [
    "mounting",
    'for t in tmpfs proc sysfs; do $B mount -t $t $t /scratch 2>/dev/null && m="$m $t"; done; give "\\"$m\\""',
    [{ gives: "" }],
  ],
  ["making a device", "$B mknod /scratch/disk b 8 0 2>/dev/null && give 1 || give 0", [{ gives: 0 }]],
  ["namespaces of its own", "$B unshare -rmn id > /dev/null 2>&1 && give 1 || give 0", [{ gives: 0 }]],
  ["another root", "$B chroot /proc/1/root id > /dev/null 2>&1 && give 1 || give 0", [{ gives: 0 }]],
  ["the kernel's switches", "(echo b > /proc/sysrq-trigger) 2>/dev/null && give 1 || give 0", [{ gives: 0 }]],
  [
    "the host's name and clock",
    '($B hostname x; $B date -s 2000-01-01) > /dev/null 2>&1; give "[\\"$($B hostname)\\",$(($($B date +%Y) > 2000))]"',
    [{ gives: ["agent", 1] }],
  ],
  ["a signal to everything", "kill -9 -1; kill -9 1; give '\"alive\"'", [{ gives: "alive" }, "crashed"]],
  [
    "links out of scratch",
    "for t in / /proc/1/root/etc/shadow /proc/self/root/../../etc/shadow; do $B ln -s $t /scratch/l$((n += 1)); done; cat /scratch/* 2>/dev/null | wc -c | { read n; give $n; }",
    [{ gives: 0 }],
  ],
  [
    "something left for the next execution",
    "left=$(ls /scratch | wc -l); echo x > /scratch/$mark; give $left",
    [{ gives: 0 }],
    3,
  ],
];

/** Agents in containers, run by the engine of the arena; none where the host has none. */
export const containers: Family = {
  name: "containers",
  attacks: [...busy, ...hungry, ...talkative, ...curious, ...climbing].map(([name, script, ends, times]): Attack => ({
    name: `in a container, ${name}`,
    launch: (arena) => launch({ script, ends, ...(times && { times }) }, arena),
    isHeldIn: (arena) => arena.engine !== undefined,
  })),
};
