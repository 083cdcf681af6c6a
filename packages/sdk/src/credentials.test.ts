import type { SessionTokens } from "@stoa/protocol";
import { expect, test } from "vitest";
import { createCredentials, type HeldSession, type SessionStore } from "./credentials.ts";

const LIFE_SECONDS = 900;

/** A market's sessions: a refresh token is good once, and used twice it ends its session. */
function setup() {
  let now = 0;
  let given = 0;
  const spent = new Set<string>();
  const tokens = (): SessionTokens => {
    given += 1;
    return { accessToken: `a${given}`, refreshToken: `r${given}`, expiresIn: LIFE_SECONDS } as SessionTokens;
  };
  const exchange = {
    signIn: async () => tokens(),
    async refresh(token: string) {
      if (spent.has(token)) throw Object.assign(new Error("used twice"), { code: "unauthorized" });
      spent.add(token);
      return tokens();
    },
  };
  let kept: HeldSession | null = null;
  let busy: Promise<unknown> = Promise.resolve();
  const store: SessionStore = {
    read: () => kept,
    write: (session) => {
      kept = session;
    },
    alone(work) {
      const done = busy.then(work);
      busy = done.catch(() => undefined);
      return done;
    },
  };
  return {
    store,
    refreshed: () => spent.size,
    program: () => createCredentials({ store }, exchange, () => now),
    pass: (seconds: number) => {
      now += seconds * 1_000;
    },
  };
}

const signer = {} as never;

test("a session that was kept is there at the next start", async () => {
  const { program } = setup();
  await program().signIn(signer);
  expect(await program().token()).toBe("a1");
});

test("programs that share a session renew it once, however many need it at the same time", async () => {
  const { program, pass, refreshed } = setup();
  const programs = [program(), program(), program()];
  await programs[0]!.signIn(signer);
  pass(LIFE_SECONDS);
  const answers = await Promise.all(programs.map((each) => each.token()));
  expect(answers).toEqual(["a2", "a2", "a2"]);
  expect(refreshed()).toBe(1);
});

test("a session that the market refuses is renewed though it seems good, and not a second time by another", async () => {
  const { program, refreshed } = setup();
  const [one, other] = [program(), program()];
  await one.signIn(signer);
  await one.renew();
  expect(await other.token()).toBe("a2");
  expect(refreshed()).toBe(1);
});

test("who signs out is signed out in every program, and at the next start", async () => {
  const { program, store } = setup();
  const [one, other] = [program(), program()];
  await one.signIn(signer);
  one.forget();
  expect(store.read()).toBeNull();
  expect(await other.headers()).toEqual({});
});
