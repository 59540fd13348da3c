// What a door gains from a script: the text of its file can be copied, which hosts need whose editor opens empty, and
// files are called after whoever writes them. Without it each door leads to its host's editor all the same. Before this
// file, the site writes its words and what a reply's file is called until its author names it.

import { fileName, make, speaker } from "./dom.js";

const say = speaker(words);

/** Where the browser keeps the reader's handle: nothing until it was asked for, empty after "no, thanks". */
const KEY = "longhouse.handle";

/** A reader may forbid a page to keep anything; then it is asked again on the next one. @type {string | null} */
let handle = null;
try { handle = localStorage.getItem(KEY); } catch { /* Nothing was kept. */ }
/** @type {(text: string) => void} */
const keep = (text) => {
  handle = text;
  try { localStorage.setItem(KEY, text); } catch { /* It holds for this page. */ }
};

/** The doors of a page to files that begin with a text. @type {(page: Document) => HTMLAnchorElement[]} */
const doorsOf = (page) => [.../** @type {NodeListOf<HTMLAnchorElement>} */ (page.querySelectorAll("main a[rel=nofollow]"))].filter((door) => textOf(door) !== null);

/** The text of the file that a door begins: beside it, else in its address.
 * @type {(door: HTMLAnchorElement) => string | null} */
function textOf(door) {
  return door.dataset.paste ?? door.dataset.text ?? new URL(door.href).searchParams.get("value");
}

/** The handle in a name, an address or a link to somebody, as files are called.
 * @type {(text: string) => string} */
const handleIn = (text) => fileName(text.trim().replace(/\/+$/, "").replace(/^.*\//, ""), 60);

/** What the reader's file is called, which nobody's file here may be called already.
 * @type {(page: Document) => string} */
function stem(page) {
  const taken = new Set((page.querySelector(".doors[data-taken]")?.getAttribute("data-taken") ?? "").split(" "));
  const name = handle || nameless;
  for (let number = 1; handle; number++) {
    const stem = number === 1 ? name : `${name}--${number}`;
    if (!taken.has(stem)) return stem;
  }
  return name;
}

/** An address with another name in place of the one that means nobody.
 * @type {(href: string, name: string) => string} */
function named(href, name) {
  const nobody = encodeURIComponent(nameless).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return href.replace(new RegExp(`(/|=|%2F)${nobody}(?=\\.md(?:$|[&?#]))`, "i"), (_, before) => before + encodeURIComponent(name));
}

/** @type {(door: HTMLAnchorElement) => boolean} */
const isReply = (door) => named(door.dataset.href ?? door.href, "") !== (door.dataset.href ?? door.href) || door.dataset.file === `${nameless}.md`;

/** Puts the reader's handle into the doors to replies. @type {(page: Document) => void} */
function callAfter(page) {
  const name = stem(page);
  for (const door of doorsOf(page)) {
    if (!isReply(door)) continue;
    door.dataset.href ??= door.getAttribute("href") ?? "";
    door.href = named(door.dataset.href, name);
  }
}

/** A sentence with a word at its place. @type {(word: string, place: Node) => (string | Node)[]} */
const sentence = (word, place) => say(word, { name: "\0" }).split("\0").flatMap((part, at) => (at ? [place.cloneNode(true), part] : [part]));

/** What is done to a page before it is seen: to this one, and in a preview to what it becomes.
 * @type {(page: Document) => void} */
function prepare(page) {
  for (const door of doorsOf(page)) {
    if (door.hidden) door.hidden = false;
    const row = /** @type {HTMLLIElement | null} */ (door.closest("li"));
    if (row?.hidden) row.hidden = false;
    const button = make("button", { type: "button", class: "copy-file" }, say("door_copy"));
    if (row) door.after(button);
    else if (door.matches(".door:not(.second)")) door.parentElement?.querySelector(":scope > .needs")?.append(button);
  }
  callAfter(page);
  const list = page.querySelector(".doors .more .links");
  if (!list || !doorsOf(page).some(isReply)) return;
  const row = make("li", { class: "who" });
  if (handle) row.append(make("p", { class: "needs" }, ...sentence("door_as", make("b", {}, handle))));
  row.append(make("button", { type: "button", class: "change" }, handle ? say("door_change") : say("door_who")));
  list.append(row);
}
prepare(document);
document.addEventListener("longhouse:before-update", ({ detail }) => prepare(detail.document));

/** Makes what the page says of the handle true again. */
function refresh() {
  for (const old of document.querySelectorAll(".doors .who, .copy-file")) old.remove();
  prepare(document);
}

/** Shows something under the doors, with the caret in it if it was asked for.
 * @type {(panel: HTMLElement, near: HTMLElement, focus?: HTMLElement | null) => void} */
function show(panel, near, focus) {
  for (const old of document.querySelectorAll(".panel")) old.remove();
  const doors = near.closest(".doors");
  if (doors) doors.append(panel);
  else near.closest("p, .reaction")?.after(panel);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    panel.remove();
    near.focus();
  });
  focus?.focus();
}

/** Asks once how the reader is called, and never keeps anybody from going on.
 * @type {(near: HTMLElement, wanted: boolean) => void} */
function ask(near, wanted) {
  const name = make("input", { id: "your-handle", name: "handle", autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: "200", value: handle ?? "" });
  /** @type {(text: () => string) => (event: Event) => void} */
  const answer = (text) => (event) => {
    event.preventDefault();
    const given = handleIn(text());
    keep(given === nameless ? "" : given);
    const inside = panel.contains(document.activeElement);
    panel.remove();
    refresh();
    if (inside && near.isConnected) near.focus();
  };
  const panel = make("form", { class: "panel", submit: answer(() => name.value) },
    make("label", { for: name.id }, say("door_who")),
    name,
    make("button", { class: "door" }, say("door_remember")),
    make("button", { type: "button", click: answer(() => "") }, say("door_no")));
  show(panel, near, wanted ? name : null);
}

/** Copies a text, and says whether that could be done: only a page from a safe origin may.
 * @type {(text: string | null) => Promise<boolean>} */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text ?? "");
    return true;
  } catch {
    return false;
  }
}

/** Says what to do with a text that the host's editor does not show by itself.
 * @type {(door: HTMLAnchorElement, copied: boolean, goOn: boolean) => void} */
function explain(door, copied, goOn) {
  const text = make("textarea", { readonly: "", rows: "5", "aria-label": door.textContent }, textOf(door));
  const called = door.dataset.file ?? new URL(door.href).searchParams.get("filename")?.split("/").at(-1) ?? "";
  const file = make("code", {}, isReply(door) ? `${stem(document)}.md` : called);
  const next = goOn ? make("a", { class: "door", href: door.href, rel: "nofollow" }, say("door_go_on")) : null;
  const close = make("button", { type: "button", click: () => { panel.remove(); door.focus(); } }, say("door_close"));
  const panel = make("div", { class: "panel", role: "group", "aria-label": door.textContent });
  if (copied) panel.append(make("p", { role: "status" }, ...sentence("door_paste", file)));
  else panel.append(make("p", {}, ...sentence("door_by_hand", file)), text);
  if (next) panel.append(next);
  panel.append(close);
  show(panel, door, copied ? next : text);
  if (!copied) text.select();
}

addEventListener("click", async (event) => {
  const { target } = event;
  if (!(target instanceof Element)) return;
  const button = target.closest(".copy-file");
  if (button) {
    const door = /** @type {HTMLAnchorElement} */ ((button.closest("li") ?? button.closest(".doors"))?.querySelector("a[rel=nofollow]"));
    if (!await copy(textOf(door))) return explain(door, false, false);
    button.textContent = say("door_copied");
    setTimeout(() => { button.textContent = say("door_copy"); }, 2000);
    return;
  }
  const more = target.closest(".who .change")?.closest("details")?.querySelector("summary");
  if (more) return ask(more, true);
  const door = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-paste]"));
  if (!door || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  explain(door, await copy(textOf(door)), true);
});

/** A reader who comes near a door to a reply is asked, once on a page until there is an answer. What lies below "More"
 * would cover the question. */
let asked = false;
/** @type {(event: Event) => void} */
function approach({ target }) {
  if (asked || handle !== null) return;
  const near = /** @type {HTMLAnchorElement | null} */ (target instanceof Element && target.closest("main .doors > .door, main .reaction > a"));
  if (!near || textOf(near) === null || !doorsOf(document).some(isReply)) return;
  asked = true;
  if (!document.querySelector(".panel")) ask(near, false);
}
addEventListener("pointerover", approach);
addEventListener("focusin", approach);
