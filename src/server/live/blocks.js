// The blocks of the open page by their texts: where a text stands, and which text stands where somebody points.

const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, pre, td, th, dt, dd, blockquote, figcaption, figure, summary";

/** A text with one space for any number of them, as it can be compared. @type {(text: string) => string} */
export function normal(text) {
  return text.replace(/\s+/g, " ").trim().normalize("NFC");
}

/** The smallest blocks of the page in their order, or those below an element.
 * @type {(root?: Element) => HTMLElement[]} */
export function blocks(root = document.body) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(BLOCKS))];
}

/** The block that an element is part of. @type {(element: Element) => HTMLElement | null} */
export function blockOf(element) {
  return element.closest(BLOCKS);
}

/** The smallest block that has these words; below the element with the id if there is one, else anywhere.
 * @type {(words: string, id?: string | null) => HTMLElement | null} */
export function find(words, id) {
  const wanted = normal(words).toLowerCase();
  const part = id ? document.getElementById(id) : null;
  for (const root of [part, document.getElementById("main"), document.body]) {
    if (!root || !wanted) continue;
    const has = blocks(root).filter((block) => normal(block.textContent).toLowerCase().includes(wanted));
    const best = has.find((block) => !has.some((other) => other !== block && block.contains(other)));
    if (best) return best;
  }
  return part;
}
