import { createReader, openConnection } from "@stoa/sdk/reader";
import { sessionStore } from "./session-store.ts";

/** The one connection to the market this page came from. */
export const connection = openConnection({ url: location.origin, store: sessionStore });

/** Reads; what signs or checks comes with {@link wholeClient}. */
export const reader = createReader(connection);

/** The whole client, on the same session. It is large: ask for it when somebody acts. */
export async function wholeClient() {
  const { clientOn } = await import("@stoa/sdk");
  return clientOn(connection);
}
