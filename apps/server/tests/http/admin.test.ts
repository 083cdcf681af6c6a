import { type AuditEntry, findBrokenEntry, type TaskId } from "@stoa/protocol";
import { databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import type { LocalAccount } from "viem/accounts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

const REASON = { reason: "it does harm" };

const kinds = databaseKinds.filter(({ name }) => name !== "PGlite in a folder");

describe.each(kinds)("running a market on $name", (kind) => {
  let opened: TestDatabase;
  let database: TestDatabase["database"];
  let http: HttpFixture;
  let admin: LocalAccount;
  let token: string;

  beforeEach(async () => {
    opened = await kind.start();
    ({ database } = opened);
    http = await startHttp(database);
    admin = randomKey();
    await http.accounts.ensureAdmins([admin.address]);
    token = await http.signIn(admin);
  });
  afterEach(async () => {
    await http[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  const asAdmin = (method: string, path: string, body?: unknown) =>
    http.call(method, `admin/${path}`, body === undefined ? { token } : { token, body });
  const audit = async () => (await asAdmin("GET", "audit?limit=500")).body["entries"] as AuditEntry[];
  const acts = async () => (await audit()).map(({ action, subject }) => `${action} ${subject}`);

  test.skipIf(kind.shared)(
    "an agent that is suspended is offered to nobody until it is restored, and its page says why",
    async () => {
      const { agentVersion, capability } = http.market;
      const offered = async () =>
        ((await http.call("GET", `agents?capability=${capability}`)).body["items"] as unknown[]).length;
      expect(await offered()).toBe(1);
      const suspended = await asAdmin("POST", `agents/${agentVersion}/suspend`, REASON);
      expect(suspended).toMatchObject({ status: 200, body: { state: "suspended", suspendedFor: REASON.reason } });
      expect(await offered()).toBe(0);
      expect(await asAdmin("POST", `agents/${agentVersion}/suspend`, REASON), "again changes nothing").toMatchObject({
        status: 200,
      });
      expect(await asAdmin("POST", `agents/${agentVersion}/restore`, REASON)).toMatchObject({
        status: 200,
        body: { state: "active", suspendedFor: null },
      });
      expect(await offered()).toBe(1);
      expect((await acts()).slice(1)).toEqual([`agent.suspend ${agentVersion}`, `agent.restore ${agentVersion}`]);
      const { events } = (await http.call("GET", "events?topics=agent_status")).body as { events: { type: string }[] };
      expect(events.map(({ type }) => type)).toEqual(["agent.published", "agent.suspended", "agent.restored"]);
    },
  );

  test.skipIf(kind.shared)("a node that is suspended is asked no more", async () => {
    const node = await http.market.node();
    const path = `nodes/${node.key.address}`;
    expect(await asAdmin("POST", `${path}/suspend`, REASON)).toMatchObject({
      status: 200,
      body: { suspendedFor: REASON.reason },
    });
    expect((await http.call("GET", path)).body).toMatchObject({ suspendedFor: REASON.reason });
    expect(await asAdmin("POST", `${path}/restore`, REASON)).toMatchObject({ body: { suspendedFor: null } });
    expect(await asAdmin("POST", `nodes/${randomKey().address}/suspend`, REASON)).toMatchObject({ status: 404 });
  });

  test("a suspended account's tokens, keys and sign-ins are refused at once, with the reason, until it is restored", async () => {
    const wallet = randomKey();
    const theirs = await http.signIn(wallet);
    const key = await http.keyOf(wallet, ["account:read"]);
    const { id } = await http.accounts.ensureAccount(wallet.address);
    expect(await http.call("GET", "account", { token: theirs })).toMatchObject({ status: 200 });
    expect(await asAdmin("POST", `accounts/${id}/suspend`, REASON)).toMatchObject({ status: 200 });
    for (const as of [{ token: theirs }, { key }]) {
      const { status, body } = await http.call("GET", "account", as);
      expect({ status, body }).toMatchObject({ status: 403, body: { code: "suspended" } });
      expect(body["detail"]).toContain(REASON.reason);
    }
    expect(await http.signIn(wallet), "no token is given").toBeUndefined();
    expect((await asAdmin("GET", "accounts?suspended=true")).body["items"]).toMatchObject([{ id }]);
    await asAdmin("POST", `accounts/${id}/restore`, REASON);
    expect(await http.call("GET", "account", { key })).toMatchObject({ status: 200 });
    expect(await http.call("GET", "account", { token: await http.signIn(wallet) })).toMatchObject({ status: 200 });
  });

  test.runIf(kind.shared)(
    "another server process refuses a suspended account too, and a changed setting holds there",
    async () => {
      await using elsewhere = await startHttp(await opened.another());
      const wallet = randomKey();
      const theirs = await http.signIn(wallet);
      const { id } = await http.accounts.ensureAccount(wallet.address);
      const thatSees = (change: { token: string }) => elsewhere.call("GET", "account", change);
      expect((await thatSees({ token: theirs })).status).toBe(200);
      await asAdmin("POST", `accounts/${id}/suspend`, REASON);
      await expect.poll(async () => (await thatSees({ token: theirs })).status, { timeout: 30_000 }).toBe(403);
      await asAdmin("PUT", "settings/requests_per_minute", { value: 778, ...REASON });
      await expect
        .poll(async () => (await elsewhere.call("GET", "market")).headers.get("ratelimit-limit"), { timeout: 30_000 })
        .toBe("778");
    },
  );

  test.skipIf(kind.shared)(
    "a role that is taken away is gone at once, whatever the access token says; the last admin stays one",
    async () => {
      const { id } = await http.accounts.ensureAccount(admin.address);
      expect(await asAdmin("PUT", `accounts/${id}/roles`, { roles: ["user"], ...REASON })).toMatchObject({
        status: 403,
      });
      expect(await asAdmin("POST", `accounts/${id}/suspend`, REASON)).toMatchObject({ status: 403 });
      const other = randomKey();
      await http.accounts.ensureAdmins([other.address]);
      const others = await http.signIn(other);
      const { id: otherId } = await http.accounts.ensureAccount(other.address);
      expect(await http.call("GET", "admin/status", { token: others })).toMatchObject({ status: 200 });
      expect(await asAdmin("PUT", `accounts/${otherId}/roles`, { roles: ["user"], ...REASON })).toMatchObject({
        status: 200,
        body: { roles: ["user"] },
      });
      expect((await http.call("GET", "admin/status", { token: others })).status).toBe(401);
      expect((await http.call("GET", "admin/status", { token: await http.signIn(other) })).status).toBe(403);
    },
  );

  test.skipIf(kind.shared)(
    "a key acts for an admin only when it was made for that, and only an admin can make it",
    async () => {
      expect((await http.call("GET", "admin/status", { key: await http.keyOf(admin, ["account:read"]) })).status).toBe(
        403,
      );
      expect((await http.call("GET", "admin/status", { key: await http.keyOf(admin, ["admin"]) })).status).toBe(200);
      await expect(http.keyOf(randomKey(), ["admin"])).rejects.toMatchObject({ code: "forbidden" });
      expect((await audit()).at(-1)).toMatchObject({ action: "key.create", actor: admin.address });
    },
  );

  test("the audit log is only ever added to, and an entry that is altered, dropped or swapped is found", async () => {
    const { agentVersion } = http.market;
    for (const verb of ["suspend", "restore", "suspend"])
      await asAdmin("POST", `agents/${agentVersion}/${verb}`, REASON);
    const entries = await audit();
    expect(entries.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
    expect(entries[0]).toMatchObject({ actor: "system", action: "account.roles" });
    expect(findBrokenEntry(entries)).toBeUndefined();
    const altered = entries.with(1, { ...entries[1]!, reason: "it does good" });
    expect(findBrokenEntry(altered)).toMatchObject({ position: 2 });
    expect(findBrokenEntry(entries.toSpliced(2, 1))).toMatchObject({ position: 3 });
    expect(findBrokenEntry([entries[1]!, entries[0]!])).toMatchObject({ position: 1 });
    for (const statement of [
      "update audit_entries set reason = 'none'",
      "delete from audit_entries",
      "truncate audit_entries",
    ])
      await expect(database.query(statement)).rejects.toThrow("only ever added to");
  });

  test("acts of many admins at once make one chain", async () => {
    const ids = await Promise.all(
      Array.from({ length: 12 }, async () => (await http.accounts.ensureAccount(randomKey().address)).id),
    );
    await Promise.all(
      ids.flatMap((id) => [
        asAdmin("POST", `accounts/${id}/suspend`, REASON),
        asAdmin("POST", "announcements", { severity: "info", text: `about ${id}` }),
      ]),
    );
    const entries = await audit();
    expect(entries).toHaveLength(25);
    expect(findBrokenEntry(entries)).toBeUndefined();
  });

  test.skipIf(kind.shared)(
    "in maintenance nothing new is taken, what is there goes on, and clients are told when to come again",
    async () => {
      const requester = await http.market.requester();
      const theirs = await http.signIn(requester);
      const body = await http.orderBody(requester);
      const maintenance = { on: true, message: "back at six" };
      expect(await asAdmin("PUT", "settings/maintenance", { value: maintenance, ...REASON })).toMatchObject({
        status: 200,
        body: { maintenance, requests_per_minute: null },
      });
      const refused = await http.call("POST", "tasks", { body, token: theirs });
      expect(refused).toMatchObject({ status: 503, body: { code: "maintenance", detail: "back at six" } });
      expect(refused.headers.get("retry-after")).toBe("60");
      expect((await http.call("GET", "account", { token: theirs })).status).toBe(200);
      await asAdmin("PUT", "settings/maintenance", { value: null, ...REASON });
      expect((await http.call("POST", "tasks", { body, token: theirs })).status).toBe(201);
      const changes = (await audit()).filter(({ action }) => action === "setting.change");
      expect(changes.map(({ details }) => details)).toEqual([
        { from: null, to: maintenance },
        { from: maintenance, to: null },
      ]);
    },
  );

  test.skipIf(kind.shared)(
    "limits that are set hold from the next request on; values that are none are refused",
    async () => {
      expect(await asAdmin("PUT", "settings/requests_per_minute", { value: "many", ...REASON })).toMatchObject({
        status: 400,
      });
      expect(await asAdmin("PUT", "settings/colour", { value: 1, ...REASON })).toMatchObject({ status: 400 });
      expect((await http.call("GET", "market")).headers.get("ratelimit-limit")).not.toBe("777");
      await asAdmin("PUT", "settings/requests_per_minute", { value: 777, ...REASON });
      expect((await http.call("GET", "market")).headers.get("ratelimit-limit")).toBe("777");
    },
  );

  test.skipIf(kind.shared)("a report waits in the queue until it is answered, once; nobody can flood it", async () => {
    const wallet = randomKey();
    const theirs = await http.signIn(wallet);
    const report = { kind: "agent", subject: http.market.agentVersion, text: "It copies what it is given." };
    const filed = await http.call("POST", "reports", { body: report, token: theirs });
    expect(filed).toMatchObject({ status: 201, body: { ...report, reporter: wallet.address, resolution: null } });
    const { id } = filed.body as { id: string };
    expect((await asAdmin("GET", "reports")).body["items"]).toMatchObject([{ id }]);
    const answer = { resolution: "dismissed", answer: "it does not" };
    expect(await asAdmin("POST", `reports/${id}/resolve`, answer)).toMatchObject({ status: 200, body: answer });
    expect(await asAdmin("POST", `reports/${id}/resolve`, answer), "again").toMatchObject({ status: 200 });
    expect(await asAdmin("POST", `reports/${id}/resolve`, { ...answer, resolution: "upheld" })).toMatchObject({
      status: 409,
    });
    expect((await asAdmin("GET", "reports")).body["items"]).toEqual([]);
    expect((await asAdmin("GET", "reports?resolved=true")).body["items"]).toMatchObject([{ id, ...answer }]);
    const statuses = [];
    for (let n = 0; n < 21; n += 1)
      statuses.push((await http.call("POST", "reports", { body: report, token: theirs })).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 201), 429]);
  });

  test.skipIf(kind.shared)("an announcement is told to everybody, live and on request, until it ends", async () => {
    const made = await asAdmin("POST", "announcements", { severity: "warning", text: "Nodes are updated at six." });
    expect(made.status).toBe(201);
    const { id } = made.body as { id: string };
    const shown = async (query = "") => (await http.call("GET", `announcements${query}`)).body["items"];
    expect(await shown()).toMatchObject([{ id, severity: "warning", endsAt: null }]);
    const { events } = (await http.call("GET", "events?topics=system_announcements")).body as {
      events: { type: string; data: { id: string } }[];
    };
    expect(events).toMatchObject([{ type: "system.announced", data: { id } }]);
    expect((await asAdmin("POST", `announcements/${id}/end`, REASON)).status).toBe(204);
    expect(await shown()).toEqual([]);
    expect(await shown("?all=true")).toMatchObject([{ id }]);
    const over = new Date(http.market.now() - 1_000).toISOString();
    expect(await asAdmin("POST", "announcements", { severity: "info", text: "late", endsAt: over })).toMatchObject({
      status: 400,
    });
  });

  test.skipIf(kind.shared)(
    "a settlement the vault refused waits among the dead letters, and is sent again when an admin says so",
    async () => {
      const { market } = http;
      const requester = await market.requester();
      const node = await market.node();
      const taskId: TaskId = await market.submit(requester);
      await market.round([[node, 5_000n]]);
      await market.start(taskId, node);
      await market.deliver(taskId, node);
      await market.accept(taskId, requester);
      expect(await asAdmin("POST", `settlements/${taskId}/retry`, REASON), "it was not refused").toMatchObject({
        status: 409,
      });
      const reason = "the balance is short";
      await market.market.markSettlements([{ taskId, state: "skipped", txHash: null, reason }]);
      expect((await asAdmin("GET", "dead-letters")).body["items"]).toMatchObject([
        { kind: "settlement", taskId, reason },
      ]);
      expect((await asAdmin("GET", "status")).body).toMatchObject({ deadLetters: { settlements: 1, tasks: 0 } });
      expect((await asAdmin("POST", `settlements/${taskId}/retry`, REASON)).status).toBe(204);
      expect((await asAdmin("GET", "dead-letters")).body["items"]).toEqual([]);
      const shown = await http.call("GET", `tasks/${taskId}`, { token: await http.signIn(requester) });
      expect(shown.body).toMatchObject({ settlement: { state: "pending" } });
      expect((await audit()).at(-1)).toMatchObject({ action: "settlement.retry", details: { refused: reason } });
    },
  );
});
