/**
 * Does what a person does in a browser at the provider: follows it from page to page, says who they are, agrees.
 * @param answer "refuse" leaves at the first page
 * @returns the address the person is sent back to
 */
export async function signInAtProvider(
  url: string,
  { login, backTo, answer = "agree" }: { login: string; backTo: string; answer?: "agree" | "refuse" },
): Promise<URL> {
  const cookies = new Map<string, string>();
  let next = new URL(url);
  let form: URLSearchParams | null = null;
  for (let page = 0; page < 20; page += 1) {
    const response = await fetch(next, {
      method: form ? "POST" : "GET",
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form && { body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get("location");
    form = null;
    if (location !== null) {
      next = new URL(location, next);
      if (next.href.startsWith(backTo)) return next;
      continue;
    }
    const html = await response.text();
    const links = (pattern: RegExp) => pattern.exec(html)?.[1]?.replaceAll("&amp;", "&");
    const action = links(/<form[^>]* action="([^"]+)"/);
    if (!action)
      throw new Error(`the provider shows ${response.status} and nothing to go on with: ${html.slice(0, 500)}`);
    if (answer === "refuse") {
      next = new URL(`${next.pathname}/abort`, next);
      continue;
    }
    const prompt = links(/name="prompt" value="([^"]+)"/) ?? "";
    form = new URLSearchParams({ prompt, ...(prompt === "login" && { login, password: "any" }) });
    next = new URL(action, next);
  }
  throw new Error("the provider leads nowhere");
}
