export { testAuthenticator } from "./test-authenticator.ts";
export type { Asked, Misuse } from "./test-authenticator.ts";
