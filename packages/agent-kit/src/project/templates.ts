import { fileURLToPath } from "node:url";

/** Where the templates lie as they are: real files, in which a few words between underscores are filled in. */
export const TEMPLATES = fileURLToPath(new URL("../../templates", import.meta.url));

/** What an author may begin with, and what of it a node runs. */
export const templates = {
  js: { kind: "js", about: "JavaScript in QuickJS" },
  ts: { kind: "js", about: "TypeScript, bundled to JavaScript" },
  assemblyscript: { kind: "wasm", about: "AssemblyScript, compiled to WebAssembly" },
  rust: { kind: "wasm", about: "Rust without crates; needs rustc with its wasm32-unknown-unknown target" },
  c: { kind: "wasm", about: "C without a standard library; needs clang and lld" },
} as const;

export type Template = keyof typeof templates;

export function isTemplate(name: string): name is Template {
  return Object.hasOwn(templates, name);
}
