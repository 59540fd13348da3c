// From what one sees to the line where it is written. With an editor in the configuration, the browser opens its
// address there; without one, the place is shown.

import { blockOf, blocks, normal } from "./blocks.js";
import { ask } from "./place.js";

// Asked for once, and again after the page changed.
/** @type {Promise<Said["origins"]> | undefined} */
let asked;

/** Forgets where things are: the page changed. */
export function forget() {
  asked = undefined;
}

/** The places of this page: whether there is an editor, and all blocks. */
export function origins() {
  asked ??= ask("origins").catch(() => {
    asked = undefined;
    return { editor: false, blocks: [] };
  });
  return asked;
}

/** Calls back with the place of what is clicked with the Alt key.
 * @type {(open: (place: Origin, hasEditor: boolean) => void) => void} */
export function onAltClick(open) {
  addEventListener("click", async (event) => {
    const plain = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    const block = plain && event.target instanceof Element && document.body.contains(event.target) && (blockOf(event.target) ?? event.target);
    if (!block || block.closest("input, textarea, select")) return;
    event.preventDefault();
    event.stopPropagation();
    const { editor, blocks: known } = await origins();
    const place = placeOf(block, known);
    if (place) open(place, editor);
  }, { capture: true });
}

/** Where a block of the page is written: its own line, else that of the nearest block above that is known, else the
    beginning of the page's file. @type {(block: Element, known: Origin[]) => Origin | undefined} */
function placeOf(block, known) {
  const texts = known.map(({ text }) => normal(text));
  const all = blocks();
  const own = all.findIndex((other) => other === block);
  for (let number = own; number >= 0; number--) {
    const text = normal(all[number].textContent);
    const best = bestOf(text, texts);
    if (best.length) {
      // Of equal texts the third on the page is the third in the files. A block around another one is that one.
      const before = all.slice(0, number).filter((other) => !all.some((inner) => inner !== other && other.contains(inner)) && normal(other.textContent) === text).length;
      return known[best[Math.min(before, best.length - 1)]];
    }
    // What is far above says little about where this is.
    if (own - number > 20) break;
  }
  return known[0];
}

/** The numbers of the texts that are most alike: the same, else the longest that one of both begins with.
 * @type {(text: string, texts: string[]) => number[]} */
function bestOf(text, texts) {
  if (!text) return [];
  /** @type {number[]} */
  let best = [];
  let length = 0;
  texts.forEach((other, number) => {
    if (!other) return;
    const alike = other === text ? Infinity : text.startsWith(other) || other.startsWith(text) ? Math.min(other.length, text.length) : 0;
    if (alike === 0 || alike < length) return;
    best = alike > length ? [number] : [...best, number];
    length = alike;
  });
  return best;
}
