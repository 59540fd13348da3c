// The corner of the page that belongs to the preview: how many problems there are, what is wrong with this page, where
// it is written, and whether the tab follows the writer.

import { address, base } from "./place.js";
import { style } from "./panel-style.js";

const DISMISSED = `longhouse-dismissed ${base}`;
/** What is wrong for a shorter time may be a word half typed, in milliseconds. */
const STANDS = 1000;
/** So many problems are shown on the page itself. */
const SHOWN = 3;
/** So long a notice stays, in milliseconds. */
const NOTICE = 10000;
/** A preview that is away for a shorter time is being started again, in milliseconds. */
const AWAY = 1500;

const status = make("div", { class: "hidden", role: "status" });
const notice = make("div", { class: "notice", hidden: true });
const overlay = make("section", { class: "overlay", "aria-label": "Problems on this page", hidden: true });
const menu = make("div", { class: "menu", id: "menu", hidden: true });
const badge = make("button", { type: "button", class: "badge", "aria-expanded": "false", "aria-controls": "menu" });
const host = document.createElement("div");

/** @type {typeof import("./follow.js")} */
let follow;
/** @type {() => Promise<Said["origins"]>} */
let origins;
/** @type {Said["problems"] & { at: number }} */
let report = { page: { errors: 0, warnings: 0 }, site: { errors: 0, warnings: 0 }, problems: [], at: 0 };
let isAway = false;
/** @type {number | undefined} */
let awayTimer;
/** @type {number | undefined} */
let overlayTimer;
// What is shown over the page now, so that it is not said twice.
let shown = "";

/** Puts the corner on the page.
 * @type {(parts: { follow: typeof import("./follow.js"), edit: () => Promise<Said["origins"]> }) => void} */
export function begin(parts) {
  follow = parts.follow;
  origins = parts.edit;
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [style];
  root.append(make("aside", { lang: "en", dir: "ltr", "aria-label": "Preview" }, status, notice, overlay, menu, badge));
  // Beside the body: nothing that changes the page touches it.
  document.documentElement.append(host);
  badge.addEventListener("click", () => (menu.hidden ? open() : close()));
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    if (!menu.hidden) close();
    else if (!overlay.hidden) dismiss();
  });
  addEventListener("click", (event) => event.target !== host && !menu.hidden && close(false));
  follow.onToggle(followed);
  draw();
}

/** Shows what is wrong with this page and with the site. @type {(found: Said["problems"]) => void} */
export function setProblems(found) {
  report = { ...found, at: performance.now() };
  // Mended and broken again is another error.
  keep(dismissed().filter((key) => found.problems.some((problem) => problem.key === key)));
  draw();
  cover();
  if (!menu.hidden) fill();
}

/** The page is another one: so may be where it is written. */
export function renewed() {
  if (!menu.hidden) fill();
}

/** Following was switched on or off. */
export function followed() {
  if (!menu.hidden) fill();
}

/** Whether the preview is there. @type {(now: boolean) => void} */
export function away(now) {
  if (now) {
    // The browser tries again and again, and says each time that nobody is there.
    if (!isAway) awayTimer ??= setTimeout(() => { isAway = true; draw(); }, AWAY);
    return;
  }
  clearTimeout(awayTimer);
  awayTimer = undefined;
  if (!isAway) return;
  isAway = false;
  draw();
}

/** Says something for a moment. @type {(words: string) => void} */
export function say(words) {
  const button = make("button", { type: "button" }, "Close");
  const end = () => { notice.hidden = true; };
  button.addEventListener("click", end);
  notice.replaceChildren(make("p", {}, words), button);
  notice.hidden = false;
  status.textContent = words;
  setTimeout(end, NOTICE);
}

/** Opens a place in the writer's editor, or shows where it is. @type {(place: Origin, hasEditor: boolean) => void} */
export function showPlace(place, hasEditor) {
  if (place.edit) {
    location.href = place.edit;
    return;
  }
  open(place, hasEditor);
}

/** @type {(place?: Origin, hasEditor?: boolean) => void} */
function open(place, hasEditor) {
  menu.hidden = false;
  badge.setAttribute("aria-expanded", "true");
  fill(place, hasEditor);
}

function close(focus = true) {
  const had = host.shadowRoot?.activeElement;
  menu.hidden = true;
  badge.setAttribute("aria-expanded", "false");
  if (focus && menu.contains(had ?? null)) badge.focus();
}

function draw() {
  const { page, site } = report;
  const elsewhere = site.errors + site.warnings - page.errors - page.warnings;
  const [state, words] = isAway ? ["away", "Preview stopped"]
    : isList() ? ["fine", "Preview"]
    : page.errors ? ["error", count(page.errors, "error")]
    : page.warnings ? ["warning", count(page.warnings, "warning")]
    : site.errors ? ["error", `${count(site.errors, "error")} elsewhere`]
    : elsewhere ? ["warning", `${count(elsewhere, "warning")} elsewhere`]
    : ["fine", "Preview"];
  badge.dataset.state = state;
  badge.textContent = words;
  if (state !== "fine" && state !== "away") badge.setAttribute("aria-label", `Preview: ${words}`);
  else badge.removeAttribute("aria-label");
}

/** What the badge opens. With a place it is about that place; else about the page.
 * @type {(place?: Origin, hasEditor?: boolean) => Promise<void>} */
async function fill(place, hasEditor) {
  const { page, site } = report;
  /** @type {(counted: Counted) => string} */
  const both = ({ errors, warnings }) => (errors + warnings ? [errors && count(errors, "error"), warnings && count(warnings, "warning")].filter(Boolean).join(", ") : "no problems");
  const focused = host.shadowRoot?.activeElement?.className;
  const problems = make("div", {},
    make("p", {}, `This page: ${both(page)}`),
    make("p", {}, make("a", { href: `${base}_longhouse/` }, `The whole site: ${both(site)}`)));
  const isOn = follow.isOn();
  const toggle = make("button", { type: "button", class: "switch", role: "switch", "aria-checked": String(isOn) },
    make("span", {}, "Follow saved changes"), make("span", { "aria-hidden": "true" }, isOn ? "On" : "Off"));
  toggle.addEventListener("click", () => { follow.toggle(); followed(); });
  const here = make("div", {});
  menu.replaceChildren(problems, toggle, here);
  if (focused === "switch") toggle.focus();
  const known = place ? { editor: hasEditor ?? false, blocks: [place] } : await origins();
  here.replaceChildren(...where(known));
  if (place) /** @type {HTMLElement | null} */ (here.querySelector("button, a"))?.focus();
}

/** Where the page, or a block of it, is written. @type {(known: Said["origins"]) => HTMLElement[]} */
function where({ editor, blocks }) {
  const [first] = blocks;
  if (!first) return [make("p", { class: "small" }, "This page has no source file of its own.")];
  const place = `${first.path}:${first.line}`;
  const row = make("div", { class: "row" });
  if (first.edit) row.append(make("a", { class: "door", href: first.edit }, "Edit"));
  if (navigator.clipboard) {
    const copy = make("button", { type: "button" }, "Copy path");
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(place);
      copy.textContent = "Copied";
      setTimeout(() => { copy.textContent = "Copy path"; }, 2000);
    });
    row.append(copy);
  }
  const help = editor ? ["Alt-click a paragraph to open its line."]
    : ["To open files in your editor, add, for example, ", make("code", {}, "editor: vscode"), " to longhouse.yaml. Alt-click a paragraph to see its line."];
  return [make("p", { class: "small" }, "Source file"), make("p", {}, make("code", { class: "place" }, place)), row, make("p", { class: "small" }, ...help)];
}

/** Puts the errors that stand long enough over the page, unless they were sent away. */
function cover() {
  clearTimeout(overlayTimer);
  if (isList()) return;
  const gone = dismissed();
  const errors = report.problems.filter((problem) => problem.severity === "error");
  /** @type {(problem: Problem) => number} */
  const age = (problem) => problem.stands_ms + performance.now() - report.at;
  const due = errors.filter((problem) => age(problem) >= STANDS);
  const waits = errors.filter((problem) => age(problem) < STANDS).map((problem) => STANDS - age(problem));
  if (waits.length) overlayTimer = setTimeout(cover, Math.max(Math.min(...waits), 20));
  if (!due.some((problem) => !gone.includes(problem.key))) {
    hideOverlay();
    return;
  }
  const drawn = JSON.stringify(due.map(({ stands_ms: _, ...rest }) => rest));
  if (drawn === shown) return;
  shown = drawn;
  const stops = due.some((problem) => problem.stops);
  const button = make("button", { type: "button" }, "Close");
  button.addEventListener("click", dismiss);
  const held = due.some((problem) => problem.holds);
  const title = stops ? "The site cannot be updated. This is the last good version of the page."
    : `${count(errors.length, "error")} on this page${held ? ", so it was not updated" : ""}`;
  const rest = errors.length - Math.min(due.length, SHOWN);
  const focused = overlay.contains(host.shadowRoot?.activeElement ?? null);
  overlay.replaceChildren(make("div", { class: "bar" }, make("p", {}, title), button), ...due.slice(0, SHOWN).map(problemOf));
  if (rest > 0) overlay.append(make("p", { class: "more" }, make("a", { href: `${base}_longhouse/` }, `${rest} more`)));
  overlay.hidden = false;
  if (focused) button.focus();
  status.textContent = `${title}: ${due[0].message} ${due[0].file}, line ${due[0].line}.`;
}

/** @type {(problem: Problem) => HTMLElement} */
function problemOf({ file, line, column, message, help, fix, excerpt, edit }) {
  const place = `${file}:${line}:${column}`;
  return make("div", { class: "problem" },
    make("h2", {}, ...worded(message)),
    make("p", { class: "place" }, edit ? make("a", { href: edit }, place) : place),
    // One line may be wider than the screen; keys can scroll it.
    excerpt ? make("pre", { tabindex: "0", "aria-label": "Source lines" }, excerpt) : null,
    help ? make("p", {}, ...worded(help)) : null,
    fix ? make("p", {}, "Write: ", make("code", {}, fix)) : null);
}

/** A text in which what stands between backticks is code. @type {(text: string) => (string | Node)[]} */
function worded(text) {
  return text.split(/`([^`]+)`/).map((part, number) => (number % 2 ? make("code", {}, part) : part)).filter(Boolean);
}

function hideOverlay() {
  shown = "";
  if (overlay.hidden) return;
  const had = overlay.contains(host.shadowRoot?.activeElement ?? null);
  overlay.hidden = true;
  overlay.replaceChildren();
  status.textContent = "";
  if (had) badge.focus();
}

/** Sends the errors away that are shown, until there is another one. */
function dismiss() {
  keep(report.problems.map((problem) => problem.key));
  hideOverlay();
}

/** @type {() => string[]} */
function dismissed() {
  const kept = JSON.parse(sessionStorage.getItem(DISMISSED) ?? "{}");
  return kept[address()] ?? [];
}

/** @type {(keys: string[]) => void} */
function keep(keys) {
  const kept = JSON.parse(sessionStorage.getItem(DISMISSED) ?? "{}");
  delete kept[address()];
  if (keys.length) kept[address()] = keys;
  sessionStorage.setItem(DISMISSED, JSON.stringify(kept));
}

/** Whether this is the list of all problems, which has them on it already. */
function isList() {
  return address().startsWith("/_longhouse/");
}

/** @type {(number: number, what: string) => string} */
function count(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** An element with attributes and children, which may be text. @type {Make} */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
