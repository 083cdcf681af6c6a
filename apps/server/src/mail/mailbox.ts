import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import PostalMime from "postal-mime";

/** A mail as the mailbox page shows it. */
export interface ShownMail {
  name: string;
  to: string;
  subject: string;
  date: string;
  text: string;
}

/** Most mails the page lists; older ones stay in the folder. */
const LISTED = 50;
const NAME = /^[0-9TZ.-]+-[0-9a-f]{8}\.eml$/;

/** The mails of a folder, to read in a browser. */
export interface Mailbox {
  /** The newest first. */
  list(): Promise<ShownMail[]>;
  /** Null when there is none of this name. */
  read(name: string): Promise<ShownMail | null>;
}

export function openMailbox(folder: string): Mailbox {
  const show = async (name: string): Promise<ShownMail> => {
    const { to = [], subject = "", date = "", text = "" } = await PostalMime.parse(await readFile(join(folder, name)));
    return { name, to: to.map(({ address }) => address).join(", "), subject, date, text };
  };
  const names = async () => {
    const all = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    return all.filter((name) => NAME.test(name)).sort();
  };
  return {
    list: async () => Promise.all((await names()).slice(-LISTED).reverse().map(show)),
    read: async (name) => ((await names()).includes(name) ? show(name) : null),
  };
}
