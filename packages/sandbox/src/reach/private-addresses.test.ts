import { expect, test } from "vitest";
import { isPrivateAddress } from "./private-addresses.ts";

test.each([
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::1",
  "::",
  "fe80::1",
  "fc00::1",
  "fd12::1",
  "ff02::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::ffff:a00:1",
  "64:ff9b::7f00:1",
  "2002:7f00:1::",
  "2001:db8::1",
  "::7f00:1",
  "not an address",
  "",
])("%s leads to no public host", (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each([
  "1.1.1.1",
  "93.184.215.14",
  "172.32.0.1",
  "11.0.0.1",
  "2606:4700:4700::1111",
  "2a00:1450:4001::1",
  "::ffff:1.1.1.1",
  "::ffff:101:101",
])("%s may be a public host's", (address) => {
  expect(isPrivateAddress(address)).toBe(false);
});
