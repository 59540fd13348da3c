// What a door gains from a script: the text of its file can be copied, which hosts need whose editor opens empty, and
// files are called after whoever writes them. Without it each door leads to its host's editor all the same. Before this
// file, the site writes its words and what a reply's file is called until its author names it.

/** Where the browser keeps the reader's handle: nothing until it was asked for, empty after "no, thanks". */
const KEY = "longhouse.handle";

/** A reader may forbid a page to keep anything; then it is asked again on the next one. */
let handle = null;
try { handle = localStorage.getItem(KEY); } catch { /* Nothing was kept. */ }
const keep = (text) => {
  handle = text;
  try { localStorage.setItem(KEY, text); } catch { /* It holds for this page. */ }
};

/** The doors of a page to files that begin with a text. */
const doorsOf = (page) => [...page.querySelectorAll("main a[rel=nofollow]")].filter((door) => textOf(door) !== null);

/** The text of the file that a door begins: beside it, else in its address. */
function textOf(door) {
  return door.dataset.paste ?? door.dataset.text ?? new URL(door.href).searchParams.get("value");
}

/** The handle in a name, an address or a link to somebody, as file names are written. */
const slug = (text) => text.trim().replace(/\/+$/, "").replace(/^.*\//, "").normalize("NFKC").toLowerCase()
  .replace(/i\u0307/g, "i").replace(/[^\p{L}\p{N}\p{M}_.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 60);

/** What the reader's file is called, which nobody's file here may be called already. */
function stem(page) {
  const taken = new Set((page.querySelector(".doors[data-taken]")?.dataset.taken ?? "").split(" "));
  const name = handle || nameless;
  for (let number = 1; handle; number++) {
    const stem = number === 1 ? name : `${name}--${number}`;
    if (!taken.has(stem)) return stem;
  }
  return name;
}

/** An address with another name in place of the one that means nobody. */
function named(href, name) {
  const nobody = encodeURIComponent(nameless).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return href.replace(new RegExp(`(/|=|%2F)${nobody}(?=\\.md(?:$|[&?#]))`, "i"), (_, before) => before + encodeURIComponent(name));
}

const isReply = (door) => named(door.dataset.href ?? door.href, "") !== (door.dataset.href ?? door.href) || door.dataset.file === `${nameless}.md`;

/** Puts the reader's handle into the doors to replies. */
function callAfter(page) {
  const name = stem(page);
  for (const door of doorsOf(page)) {
    if (!isReply(door)) continue;
    door.dataset.href ??= door.getAttribute("href");
    door.href = named(door.dataset.href, name);
  }
}

function make(page, name, attributes = {}, ...children) {
  const element = page.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** A sentence with a word at its place. */
const say = (word, place) => words[word].split("{name}").flatMap((part, at) => (at ? [place.cloneNode(true), part] : [part]));

/** What is done to a page before it is seen: to this one, and in a preview to what it becomes. */
function prepare(page) {
  for (const door of doorsOf(page)) {
    if (door.hidden) door.hidden = false;
    const row = door.closest("li");
    if (row?.hidden) row.hidden = false;
    const button = make(page, "button", { type: "button", class: "copy-file" }, words.door_copy);
    if (row) door.after(button);
    else if (door.matches(".door:not(.second)")) door.parentElement.querySelector(":scope > .needs")?.append(button);
  }
  callAfter(page);
  const list = page.querySelector(".doors .more .links");
  if (!list || !doorsOf(page).some(isReply)) return;
  const row = make(page, "li", { class: "who" });
  if (handle) row.append(make(page, "p", { class: "needs" }, ...say("door_as", make(page, "b", {}, handle))));
  row.append(make(page, "button", { type: "button", class: "change" }, handle ? words.door_change : words.door_who));
  list.append(row);
}
prepare(document);
document.addEventListener("longhouse:before-update", ({ detail }) => prepare(detail.document));

/** Makes what the page says of the handle true again. */
function refresh() {
  for (const old of document.querySelectorAll(".doors .who, .copy-file")) old.remove();
  prepare(document);
}

/** Shows something under the doors, with the caret in it if it was asked for. */
function show(panel, near, focus) {
  for (const old of document.querySelectorAll(".panel")) old.remove();
  const doors = near.closest(".doors");
  if (doors) doors.append(panel);
  else near.closest("p").after(panel);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    panel.remove();
    near.focus();
  });
  focus?.focus();
}

/** Asks once how the reader is called, and never keeps anybody from going on. */
function ask(near, wanted) {
  const name = make(document, "input", { id: "your-handle", name: "handle", autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: "200", value: handle ?? "" });
  const answer = (text) => (event) => {
    event.preventDefault();
    const given = slug(text());
    keep(given === nameless ? "" : given);
    const inside = panel.contains(document.activeElement);
    panel.remove();
    refresh();
    if (inside && near.isConnected) near.focus();
  };
  const panel = make(document, "form", { class: "panel", submit: answer(() => name.value) },
    make(document, "label", { for: name.id }, words.door_who),
    name,
    make(document, "button", { class: "door" }, words.door_remember),
    make(document, "button", { type: "button", click: answer(() => "") }, words.door_no));
  show(panel, near, wanted ? name : null);
}

/** Copies a text, and says whether that could be done: only a page from a safe origin may. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Says what to do with a text that the host's editor does not show by itself. */
function explain(door, copied, goOn) {
  const text = make(document, "textarea", { readonly: "", rows: "5", "aria-label": door.textContent }, textOf(door));
  const called = door.dataset.file ?? new URL(door.href).searchParams.get("filename")?.split("/").at(-1) ?? "";
  const file = make(document, "code", {}, isReply(door) ? `${stem(document)}.md` : called);
  const next = goOn ? make(document, "a", { class: "door", href: door.href, rel: "nofollow" }, words.door_go_on) : null;
  const close = make(document, "button", { type: "button", click: () => { panel.remove(); door.focus(); } }, words.door_close);
  const panel = make(document, "div", { class: "panel", role: "group", "aria-label": door.textContent });
  if (copied) panel.append(make(document, "p", { role: "status" }, ...say("door_paste", file)));
  else panel.append(make(document, "p", {}, ...say("door_by_hand", file)), text);
  if (next) panel.append(next);
  panel.append(close);
  show(panel, door, copied ? next : text);
  if (!copied) text.select();
}

addEventListener("click", async (event) => {
  const { target } = event;
  const button = target.closest?.(".copy-file");
  if (button) {
    const door = (button.closest("li") ?? button.closest(".doors")).querySelector("a[rel=nofollow]");
    if (!await copy(textOf(door))) return explain(door, false, false);
    button.textContent = words.door_copied;
    setTimeout(() => { button.textContent = words.door_copy; }, 2000);
    return;
  }
  const change = target.closest?.(".who .change");
  if (change) return ask(change.closest("details").querySelector("summary"), true);
  const door = target.closest?.("a[data-paste]");
  if (!door || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  explain(door, await copy(textOf(door)), true);
});

/** Whoever comes near a door to a reply is asked, once on a page until there is an answer. What lies behind "More"
 * would cover the question. */
let asked = false;
function approach({ target }) {
  if (asked || handle !== null) return;
  const near = target.closest?.("main .doors > .door, main .reaction > a");
  if (!near || textOf(near) === null || !doorsOf(document).some(isReply)) return;
  asked = true;
  if (!document.querySelector(".panel")) ask(near, false);
}
addEventListener("pointerover", approach);
addEventListener("focusin", approach);
