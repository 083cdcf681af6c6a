// @ts-check
import { ago } from "./format.js";

/**
 * Makes an element. Text goes in as text, never as markup.
 * @param {string} tag
 * @param {Record<string, string | undefined>} attributes
 * @param {(Node | string | null | undefined | false)[]} children
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Brings a list's items up to date: one that did not change keeps its element, and with it what is open or focused.
 * @template Item
 * @param {HTMLElement} list
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item) => Node[]} contentOf
 */
export function updateList(list, items, keyOf, contentOf) {
  const known = new Map(
    [...list.children].map((child) => [
      /** @type {HTMLElement} */ (child).dataset["key"],
      /** @type {HTMLElement} */ (child),
    ]),
  );
  const elements = items.map((item) => {
    const key = keyOf(item);
    const version = JSON.stringify(item);
    const element = known.get(key) ?? h("li", { "data-key": key, class: "item is-new" });
    if (element.dataset["version"] === version) return element;
    const isOpen = element.querySelector("details")?.open ?? false;
    element.dataset["version"] = version;
    element.replaceChildren(...contentOf(item));
    const details = element.querySelector("details");
    if (details) details.open = isOpen;
    return element;
  });
  const isSame =
    elements.length === list.children.length && elements.every((element, at) => element === list.children[at]);
  if (!isSame) list.replaceChildren(...elements);
}

/**
 * The element with this id, which the page has.
 * @param {string} id
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * How long ago something was, kept current by the page.
 * @param {number} at epoch milliseconds
 */
export function time(at) {
  return h("time", { datetime: new Date(at).toISOString(), "data-at": String(at) }, ago(at, Date.now()));
}
