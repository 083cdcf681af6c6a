import { describe, expect, it } from "vitest";
import { nearestNames } from "./nearest-names.ts";

const known = ["text.summarize", "text.language", "csv.profile", "text.summary"];

describe("names near an unknown one", () => {
  it("are those a few changed letters away, the nearest first", () => {
    expect(nearestNames("text.sumarize", known)).toEqual(["text.summarize", "text.summary"]);
    expect(nearestNames("csv.profil", known)).toEqual(["csv.profile"]);
  });

  it("are none when nothing looks like it", () => {
    expect(nearestNames("image.upscale", ["csv.profile"])).toEqual([]);
  });
});
