import { delimiter } from "node:path";

/**
 * The environment with folders put first on PATH (named `Path` on Windows).
 * @param {NodeJS.ProcessEnv} env
 * @param {...string} folders
 * @returns {NodeJS.ProcessEnv}
 */
export function pathBefore(env, ...folders) {
  const name = Object.keys(env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  return { ...env, [name]: [...folders, env[name] ?? ""].join(delimiter) };
}
