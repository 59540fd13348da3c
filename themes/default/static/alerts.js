// Alerts on every page, for readers whom they concern: those for everybody, and those for a place or a product that the
// reader chose in this browser. Pages load it only while something is urgent.

/** @typedef {{ id: string, name: string }} Named */
/** @typedef {{ url: string, title: string, places: Named[], products: Named[], starts: string | null, expires: string | null,
 *   until: string | null }} Alert */

const KEY = "longhouse:concerns";

/** What the reader chose. A browser that keeps nothing shows what concerns everybody. @returns {string[]} */
const chosen = () => {
  try { return JSON.parse(localStorage.getItem(KEY) ?? "[]").map(String); } catch { return []; }
};

/** Places and products of an alert, by names that cannot be mistaken for each other.
 * @type {(alert: Alert) => Map<string, string>} */
const concerns = ({ places, products }) => new Map([
  ...places.map(({ id, name }) => /** @type {const} */ ([`place:${id}`, name])),
  ...products.map(({ id, name }) => /** @type {const} */ ([`product:${id}`, name])),
]);

/** @type {(name: string, props?: Record<string, string>, ...inside: (Node | string)[]) => HTMLElement} */
const element = (name, props = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(props)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

/** The line on an alert where a reader says whom they want to hear of.
 * @type {(alert: Alert) => HTMLElement[]} */
const choice = (alert) => {
  const all = concerns(alert);
  if (!all.size) return [];
  const buttons = [...all].map(([key, name]) => {
    const button = element("button", { type: "button", "data-concern": key }, name);
    button.setAttribute("aria-pressed", String(chosen().includes(key)));
    return button;
  });
  return [element("span", { class: "choice" }, element("span", {}, words.here), ...buttons)];
};

/** @type {Alert[]} */
let alerts = [];

/** The path of an address, by which a banner on the home page knows its alert. @type {(url: string) => string} */
const path = (url) => new URL(url, location.href).pathname;

/** Shows on a page what concerns the reader now. @type {(page: Document) => void} */
const show = (page) => {
  const mine = new Set(chosen());
  const now = Date.now();
  const current = alerts.filter(({ expires }) => !expires || now < Date.parse(expires));
  const isMine = (/** @type {Alert} */ alert) => {
    const all = concerns(alert);
    const concerned = !all.size || [...all.keys()].some((key) => mine.has(key));
    return concerned && (!alert.starts || Date.parse(alert.starts) <= now);
  };
  page.querySelector("aside.alerts")?.remove();
  // The home page names every alert itself; there the line is added on which one chooses.
  /** @type {HTMLElement[]} */
  const banners = [...page.querySelectorAll("[data-alert]")];
  for (const banner of banners) {
    const link = banner.querySelector("a");
    const alert = current.find(({ url }) => link && path(url) === path(link.href));
    banner.querySelector(".choice")?.remove();
    if (alert) banner.append(...choice(alert));
  }
  const here = path(location.href);
  const shown = current.filter((alert) => isMine(alert) && path(alert.url) !== here);
  if (banners.length || !shown.length) return;
  const lines = shown.map((alert) => element(
    "p", { class: "banner urgent" },
    element("strong", { class: "state urgent" }, words.urgent), " ",
    element("a", { href: new URL(alert.url).pathname }, alert.title), " ",
    element("span", { class: "count" }, alert.until ?? ""), ...choice(alert),
  ));
  const aside = element("aside", { class: "alerts", "aria-label": words.alerts }, ...lines);
  page.querySelector("main")?.before(aside);
};

/** Shows it again at the next moment at which an alert begins or ends. */
const wait = () => {
  const now = Date.now();
  const moments = alerts.flatMap(({ starts, expires }) => [starts, expires]).map((it) => Date.parse(it ?? ""));
  const next = Math.min(...moments.filter((moment) => moment > now));
  if (next - now < 0x7fffffff) setTimeout(() => { show(document); wait(); }, next - now);
};

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element && target.closest("[data-concern]");
  const key = button && button.getAttribute("data-concern");
  if (!key) return;
  const mine = chosen();
  const next = mine.includes(key) ? mine.filter((it) => it !== key) : [...mine, key];
  try { localStorage.setItem(KEY, JSON.stringify(next)); } catch { return; }
  show(document);
  /** @type {HTMLElement | null} */ (document.querySelector(`[data-concern="${CSS.escape(key)}"]`))?.focus();
});

const load = async () => {
  try {
    const answer = await fetch(alertsAt, { cache: "no-cache" });
    if (!answer.ok) return;
    alerts = (await answer.json()).alerts;
  } catch {
    return;
  }
  show(document);
  wait();
};
load();
// A tab that was left open for days comes back with what is true now.
addEventListener("pageshow", (event) => { if (event.persisted) load(); });
document.addEventListener("longhouse:before-update", ({ detail }) => show(detail.document));
