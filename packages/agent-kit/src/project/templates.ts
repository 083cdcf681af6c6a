import { fileURLToPath } from "node:url";
import type { BundledArtifact, ImageArtifact } from "@stoa/protocol";

/** Where the templates lie as they are: real files, in which a few words between underscores are filled in. */
export const TEMPLATES = fileURLToPath(new URL("../../templates", import.meta.url));

const built = (kind: (BundledArtifact | ImageArtifact)["kind"]) =>
  `{ kind: ${kind} } # its hash and size are filled in when it is built`;
/** Where `src/server.js` answers unless it is told another port. */
const ENDPOINT = '{ kind: remote, protocol: http, url: "http://127.0.0.1:8700/" } # where nodes call it';

/** What an author may begin with, and what its manifest says of the artifact. */
export const templates = {
  js: { artifact: built("js"), about: "JavaScript in QuickJS" },
  ts: { artifact: built("js"), about: "TypeScript, bundled to JavaScript" },
  assemblyscript: { artifact: built("wasm"), about: "AssemblyScript, compiled to WebAssembly" },
  rust: {
    artifact: built("wasm"),
    about: "Rust without crates; needs rustc with its wasm32-unknown-unknown target",
  },
  c: { artifact: built("wasm"), about: "C without a standard library; needs clang and lld" },
  wasi: {
    artifact: built("wasi"),
    about: "C with its standard library as a WASI program; needs clang, lld and wasi-libc",
  },
  python: { artifact: built("container"), about: "Python in a container; needs Docker" },
  remote: { artifact: ENDPOINT, about: "an endpoint on your own machine that nodes call over HTTP" },
} as const;

export type Template = keyof typeof templates;

export function isTemplate(name: string): name is Template {
  return Object.hasOwn(templates, name);
}
