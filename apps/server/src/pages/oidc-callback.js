// Whoever began the sign-in has its ticket, and waits in another window of this origin.
const { search } = location;
history.replaceState(null, "", location.pathname);
const channel = new BroadcastChannel("stoa-oidc");
channel.postMessage({ query: search });
channel.close();
