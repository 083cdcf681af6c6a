import { hashBytes, hashJson, signTyped } from "@stoa/protocol";
import { databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))("the REST API on $name", (kind) => {
  let opened: TestDatabase;
  let http: HttpFixture;
  beforeAll(async () => {
    opened = await kind.start();
    http = await startHttp(opened.database);
  });
  afterAll(async () => {
    await http[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  test("a task can be followed from its order to its settlement by its requester", async () => {
    const { market } = http;
    const requester = await market.requester(200_000n);
    const token = await http.signIn(requester);
    const body = await http.orderBody(requester, { input: { text: "hello" }, spec: { memo: "for the board" } });
    const submitted = await http.call("POST", "tasks", { token, body });
    expect(submitted).toMatchObject({ status: 201, body: { created: true } });
    const { taskId } = submitted.body;
    expect(await http.call("POST", "tasks", { token, body })).toMatchObject({
      status: 200,
      body: { taskId, created: false },
    });
    expect(await http.call("GET", "account", { token })).toMatchObject({
      body: { balances: { available: "100000", held: "100000" } },
    });

    const [cheap, dear] = [await market.node(), await market.node()];
    const roundId = await market.round([
      [cheap, 20_000n],
      [dear, 30_000n],
    ]);
    await market.start(taskId, cheap);
    await market.market.logExecution({
      taskId,
      node: cheap.key.address,
      executionId: "e0e0e0e0",
      firstSeq: 0,
      lines: [{ atMs: market.now(), text: "reading" }],
    });
    const output = { text: "done" };
    await http.objects.put(Buffer.from('{"text":"done"}'));
    await market.deliver(taskId, cheap, output);

    const delivered = await http.call("GET", `tasks/${taskId.slice(0, 14)}`, { token });
    expect(delivered.body).toMatchObject({
      id: taskId,
      state: "delivered",
      spec: { memo: "for the board" },
      accepted: false,
      award: { node: cheap.key.address, royalty: "1000", roundId },
      executions: [{ state: "delivered", node: cheap.key.address }],
      result: { hash: hashJson(output) },
    });
    // The second cost, 30,000 and the royalty, or one less where the random tie-break takes a part of a unit.
    const price = BigInt(delivered.body.award.price);
    expect([30_999n, 31_000n]).toContain(price);
    expect(await http.call("GET", `tasks/${taskId}/result`, { token })).toMatchObject({
      status: 200,
      body: { output, node: cheap.key.address },
    });
    expect(await http.call("GET", `tasks/${taskId}/input`, { token })).toMatchObject({
      status: 200,
      body: { input: { text: "hello" } },
    });
    expect((await http.call("GET", `tasks/${taskId}/logs`, { token })).body.executions[0].lines[0].text).toBe(
      "reading",
    );

    const fee = (price * 2n) / 100n;
    const { signature } = await market.acceptance(taskId, requester);
    const accepted = await http.call("POST", `tasks/${taskId}/accept`, { token, body: { signature } });
    expect(accepted.body).toMatchObject({
      state: "settled",
      accepted: true,
      settlement: { kind: "settle", state: "pending" },
      outcome: {
        kind: "settled",
        charge: String(price + fee),
        payment: String(price - 1_000n),
        royalty: "1000",
        fee: String(fee),
        refund: String(100_000n - price - fee),
      },
    });
    const entries = await http.call("GET", "account/entries?limit=2", { token });
    expect(entries.body.items).toHaveLength(2);
    const rest = await http.call("GET", `account/entries?limit=50&cursor=${entries.body.nextCursor}`, { token });
    const sum = [...entries.body.items, ...rest.body.items]
      .filter(({ account }) => account.startsWith("available:"))
      .reduce((total, { amount }) => total + BigInt(amount), 0n);
    expect(sum).toBe(200_000n - price - fee);
    const bids = await http.call("GET", `auctions/rounds/${roundId}/bids`);
    expect(bids.body.bids.map(({ ask }: { ask: string }) => ask).sort()).toEqual(["20000", "30000"]);
    expect(await http.call("GET", `auctions/rounds/${roundId}/record`)).toMatchObject({
      status: 200,
      body: { roundId, supplements: [] },
    });
    expect((await http.call("GET", `auctions/rounds/${roundId}`)).body.awards).toHaveLength(1);
    expect(await http.call("GET", `nodes/${cheap.key.address}`)).toMatchObject({
      body: { stake: "1000000", bonded: "0", awards: { delivered: 1 } },
    });
  });

  test("input, result, logs and memo are the requester's alone", async () => {
    const { market } = http;
    const requester = await market.requester();
    const token = await http.signIn(requester);
    const stranger = await http.signIn(randomKey());
    const body = await http.orderBody(requester, { spec: { memo: "secret" } });
    const { taskId } = (await http.call("POST", "tasks", { token, body })).body;
    for (const what of ["input", "result", "logs"]) {
      expect(await http.call("GET", `tasks/${taskId}/${what}`), what).toMatchObject({
        status: 401,
        body: { code: "unauthorized" },
      });
      expect(await http.call("GET", `tasks/${taskId}/${what}`, { token: stranger }), what).toMatchObject({
        status: 403,
        body: { code: "forbidden" },
      });
    }
    for (const options of [{}, { token: stranger }])
      expect((await http.call("GET", `tasks/${taskId}`, options)).body.spec.memo).toBeUndefined();
    expect(await http.call("GET", `artifacts/${hashJson({ text: "some text" })}`)).toMatchObject({ status: 404 });
    expect(await http.call("POST", `tasks/${taskId}/cancel`, { token: stranger })).toMatchObject({ status: 403 });
    expect(await http.call("POST", `tasks/${taskId}/cancel`, { token })).toMatchObject({
      status: 200,
      body: { state: "cancelled" },
    });
    expect(await http.call("GET", `tasks/${taskId}/result`, { token })).toMatchObject({ status: 404 });
  });

  test("nothing of a round's bids leaves before it closes", async () => {
    const { market } = http;
    const requester = await market.requester();
    const taskId = await market.submit(requester);
    const node = await market.node();
    const round = await market.openRound([node]);
    await market.market.placeSheet(await market.sheet(round, node, 12_345n));
    const token = await http.signIn(requester);
    for (const what of ["bids", "record"]) {
      expect(await http.call("GET", `auctions/rounds/${round.roundId}/${what}`, { token })).toMatchObject({
        status: 409,
        body: { code: "round_open" },
      });
    }
    const told = await Promise.all(
      [
        `auctions/rounds/${round.roundId}`,
        "auctions/rounds",
        `tasks/${taskId}`,
        `nodes/${node.key.address}`,
        "events?limit=500",
      ].map((path) => http.call("GET", path, { token })),
    );
    expect(JSON.stringify(told)).not.toContain("12345");
    expect(told[0]?.body).toMatchObject({ state: "open", tasks: 1, nodes: 1 });
    await market.market.closeRound(round.roundId, "all_answered");
    expect((await http.call("GET", `auctions/rounds/${round.roundId}/bids`)).body.bids).toMatchObject([
      { ask: "12345" },
    ]);
    expect(http.log()).not.toContain("12345");
  });

  test("strangers see how many nodes passed in bands of three, the requester exactly", async () => {
    const { market } = http;
    const requester = await market.requester();
    const taskId = await market.submit(requester);
    await market.round([
      [await market.node(), "price_too_low"],
      [await market.node(), "price_too_low"],
    ]);
    const token = await http.signIn(requester);
    expect((await http.call("GET", `tasks/${taskId}`, { token })).body.unserved[0]).toMatchObject({
      reason: "price_too_low",
      nodes: { atLeast: 2, atMost: 2 },
    });
    expect((await http.call("GET", `tasks/${taskId}`)).body.unserved[0]).toMatchObject({
      reason: "price_too_low",
      nodes: { atLeast: 1, atMost: 3 },
    });
  });

  test("a quote without nodes says why nobody could do it, and is the same for a stranger", async () => {
    const { capability } = http.market;
    await http.market.node();
    const body = { capability, inputBytes: 900, maxPrice: "50000" };
    const quoted = await http.call("POST", "tasks/quote", { body });
    expect(quoted).toMatchObject({
      status: 200,
      body: { capability, inputBytes: 1_024, competitors: 0, start: null, price: { live: null, bands: [] } },
    });
    expect(quoted.body.maximum).toEqual({ maxPrice: "50000", covers: null });
    expect(quoted.body.reasons[0]).toMatchObject({ reason: "offline", remedy: "Wait for the node to come back." });
    const token = await http.signIn(randomKey());
    expect((await http.call("POST", "tasks/quote", { body, token })).body.reasons).toEqual(quoted.body.reasons);
  });

  test("a quote tells what tasks were charged of late", async () => {
    const { market } = http;
    const requester = await market.requester();
    await market.submit(requester);
    await market.round([
      [await market.node(), 20_000n],
      [await market.node(), 30_000n],
    ]);
    const { body } = await http.call("POST", "tasks/quote", { body: { capability: market.capability, inputBytes: 1 } });
    expect(body.price.past.awards).toBeGreaterThanOrEqual(1);
    expect(BigInt(body.price.past.low)).toBeLessThanOrEqual(BigInt(body.price.past.high));
    expect(body.summary).toContain("Of late it was charged");
  });

  test("a quote for what nobody offers names what looks like it", async () => {
    const { capability } = http.market;
    const misspelt = `${capability.slice(0, -1)}x`;
    const refused = await http.call("POST", "tasks/quote", { body: { capability: misspelt, inputBytes: 1 } });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: "unknown_capability", details: { nearest: [capability] } },
    });
    expect(refused.body.detail).toContain(`did you mean ${capability}?`);
    const agentVersion = `0x${"ab".repeat(32)}`;
    expect(await http.call("POST", "tasks/quote", { body: { capability, agentVersion, inputBytes: 1 } })).toMatchObject(
      { status: 422, body: { code: "unknown_capability" } },
    );
  });

  test("an account is given so many quotes a minute, each caller its own", async () => {
    await using limited = await startHttp(opened.database, { rateLimits: { quotes: 2 } });
    const body = { capability: limited.market.capability, inputBytes: 1 };
    const [one, other] = [await limited.signIn(randomKey()), await limited.signIn(randomKey())];
    const ask = (token?: string) => limited.call("POST", "tasks/quote", { body, ...(token && { token }) });
    expect([(await ask(one)).status, (await ask(one)).status]).toEqual([200, 200]);
    const refused = await ask(one);
    expect(refused).toMatchObject({ status: 429, body: { code: "too_many_requests" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect([(await ask(other)).status, (await ask()).status]).toEqual([200, 200]);
  });

  test("an agent behind an endpoint is published without an artifact, when its endpoint may be called", async () => {
    const creator = randomKey();
    const token = await http.signIn(creator);
    const publish = async (url: string) => {
      const name = `far-${creator.address.slice(2, 10).toLowerCase()}`;
      const manifest = { ...http.market.manifest, name, artifact: { kind: "remote", protocol: "a2a", url } };
      const publication = { creator: creator.address, versionId: hashJson(manifest) };
      const signature = await signTyped(creator, http.market.terms.domain, "Publication", publication);
      return await http.call("POST", "agents", { token, body: { manifest, publication, signature } });
    };
    for (const url of ["http://agents.example/", "https://10.0.0.1/", "https://169.254.169.254/"])
      expect(await publish(url), url).toMatchObject({ status: 422, body: { code: "invalid_artifact" } });
    const published = await publish("https://agents.example/");
    expect(published).toMatchObject({ status: 201, body: { created: true } });
    const { manifest } = (await http.call("GET", `agents/${published.body.versionId}`)).body;
    expect(manifest.artifact).toEqual({ kind: "remote", protocol: "a2a", url: "https://agents.example/" });
  });

  test("an agent is published once its artifact is there and may run, and retired by its creator", async () => {
    const creator = randomKey();
    const token = await http.signIn(creator);
    const source = Buffer.from("export function run(input) { return input; }\n");
    const hash = hashBytes(source);
    const manifest = {
      ...http.market.manifest,
      name: `echo-${creator.address.slice(2, 10).toLowerCase()}`,
      artifact: { kind: "js", hash, bytes: source.length },
    };
    const versionId = hashJson(manifest);
    const publication = { creator: creator.address, versionId };
    const signature = await signTyped(creator, http.market.terms.domain, "Publication", publication);
    const body = { manifest, publication, signature };
    expect(await http.call("POST", "agents", { token, body })).toMatchObject({
      status: 422,
      body: { code: "artifact_missing" },
    });
    const upload = (raw: Uint8Array, at: string = hash) =>
      http.call("PUT", `artifacts/${at}`, { token, raw, type: "application/octet-stream" });
    expect(await upload(Buffer.from("other bytes"))).toMatchObject({ status: 422, body: { code: "wrong_hash" } });
    expect(await upload(source)).toMatchObject({ status: 201, body: { hash, bytes: source.length } });
    expect(await upload(source)).toMatchObject({ status: 200 });
    expect(await http.call("GET", `artifacts/${hash}`), "not before it is published").toMatchObject({ status: 404 });
    expect(await http.call("POST", "agents", { token: await http.signIn(randomKey()), body })).toMatchObject({
      status: 403,
    });
    expect(await http.call("POST", "agents", { token, body })).toMatchObject({
      status: 201,
      body: { versionId, created: true },
    });
    expect(await http.call("POST", "agents", { token, body })).toMatchObject({ status: 200, body: { created: false } });
    const artifact = await http.call("GET", `artifacts/${hash}`);
    expect(Buffer.compare(artifact.body, source)).toBe(0);
    expect(artifact.headers.get("cache-control")).toContain("immutable");
    expect((await http.call("GET", `agents/${versionId}`)).body.manifest).toEqual(manifest);
    const found = await http.call("GET", `agents?name=${manifest.name}&creator=${creator.address.toLowerCase()}`);
    expect(found.body.items).toMatchObject([{ versionId, state: "active", nodes: 0 }]);
    expect(
      await http.call("POST", `agents/${versionId}/retire`, { token: await http.signIn(randomKey()) }),
    ).toMatchObject({ status: 403 });
    expect(await http.call("POST", `agents/${versionId}/retire`, { token })).toMatchObject({
      status: 200,
      body: { state: "retired" },
    });
    expect((await http.call("GET", `agents?name=${manifest.name}`)).body.items).toEqual([]);
  });

  test("a dead task is found, looked into, and tried again by its requester alone", async () => {
    const { market } = http;
    const [requester, stranger] = [await market.requester(), await market.requester()];
    const node = await market.node();
    const retry = { maxAttempts: 1, backoffSeconds: 0, deadLetter: true };
    const taskId = await market.submit(requester, { spec: { retry } });
    await market.round([[node, 5_000n]]);
    const { hash: awardHash } = await market.award(taskId);
    const failure = { taskId, node: node.key.address, awardHash, reason: "crashed", message: "it threw" };
    await market.market.failExecution(failure);
    const token = await http.signIn(requester);
    const dead = await http.call("GET", "tasks?mine=true&state=dead", { token });
    expect(dead.body).toMatchObject({ items: [{ id: taskId, state: "dead" }] });
    expect((await http.call("GET", `tasks/${taskId}`, { token })).body).toMatchObject({
      attempts: 1,
      outcome: { kind: "unpaid", reason: "crashed", message: "it threw" },
      executions: [{ state: "failed", failure: { reason: "crashed", message: "it threw" } }],
    });
    const path = `tasks/${taskId}/retry`;
    expect((await http.call("POST", path, { token: await http.signIn(stranger) })).status).toBe(403);
    expect((await http.call("POST", path)).status).toBe(401);
    expect(await http.call("POST", path, { token })).toMatchObject({
      status: 200,
      body: { state: "open", attempts: 0, executions: [{ state: "failed" }] },
    });
    expect(await http.call("POST", path, { token })).toMatchObject({ status: 409, body: { code: "wrong_state" } });
  });

  test("a node's public record says what it failed, why, and what that cost it", async () => {
    const { market } = http;
    const requester = await market.requester();
    const nodes = [await market.node(), await market.node(), await market.node()] as const;
    const [first] = nodes;
    const faulted = [];
    for (const reason of ["refused", "not_delivered", "not_started"] as const) {
      const taskId = await market.submit(requester, { maxPrice: 102_000n });
      await market.round([
        [first, 20_000n],
        [nodes[1], 20_400n],
        [nodes[2], 20_900n],
      ]);
      market.advance(1_000);
      await market.fault(taskId, reason);
      faulted.push(taskId);
    }
    const { body } = await http.call("GET", `nodes/${first.key.address}`);
    expect(body).toMatchObject({
      awards: { faulted: 3, delivered: 0, failed: 0 },
      faults: {
        refused: 1,
        notDelivered: 1,
        notStarted: 1,
        last: { reason: "not_started", taskId: faulted[2], at: new Date(market.now()).toISOString() },
      },
    });
    const paid = BigInt(body.faults.damages);
    expect(paid).toBeGreaterThan(0n);
    expect(BigInt(body.stake) + BigInt(body.bonded)).toBe(1_000_000n - paid);
    const { body: clean } = await http.call("GET", `nodes/${nodes[2].key.address}`);
    expect(clean.faults).toEqual({ refused: 0, notStarted: 0, notDelivered: 0, damages: "0", last: null });
  });

  test("a list's pages hold every item once", async () => {
    const { market } = http;
    const requester = await market.requester();
    const ids = await Promise.all(Array.from({ length: 7 }, () => market.submit(requester)));
    const token = await http.signIn(requester);
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await http.call("GET", `tasks?mine=true&limit=3${cursor && `&cursor=${cursor}`}`, { token });
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    } while (cursor);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(new Set(seen).size).toBe(7);
  });

  test("a provider sees its nodes' stake, from before the first of them is linked", async () => {
    const [provider, key] = [randomKey(), randomKey()];
    await http.market.stake({ key, provider, slots: 1 }, 700_000n);
    const token = await http.signIn(provider);
    expect(await http.call("GET", "account", { token })).toMatchObject({
      body: { balances: { staked: "700000", available: "0" } },
    });
    expect((await http.call("GET", "account/entries", { token })).body.items).toMatchObject([
      { kind: "stake", amount: "700000", account: `staked:${provider.address}/${key.address}` },
    ]);
    const node = await http.market.node({ provider, stake: 100_000n });
    expect((await http.call("GET", "account", { token })).body.balances.staked).toBe("800000");
    expect((await http.call("GET", `nodes?provider=${provider.address}`)).body.items).toMatchObject([
      { id: node.key.address, stake: "100000" },
    ]);
  });

  test("a key does what its scopes say and nothing else", async () => {
    const wallet = await http.market.requester();
    const reader = await http.keyOf(wallet, ["tasks:read"]);
    const body = await http.orderBody(wallet);
    expect(await http.call("POST", "tasks", { key: reader, body })).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
    expect(await http.call("GET", "account", { key: reader })).toMatchObject({ status: 403 });
    expect(
      await http.call("POST", "auth/keys", { key: reader, body: { name: "more", scopes: ["tasks:write"] } }),
    ).toMatchObject({ status: 403 });
    const writer = await http.keyOf(wallet, ["tasks:write", "account:read"]);
    expect(await http.call("POST", "tasks", { key: writer, body })).toMatchObject({ status: 201 });
    expect(await http.call("GET", "account", { key: writer })).toMatchObject({
      status: 200,
      body: { address: wallet.address },
    });
    expect(await http.call("GET", "auth/session", { key: writer })).toMatchObject({
      body: { via: "key", scopes: ["tasks:write", "account:read"] },
    });
    expect(await http.call("GET", "market", { key: "stoa_wrong" }), "a wrong key is no stranger").toMatchObject({
      status: 401,
    });
  });

  test("a session makes, lists and revokes keys, and ends", async () => {
    const token = await http.signIn(randomKey());
    const made = await http.call("POST", "auth/keys", { token, body: { name: "ci", scopes: ["account:read"] } });
    expect(made.status).toBe(201);
    expect((await http.call("GET", "auth/keys", { token })).body.items).toMatchObject([
      { id: made.body.id, name: "ci" },
    ]);
    expect(await http.call("GET", "account", { key: made.body.key })).toMatchObject({ status: 200 });
    expect(await http.call("DELETE", `auth/keys/${made.body.id}`, { token })).toMatchObject({ status: 204 });
    expect(await http.call("GET", "account", { key: made.body.key })).toMatchObject({ status: 401 });
    expect(await http.call("POST", "auth/sign-out", { token })).toMatchObject({ status: 204 });
    expect(http.log()).not.toContain(made.body.key);
    expect(http.log()).not.toContain(token);
  });

  test("orders and acceptances sent together stand and fall each by itself", async () => {
    const { market } = http;
    const [requester, other] = [await market.requester(250_000n), await market.requester()];
    const token = await http.signIn(requester);
    const good = await Promise.all([1, 2].map((at) => http.orderBody(requester, { input: { text: `text ${at}` } })));
    const tasks = [
      good[0],
      { ...good[1], signature: `0x${"11".repeat(64)}1b` },
      await http.orderBody(other),
      good[1],
      good[0],
      await http.orderBody(requester, { input: { text: "more than there is money for" } }),
    ];
    const headers = { "idempotency-key": "batch-1" };
    const { status, body } = await http.call("POST", "tasks/batch", { token, body: { tasks }, headers });
    expect(status).toBe(200);
    expect(body.results.map((result: Record<string, { code?: string }>) => result["problem"]?.code ?? "taken")).toEqual(
      ["taken", "wrong_signature", "forbidden", "taken", "taken", "insufficient_funds"],
    );
    const [first, , , second, again] = body.results;
    expect(again).toEqual({ taskId: first.taskId, created: !first.created });
    expect(await http.call("POST", "tasks/batch", { token, body: { tasks: [good[0]] }, headers })).toMatchObject({
      status: 409,
    });

    // Tasks other tests left open are cleared with these.
    const node = await market.node({ slots: 20 });
    await market.round([[node, 20_000n]]);
    for (const { taskId } of [first, second]) {
      await market.start(taskId, node);
      await market.deliver(taskId, node, { text: "done" });
    }
    const acceptances = await Promise.all([first, second].map(({ taskId }) => market.acceptance(taskId, requester)));
    const nowhere = { taskId: `0x${"00".repeat(32)}`, signature: acceptances[0]!.signature };
    const swapped = { ...acceptances[1]!, signature: acceptances[0]!.signature };
    const accept = { token, body: { acceptances: [acceptances[0], nowhere, swapped, acceptances[1], acceptances[0]] } };
    const accepted = await http.call("POST", "tasks/accept", accept);
    const charge = expect.stringMatching(/^[1-9]\d+$/);
    expect(accepted.body.results).toEqual([
      { taskId: first.taskId, charge },
      { problem: expect.objectContaining({ code: "not_found" }) },
      { problem: expect.objectContaining({ code: "wrong_signature" }) },
      { taskId: second.taskId, charge },
      { taskId: first.taskId, charge },
    ]);
    const stranger = await http.call("POST", "tasks/accept", { ...accept, token: await http.signIn(other) });
    expect(stranger.body.results[0].problem).toMatchObject({ code: "forbidden", status: 403 });
    expect(await http.call("POST", "tasks/batch", { token, body: { tasks: [] } })).toMatchObject({ status: 400 });
  });

  test("an Idempotency-Key stands for one request, which is answered as it was the first time", async () => {
    const wallet = await http.market.requester();
    const token = await http.signIn(wallet);
    const headers = { "idempotency-key": "order-1" };
    const body = await http.orderBody(wallet);
    const first = await http.call("POST", "tasks", { token, body, headers });
    expect(first.status).toBe(201);
    const again = await http.call("POST", "tasks", { token, body, headers });
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const second = await http.orderBody(wallet);
    expect(await http.call("POST", "tasks", { token, body: second, headers })).toMatchObject({
      status: 409,
      body: { code: "idempotency_conflict" },
    });
    const path = `tasks/${first.body.taskId}/cancel`;
    expect((await http.call("POST", path, { token, headers })).body, "another operation").toMatchObject({
      code: "idempotency_conflict",
    });
    const other = await http.market.requester();
    expect(
      await http.call("POST", "tasks", { token: await http.signIn(other), body: await http.orderBody(other), headers }),
    ).toMatchObject({ status: 201 });
    expect(await http.call("POST", "tasks", { token, body, headers: { "idempotency-key": "" } })).toMatchObject({
      status: 400,
    });
  });

  test("of requests under one Idempotency-Key at the same moment one is done, and no secret is kept for the others", async () => {
    const token = await http.signIn(await http.market.requester());
    const post = () =>
      http.call("POST", "auth/keys", {
        token,
        body: { name: "once", scopes: ["account:read"] },
        headers: { "idempotency-key": "key-1" },
      });
    const answers = await Promise.all([post(), post(), post(), post()]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
    expect(await post()).toMatchObject({ status: 409, body: { code: "idempotency_conflict" } });
    expect((await http.call("GET", "auth/keys", { token })).body.items).toHaveLength(1);
  });

  test("a refusal is repeated too, and a fault is not: its key is free again", async () => {
    const token = await http.signIn(await http.market.requester());
    const refuse = () =>
      http.call("POST", `tasks/0x${"ab".repeat(32)}/cancel`, { token, headers: { "idempotency-key": "refused" } });
    const refused = await refuse();
    expect(refused.status).toBe(404);
    const again = await refuse();
    expect([again.status, again.body, again.headers.get("content-type")]).toEqual([
      404,
      refused.body,
      refused.headers.get("content-type"),
    ]);
  });

  test("a reader has the fields it asks for, of a thing or of a list's items, and is told which there are", async () => {
    const page = await http.call("GET", `agents?fields=name,state&name=${http.market.manifest.name}`);
    expect(page.body).toEqual({ items: [{ name: http.market.manifest.name, state: "active" }], nextCursor: null });
    const one = await http.call("GET", `agents/${http.market.agentVersion}?fields=versionId`);
    expect(one.body).toEqual({ versionId: http.market.agentVersion });
    const refused = await http.call("GET", "agents?fields=colour");
    expect(refused).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    expect(refused.body.detail).toContain("fields");
  });
});
