import { StoaError } from "@stoa/protocol";
import { describe, expect, test } from "vitest";
import { accessOf, authorize, type Access } from "./policy.ts";
import type { Principal } from "./principal.ts";

const person: Principal = {
  accountId: "1",
  address: `0x${"11".repeat(20)}`,
  wallets: [`0x${"11".repeat(20)}`],
  roles: ["user"],
  scopes: "all",
  via: "session",
  sessionId: "s",
  key: null,
};
const key: Principal = {
  ...person,
  via: "key",
  sessionId: null,
  key: { id: "k", tier: "standard" },
  scopes: ["tasks:read"],
};

function outcome(access: Access, principal: Principal | null, isLocal = false): string {
  try {
    authorize(access, principal, isLocal);
    return "in";
  } catch (error) {
    return error instanceof StoaError ? error.code : String(error);
  }
}

describe("the policy", () => {
  test.each<[Access, string, string, string]>([
    // access                                     stranger        session      key with tasks:read
    [{ who: "public" }, "in", "in", "in"],
    [{ who: "account", scope: "tasks:read" }, "unauthorized", "in", "in"],
    [{ who: "account", scope: "tasks:write" }, "unauthorized", "in", "forbidden"],
    [{ who: "account", scope: null }, "unauthorized", "in", "in"],
    [{ who: "owner", scope: "agents:write" }, "unauthorized", "in", "forbidden"],
    [{ who: "session" }, "unauthorized", "in", "forbidden"],
    [{ who: "operator" }, "unauthorized", "forbidden", "forbidden"],
    [{ who: "machine" }, "forbidden", "forbidden", "forbidden"],
  ])("%j: a stranger is %s, a session %s, a narrow key %s", (access, stranger, session, narrow) => {
    expect(outcome(access, null)).toBe(stranger);
    expect(outcome(access, person)).toBe(session);
    expect(outcome(access, key)).toBe(narrow);
  });

  test("the machine itself and admins are the operator, and the machine is itself alone", () => {
    const admin: Principal = { ...person, roles: ["user", "admin"] };
    expect(outcome({ who: "operator" }, null, true)).toBe("in");
    expect(outcome({ who: "operator" }, admin)).toBe("in");
    expect(outcome({ who: "machine" }, null, true)).toBe("in");
    expect(outcome({ who: "machine" }, admin)).toBe("forbidden");
  });

  test("HEAD is held to what GET is, and an unknown route to nothing", () => {
    expect(accessOf("HEAD", "/api/v1/account")).toEqual(accessOf("GET", "/api/v1/account"));
    expect(() => accessOf("GET", "/api/v1/unknown")).toThrow(RangeError);
  });
});
