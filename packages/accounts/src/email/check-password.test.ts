import { StoaError } from "@stoa/protocol";
import { describe, expect, test } from "vitest";
import { checkPassword } from "./check-password.ts";

const reason = (password: string, email = "grace.hopper@navy.example") => {
  try {
    checkPassword(password, email);
    return null;
  } catch (error) {
    return error instanceof StoaError ? error.details?.["reason"] : error;
  }
};

describe("a password", () => {
  test.each(["1qaz2wsx3edc", "Password123", "qwertyuiop!!", "!!basketball99", "ＰＡＳＳＷＯＲＤ"])(
    "%s leaked",
    (password) => {
      expect(reason(password)).toBe("it is among the passwords that leaked most often");
    },
  );

  test.each(["aaaaaaaaaaaa", "abcabcabcabc", "12341234123412"])("%s repeats itself", (password) => {
    expect(reason(password)).toMatch(/repeats|leaked/);
  });

  test.each(["GraceIsMyName7", "my-hopper-pass", "tothenavynow1"])("%s is made of the address", (password) => {
    expect(reason(password)).toMatch(/of the e-mail address/);
  });

  test.each(["correct horse battery staple", "h7#kQz!92vLm", "überraschend lang"])("%s is taken", (password) => {
    expect(reason(password)).toBeNull();
  });
});
