import { expect, test } from "vitest";
import de from "./de.json" with { type: "json" };
import en from "./en.json" with { type: "json" };

type Tree = { [name: string]: string | Tree };

function flatten(tree: Tree, path = ""): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([name, item]) =>
    typeof item === "string" ? [[path + name, item] as [string, string]] : flatten(item, `${path}${name}.`),
  );
}
const holes = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "").sort((a, b) => a.localeCompare(b));

test("every text is there in every language, with the same holes to fill", () => {
  const german = new Map(flatten(de));
  const english = flatten(en);
  expect([...german.keys()]).toEqual(english.map(([key]) => key));
  for (const [key, text] of english) {
    expect(german.get(key)?.trim(), key).toBeTruthy();
    expect(holes(german.get(key)!), key).toEqual(holes(text));
  }
});
