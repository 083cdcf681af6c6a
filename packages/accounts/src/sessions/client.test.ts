import { expect, test } from "vitest";
import { networkOf } from "./client.ts";

const network = (address: string | null) => networkOf({ address, userAgent: null });

test("whoever has a network of IPv6 addresses is one client, and a neighbour another", () => {
  const one = network("2001:db8:1:2:3:4:5:6");
  expect(one).toBe("2001:db8:1:2::/64");
  for (const same of ["2001:db8:1:2::", "2001:0db8:0001:0002::1", "2001:DB8:1:2:ffff::9%eth0"])
    expect(network(same), same).toBe(one);
  for (const other of ["2001:db8:1:3::1", "2001:db8::1:2", "::1", "fe80::1"])
    expect(network(other), other).not.toBe(one);
});

test("other addresses are taken as they are", () => {
  expect(network("203.0.113.9")).toBe("203.0.113.9");
  expect(network("::ffff:203.0.113.9")).toBe("::ffff:203.0.113.9");
  expect(network(null)).toBe("unknown");
});
