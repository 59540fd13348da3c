// What a page shows beside its own text: style sheets, pictures, films. Those that changed under the address they had
// are fetched again, and take the place of the old ones when they are there.

import { fileOf } from "./place.js";
import { loaded, replaceSent } from "./morph.js";

const MEDIA = "img, source, video, audio, track, object, embed, image, input[type=image], link[rel~=icon]";
const PLACES = ["src", "srcset", "poster", "data", "href", "xlink:href"];
/** From a file that changed since this page was opened to what makes its address a new one.
 * @type {Map<string, string>} */
const versions = new Map();
/** Begins the versions of this page, and how many there were. The clock alone would repeat itself: two saves can fall
 * into one of its ticks, and the second would be answered from what the browser keeps of the first. */
const opened = Date.now().toString(36);
let renewals = 0;
/** Style sheets on their way, by their files. @type {Map<string | undefined, HTMLLinkElement>} */
const coming = new Map();

/** Renews what is loaded from these files; without them, everything. Says whether the page has to be loaded anew.
 * @type {(files: string[] | null) => boolean} */
export function renew(files) {
  const changed = files && new Set(files);
  /** @type {(file: string | undefined) => boolean} */
  const is = (file) => file !== undefined && (!changed || changed.has(file));
  if (changed && [...running()].some((file) => changed.has(file))) return true;
  const version = `${opened}-${++renewals}`;
  for (const element of document.querySelectorAll(MEDIA)) {
    for (const file of filesOf(element)) if (is(file)) versions.set(file, version);
  }
  for (const file of files ?? []) if (versions.has(file)) versions.set(file, version);
  freshen();
  for (const link of [.../** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll("link[rel~=stylesheet]"))]) {
    // One that is still on its way is not what the page looks like.
    if (coming.get(fileOf(link.href)) === link) continue;
    if (is(fileOf(link.href)) || (files && mentions(link.sheet, files))) swap(link, version);
  }
  return false;
}

/** Gives everything on the page that comes from a changed file its new address. */
export function freshen() {
  if (!versions.size) return;
  for (const element of document.querySelectorAll(MEDIA)) {
    for (const place of PLACES) {
      const value = element.getAttribute(place);
      if (!value) continue;
      const fresh = place === "srcset" ? value.replace(/(^|,\s*)(\S+)/g, (_, before, url) => before + anew(url)) : anew(value);
      if (fresh !== value) element.setAttribute(place, fresh);
    }
  }
}

/** An address that no cache knows, if what stands at it changed. @type {(url: string) => string} */
function anew(url) {
  const version = versions.get(fileOf(url) ?? "");
  if (!version) return url;
  const fresh = new URL(url, location.href);
  fresh.searchParams.set("longhouse", version);
  return fresh.pathname + fresh.search + fresh.hash;
}

/** @type {(element: Element) => string[]} */
function filesOf(element) {
  return PLACES.flatMap((place) => {
    const value = element.getAttribute(place);
    if (!value) return [];
    const urls = place === "srcset" ? [...value.matchAll(/(?:^|,\s*)(\S+)/g)].map((match) => match[1]) : [value];
    return urls.map(fileOf).filter((file) => file !== undefined);
  });
}

/** The scripts that run on this page, those that they loaded among them. */
function* running() {
  const scripts = [...document.scripts].map((script) => script.src);
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  for (const url of [...scripts, ...loaded]) {
    const file = fileOf(url);
    if (file && /\.m?js$/.test(file)) yield file;
  }
}

/** @type {(link: HTMLLinkElement, version: string) => void} */
function swap(link, version) {
  const file = fileOf(link.href);
  // The last one wins: what is still on its way is old already.
  coming.get(file)?.remove();
  const fresh = /** @type {HTMLLinkElement} */ (link.cloneNode());
  const url = new URL(link.href);
  url.searchParams.set("longhouse", version);
  fresh.href = url.pathname + url.search;
  replaceSent(link, fresh);
  coming.set(file, fresh);
  loaded(fresh).then(() => {
    if (coming.get(file) !== fresh) return;
    coming.delete(file);
    link.remove();
  });
  link.after(fresh);
}

/** Whether a style sheet names one of these files, such as a font or another sheet.
 * @type {(sheet: CSSStyleSheet | null, files: string[]) => boolean} */
function mentions(sheet, files) {
  const names = files.filter((file) => !/\.(html|json|xml|js|txt|bin)$/.test(file)).map((file) => file.split("/").pop() ?? file);
  if (!sheet || !names.length) return false;
  try {
    return [...sheet.cssRules].some((rule) => names.some((name) => rule.cssText.includes(name)));
  } catch {
    // A sheet from elsewhere keeps its rules to itself.
    return false;
  }
}
