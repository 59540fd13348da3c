// The preview in an open page: what is saved shows here. This script is put into pages as `longhouse serve` sends them;
// no published site has it. It makes DOM nodes and text, never HTML out of strings.

import { address, ask, base, file, href } from "./place.js";
import { listen } from "./events.js";
import { become, remember } from "./morph.js";
import { freshen, renew } from "./files.js";
import * as follow from "./follow.js";
import * as panel from "./panel.js";
import * as source from "./source.js";

const NOTICE = `longhouse-notice ${base}`;
const KEPT = `longhouse-kept ${base}`;
/** A file that is gone may come back at once: editors save so. In milliseconds. */
const GRACE = 1500;
/** The script of this page, whose state says which version of the page was sent. */
const own = /** @type {HTMLScriptElement} */ (document.querySelector("script[data-state]"));
let state = own.dataset.state ?? "";
const version = state.split("-").pop();

let missing = own.hasAttribute("data-missing");
// Which process answers, and how many updates it had made when we last heard.
/** @type {string | undefined} */
let build;
/** @type {number | undefined} */
let number;
// One look at the page after the other.
let looking = Promise.resolve();
/** @type {number | undefined} */
let leaving;

remember();
panel.begin({ follow, edit: source.origins });
follow.begin();
source.onAltClick(panel.showPlace);
notice();
restore();
listen(hear);
addEventListener("pageshow", ({ persisted }) => persisted && everything());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());

/** @type {Hear} */
function hear(message) {
  if (message.kind === "away") return panel.away(true);
  panel.away(false);
  if (message.kind === "hello") return welcome(message);
  // What was missed while nobody listened is looked for below `hello`.
  number = message.number;
  update(message);
}

/** The preview is there: for the first time, again, or started anew. @type {(message: Hello) => void} */
function welcome(message) {
  if (message.version !== version) return reload();
  follow.setDefault(message.follow);
  panel.followed();
  const known = build;
  const missed = build !== message.build || number !== message.number;
  build = message.build;
  number = message.number;
  if (known === undefined) {
    look();
    problems();
  } else if (missed) everything();
}

/** Looks at all that may have changed. */
async function everything() {
  await update({ files: null, moved: [], saved: null, problems: true });
}

/** @type {(update: Omit<Update, "kind" | "number">) => Promise<void>} */
async function update({ files, moved, saved, problems: news }) {
  source.forget();
  const here = address();
  const move = moved.find(([from, to]) => from === here && to);
  if (move?.[1]) return lead(href(move[1]), movedFrom(here), true);
  if (renew(files)) return reload();
  // What the preview itself says here is made of the problems.
  const isOwn = here.startsWith("/_longhouse/") || missing;
  const concerned = !files || files.includes(file(here)) || (missing && files.includes("404.html")) || (news && isOwn);
  if (concerned) await look();
  document.dispatchEvent(new CustomEvent("longhouse:updated", { detail: { files, page: concerned } }));
  if (news) await problems();
  if (saved) await follow.go(saved);
}

/** Fetches this page if it is not the one that was sent, and makes it that. */
function look() {
  looking = looking.then(async () => {
    const fresh = await request();
    if (!fresh) return;
    // It moved while nobody told this tab.
    if (fresh.url !== location.href.split("#")[0]) return lead(fresh.url, movedFrom(address()), true);
    if (fresh.status === 404 && !missing) return gone();
    clearTimeout(leaving);
    leaving = undefined;
    if (fresh.state === state || !fresh.page) return;
    if (!become(fresh.page)) return reload();
    state = fresh.state;
    missing = fresh.status === 404;
    freshen();
    source.forget();
    panel.renewed();
  }).catch((error) => console.error(error));
  return looking;
}

/** This page as it is now. Parsed by the browser as it comes, without a string of HTML in between.
 * @type {() => Promise<Fetched | undefined>} */
function request() {
  return new Promise((ready) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.href.split("#")[0]);
    request.responseType = "document";
    request.setRequestHeader("If-None-Match", `"${state}"`);
    request.onload = () => {
      const { status, responseURL: url } = request;
      // What is still the same has no page to show, and asking for it makes one that says so.
      if (status === 304) ready({ status, url, state });
      else if (status !== 200 && status !== 404) ready(undefined);
      else ready({ status, url, page: request.response, state: request.getResponseHeader("ETag")?.replaceAll('"', "") ?? "" });
    };
    // The preview is away. It says `hello` when it is back.
    request.onerror = () => ready(undefined);
    request.send();
  });
}

/** This page is no more. Unless it comes back at once, the tab goes to the nearest page above it. */
function gone() {
  leaving ??= setTimeout(async () => {
    leaving = undefined;
    const again = await request();
    if (again?.status !== 404) return look();
    const here = address();
    const parts = here.split("/").filter(Boolean);
    while (parts.length) {
      parts.pop();
      const above = href(parts.length ? `/${parts.join("/")}/` : "/");
      const { ok } = await fetch(above, { method: "HEAD" });
      if (ok) return lead(above, `The page at ${here} has been removed.`, false);
    }
  }, GRACE);
}

/** @type {(from: string) => string} */
function movedFrom(from) {
  return `This page has moved. Its old address was ${from}`;
}

/** Goes elsewhere, and says there why. @type {(to: string, words: string, instead: boolean) => void} */
function lead(to, words, instead) {
  sessionStorage.setItem(NOTICE, words);
  if (instead) location.replace(to + location.hash);
  else location.assign(to);
}

function notice() {
  const words = sessionStorage.getItem(NOTICE);
  sessionStorage.removeItem(NOTICE);
  if (words) panel.say(words);
}

async function problems() {
  try {
    panel.setProblems(await ask("problems"));
  } catch {
    // The preview is away, and says so by itself.
  }
}

/** Loads the page anew, and keeps what a reader would miss: where they are, and what they typed. */
function reload() {
  const typed = fields().map((field) => (isMarked(field) ? field.checked : field.value));
  sessionStorage.setItem(KEPT, JSON.stringify({ url: location.href, top: scrollY, left: scrollX, typed }));
  location.reload();
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  if (kept?.url !== location.href) return;
  const all = fields();
  /** @type {(boolean | string)[]} */
  const typed = kept.typed;
  typed.forEach((value, index) => {
    const field = all[index];
    if (!field) return;
    if (typeof value === "string") field.value = value || field.value;
    else if (isMarked(field)) field.checked = value;
  });
  addEventListener("load", () => scrollTo({ top: kept.top, left: kept.left, behavior: "instant" }), { once: true });
}

/** Whether a field is marked rather than written in.
 * @type {(field: Field) => field is HTMLInputElement} */
function isMarked(field) {
  return field.type === "checkbox" || field.type === "radio";
}

/** @type {() => Field[]} */
function fields() {
  return [.../** @type {NodeListOf<Field>} */ (document.querySelectorAll("input:not([type=file]):not([type=password]):not([type=hidden]), textarea, select"))];
}
