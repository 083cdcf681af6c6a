import { generateKeyPair, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import type { Stream } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import { encodeTyped, MARKET_PROTOCOL, signTyped } from "@stoa/protocol";
import { encode } from "it-length-prefixed";
import { createLibp2p } from "libp2p";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { toHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { createPeer } from "../src/create-peer.ts";
import { decodeFrame, encodeFrame, MAX_FRAME_BYTES } from "../src/stream/frame.ts";
import { domain, setupHub, setupNode, started, until } from "./setup.ts";

const provider = privateKeyToAccount(generatePrivateKey());

async function helloOf(node: `0x${string}`) {
  const link = { node, provider: provider.address, expiresAt: 4_000_000_000n };
  return {
    type: "hello",
    link: encodeTyped("NodeLink", link),
    linkSignature: await signTyped(provider, domain, "NodeLink", link),
    name: "stranger",
    slots: 1,
    agents: [],
    session: "0".repeat(32),
  };
}

const frame = (...notices: unknown[]) =>
  encode.single(
    encodeFrame(
      0,
      0,
      [],
      notices.map((notice) => JSON.stringify(notice)),
    ),
  );

/** A peer that speaks whatever it likes on the market's protocol. */
async function stranger(address: string, privateKey = generatePrivateKey()) {
  const peer = await createPeer({ privateKey, listen: [] });
  const connection = await peer.dial(multiaddr(address));
  const stream: Stream = await connection.newStream(MARKET_PROTOCOL);
  const received: Uint8Array[] = [];
  let ended: string | null = null;
  stream.addEventListener("message", (event) => received.push(event.data.subarray()));
  stream.addEventListener("close", (event) => (ended = event.error?.message ?? "closed"));
  stream.addEventListener("remoteCloseWrite", () => (ended ??= "closed"));
  return {
    id: privateKeyToAccount(privateKey).address,
    stream,
    ended: () => ended,
    /** The first message of the first frame. */
    answer: () => {
      const bytes = Buffer.concat(received);
      const start = bytes.indexOf("{");
      return start < 0
        ? undefined
        : (decodeFrame(bytes.subarray(start)).notices[0] as { type: string; code?: string; message?: string });
    },
    [Symbol.asyncDispose]: async () => peer.stop(),
  };
}

describe("a market among strangers", () => {
  it("lets no node speak for another: the link must name the key the connection proved", async () => {
    await using market = await setupHub();
    await using one = await stranger(market.hub.addresses()[0]!);
    const victim = privateKeyToAccount(generatePrivateKey()).address;
    one.stream.send(frame(await helloOf(victim)));
    await until("it is turned away", () => one.answer()?.type === "hello.rejected");
    expect(one.answer()).toMatchObject({
      code: "unknown_node",
      message: `the link is for node ${victim}, this peer's key is ${one.id}`,
    });
    await until("its stream is closed", () => one.ended() !== null);
    expect(market.hub.online().size).toBe(0);
  });

  it("turns away a peer whose key is no node's key", async () => {
    await using market = await setupHub();
    const key = await generateKeyPair("Ed25519");
    const peer = await createLibp2p({
      privateKey: key,
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
    });
    try {
      const stream = await (await peer.dial(multiaddr(market.hub.addresses()[0]))).newStream(MARKET_PROTOCOL);
      const received: Uint8Array[] = [];
      stream.addEventListener("message", (event) => received.push(event.data.subarray()));
      stream.send(frame(await helloOf(privateKeyToAccount(toHex(privateKeyToProtobuf(key).slice(4, 36))).address)));
      await until("it is turned away", () => Buffer.concat(received).includes("must be secp256k1"));
      expect(market.hub.online().size).toBe(0);
    } finally {
      await peer.stop();
    }
  });

  it("cuts off garbage, endless frames, silence and chatter before the hello, and serves the others meanwhile", async () => {
    await using market = await setupHub({ helloTimeoutMs: 500 });
    await using good = await setupNode(() => market.hub.addresses());
    await good.online();
    const address = market.hub.addresses()[0]!;
    const cases: [string, (one: Awaited<ReturnType<typeof stranger>>) => Promise<void> | void][] = [
      ["bytes that are no frame", ({ stream }) => void stream.send(encode.single(Buffer.from("not json at all")))],
      ["JSON that is no frame", ({ stream }) => void stream.send(encode.single(Buffer.from("[1,2,3]")))],
      ["text that is not UTF-8", ({ stream }) => void stream.send(encode.single(Buffer.from([0xff, 0xfe, 0x00])))],
      ["a frame over the limit", ({ stream }) => void stream.send(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f, 0x00]))],
      ["a length that never ends", ({ stream }) => void stream.send(Buffer.alloc(64, 0xff))],
      ["silence", () => undefined],
      [
        "a message before the hello",
        ({ stream }) => void stream.send(frame({ type: "heartbeat", freeSlots: 1, running: [] })),
      ],
      ["a hello that is none", ({ stream }) => void stream.send(frame({ type: "hello", name: 5 }))],
      ["two hellos", async ({ stream, id }) => void stream.send(frame(await helloOf(id), await helloOf(id)))],
      ["an empty frame", ({ stream }) => void stream.send(frame())],
      [
        "__proto__",
        ({ stream }) =>
          void stream.send(
            encode.single(Buffer.from('{"seq":0,"ack":0,"messages":[],"notices":[{"type":"__proto__"}]}')),
          ),
      ],
    ];
    for (const [what, act] of cases) {
      await using one = await stranger(address);
      await act(one);
      await until(`cut off after ${what}`, () => one.ended() !== null, 5_000);
    }
    expect([...market.hub.online().keys()]).toEqual([good.id]);
    await good.node.send(started(1));
    expect(await good.node.drained(5_000)).toBe(true);
  });

  it("answers an invalid message of a node it knows, keeps its stream, and acknowledges so that it is not sent forever", async () => {
    await using market = await setupHub();
    await using one = await stranger(market.hub.addresses()[0]!);
    one.stream.send(frame(await helloOf(one.id)));
    await until("it is accepted", () => one.answer()?.type === "hello.accepted");
    const bad = JSON.stringify({ ...started(1), awardHash: "0x12" });
    one.stream.send(
      encode.single(
        encodeFrame(
          1,
          0,
          [bad, JSON.stringify(started(2)), '{"type":"from.the.future"}', JSON.stringify(started(3))],
          [],
        ),
      ),
    );
    await until("the good ones arrive", () => market.heard.length === 2);
    expect(market.log.lines.filter(({ text }) => text === "a node's message cannot be read")).toHaveLength(2);
    expect(one.ended()).toBe(null);
  });

  it("breaks the stream of a known node that sends a frame over the limit, and stays up", async () => {
    await using market = await setupHub();
    await using one = await stranger(market.hub.addresses()[0]!);
    one.stream.send(frame(await helloOf(one.id)));
    await until("it is accepted", () => one.answer()?.type === "hello.accepted");
    one.stream.send(encode.single(Buffer.alloc(MAX_FRAME_BYTES + 1, 0x20), { maxDataLength: MAX_FRAME_BYTES + 1 }));
    await until("it is cut off", () => one.ended() !== null);
    await using good = await setupNode(() => market.hub.addresses());
    await good.online();
  });

  it("closes a connection that says nothing, opens no second stream on one, and has no other use for strangers", async () => {
    await using market = await setupHub({ helloTimeoutMs: 300 });
    const peer = await createPeer({ privateKey: generatePrivateKey(), listen: [] });
    try {
      const silent = await peer.dial(multiaddr(market.hub.addresses()[0]));
      await until(
        "it is closed",
        () => silent.status === "closed" || silent.status === "reset" || silent.status === "aborted",
      );
      const connection = await peer.dial(multiaddr(market.hub.addresses()[0]));
      await connection.newStream(MARKET_PROTOCOL);
      const second = await connection.newStream(MARKET_PROTOCOL).catch(() => null);
      await until("the second stream is refused", () => second === null || second.status !== "open");
    } finally {
      await peer.stop();
    }
  });

  it("lets the newest stream of a node's key replace the one before", async () => {
    await using market = await setupHub();
    const key = generatePrivateKey();
    await using first = await stranger(market.hub.addresses()[0]!, key);
    first.stream.send(frame(await helloOf(first.id)));
    await until("the first is accepted", () => first.answer()?.type === "hello.accepted");
    await using second = await stranger(market.hub.addresses()[0]!, key);
    second.stream.send(frame(await helloOf(second.id)));
    await until("the second is accepted", () => second.answer()?.type === "hello.accepted");
    await until("the first is ended", () => first.ended() !== null);
    expect(market.hub.online().size).toBe(1);
    expect(market.events).toEqual([`online ${first.id}`]);
  });
});
