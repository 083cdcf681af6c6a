import Provider from "oidc-provider";

/** A real provider of OpenID Connect as a process of its own; it takes anybody for whom they say they are. */
const [port = "", redirectUri = "", clientSecret = ""] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: "stoa", client_secret: clientSecret, redirect_uris: [redirectUri] }],
  pkce: { required: () => true },
  cookies: { keys: ["of a test alone"] },
});
const server = provider.listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
process.once("disconnect", () => server.close(() => process.exit(0)));
