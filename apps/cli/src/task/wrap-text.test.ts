import { describe, expect, it } from "vitest";
import { wrapText } from "./wrap-text.ts";

const text = { type: "string" };

describe("plain text", () => {
  it("becomes the one required text of the agent's input", () => {
    const schema = { type: "object", properties: { csv: text, header: { type: "boolean" } }, required: ["csv"] };
    expect(wrapText("a,b", schema, "profile-csv")).toEqual({ csv: "a,b" });
  });

  it("is the input itself for an agent that takes a text", () => {
    expect(wrapText("a", { type: "string" }, "echo")).toBe("a");
  });

  it("becomes { text } for an agent that takes anything", () => {
    expect(wrapText("a", true, "any")).toEqual({ text: "a" });
  });

  it.each([
    ["two required properties", { type: "object", properties: { a: text, b: text }, required: ["a", "b"] }],
    ["a required number", { type: "object", properties: { a: { type: "number" } }, required: ["a"] }],
    ["nothing required", { type: "object", properties: { a: text } }],
    ["a required property it does not describe", { type: "object", required: ["a"] }],
    ["no input at all", false],
  ])("is refused for an agent with %s, saying how to go on", (_name, schema) => {
    expect(() => wrapText("x", schema, "odd")).toThrow(/odd .*--input-json.*stoa agent show odd/);
  });
});
