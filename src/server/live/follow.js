// Following the writer: the tab that was looked at last goes to the page that was saved, and shows what changed.

import { address, base, href } from "./place.js";
import { find } from "./blocks.js";

const SWITCH = `longhouse-follow ${base}`;
const LOOKED = `longhouse-looked ${base}`;
const GOING = `longhouse-going ${base}`;
/** How long what changed is marked, in milliseconds. */
const MARKED = 1800;
/** A tab gives others so long to say that they were looked at, in milliseconds. */
const TURN = 60;

const me = `${Date.now()} ${Math.random()}`;
let byDefault = false;

/** Takes what the preview was started with, and whether this page was opened by following. */
export function begin() {
  const look = () => localStorage.setItem(LOOKED, me);
  // Held until the tab is gone, also where a crash leaves it no time to say so.
  navigator.locks?.request(tab(me), () => new Promise(() => {}));
  if (document.hasFocus()) look();
  addEventListener("focus", look);
  addEventListener("pointerdown", look, { capture: true });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  addEventListener("pagehide", () => {
    if (localStorage.getItem(LOOKED) === me) localStorage.removeItem(LOOKED);
  });
  const going = sessionStorage.getItem(GOING);
  if (!going) return;
  sessionStorage.removeItem(GOING);
  look();
  const { words, fragment } = JSON.parse(going);
  // Scripts may still change the height of what stands above.
  addEventListener("load", () => show(words, fragment), { once: true });
}

/** What holds as long as nobody used the switch. @type {(follow: boolean) => void} */
export function setDefault(follow) {
  byDefault = follow;
}

/** Whether tabs follow. */
export function isOn() {
  return (localStorage.getItem(SWITCH) ?? (byDefault ? "on" : "off")) === "on";
}

/** Switches following on or off, in all tabs. */
export function toggle() {
  localStorage.setItem(SWITCH, isOn() ? "off" : "on");
}

/** Calls back when another tab used the switch. @type {(act: () => void) => void} */
export function onToggle(act) {
  addEventListener("storage", ({ key }) => key === SWITCH && act());
}

/** Goes to what was saved, if this is the tab that does. @type {(saved: Saved) => Promise<void>} */
export async function go({ address: to, fragment, words }) {
  if (!isOn() || !(await isMine())) return;
  if (to === address()) {
    show(words, fragment);
    return;
  }
  // Nobody is taken away from what they are typing.
  if (document.hasFocus() && document.activeElement?.matches("input, textarea, select, [contenteditable]")) return;
  sessionStorage.setItem(GOING, JSON.stringify({ words, fragment }));
  location.assign(href(to));
}

/** Whether this is the tab that was looked at last. If that one was closed, those that are seen draw lots. */
async function isMine() {
  if (!(await isOpen(localStorage.getItem(LOOKED)))) {
    if (document.visibilityState !== "visible") return false;
    await new Promise((ready) => setTimeout(ready, TURN * Math.random()));
    if (!(await isOpen(localStorage.getItem(LOOKED)))) localStorage.setItem(LOOKED, me);
    await new Promise((ready) => setTimeout(ready, TURN));
  }
  return localStorage.getItem(LOOKED) === me;
}

/** Whether a tab is there. Where there are no locks, one that has crashed counts as open until another is looked at.
 * @type {(id: string | null) => Promise<boolean>} */
async function isOpen(id) {
  if (!id || !navigator.locks) return Boolean(id);
  const { held } = await navigator.locks.query();
  return Boolean(held?.some(({ name }) => name === tab(id)));
}

/** The lock that a tab holds. @type {(id: string) => string} */
function tab(id) {
  return `longhouse-tab ${base} ${id}`;
}

/** Brings what changed into view, and marks it for a moment.
 * @type {(words: string, fragment?: string | null) => void} */
function show(words, fragment) {
  const block = find(words, fragment);
  if (!block) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (let folded = block.closest("details"); folded; folded = folded.parentElement?.closest("details") ?? null) folded.open = true;
  block.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
  const outline = getComputedStyle(block).color;
  const on = { outline: `3px solid ${outline}`, outlineOffset: "4px" };
  const off = { outline: "3px solid transparent", outlineOffset: "4px" };
  block.animate(calm ? [on, on] : [on, { ...on, offset: .6 }, off], { duration: MARKED });
}
