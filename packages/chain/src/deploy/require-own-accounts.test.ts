import { expect, test } from "vitest";
import { localAccount } from "../local/local-account.ts";
import { requireOwnAccounts } from "./require-own-accounts.ts";

const BASE = 8_453;
const own = "0x000000000000000000000000000000000000dEaD";

test("an account whose key everybody knows is refused by its name wherever money is real", () => {
  for (let index = 0; index < 10; index += 1) {
    const named = { deployer: own, "the operator": localAccount(index).address.toLowerCase() };
    expect(() => requireOwnAccounts(BASE, named)).toThrow(/^the operator is 0x[0-9a-f]{40}, a test account/);
  }
});

test("accounts of one's own pass everywhere, test accounts on test chains", () => {
  expect(() => requireOwnAccounts(BASE, { operator: own, delaySeconds: 3_600, nobody: undefined })).not.toThrow();
  expect(() => requireOwnAccounts(31_337, { operator: localAccount(0).address })).not.toThrow();
});
