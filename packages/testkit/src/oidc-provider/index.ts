export { signInAtProvider } from "./sign-in-at-provider.ts";
export { startOidcProvider } from "./start-oidc-provider.ts";
export type { TestOidcProvider } from "./start-oidc-provider.ts";
