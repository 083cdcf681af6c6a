// Whoever began the sign-in has its ticket, and waits in another window of this origin.
const { search } = location;
history.replaceState(null, "", location.pathname);
const channel = new BroadcastChannel("stoa-oidc");
// A channel reaches its own origin alone.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
channel.postMessage({ query: search });
channel.close();
