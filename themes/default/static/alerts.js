// Alerts on every page, for readers whom they concern: those for everybody, and those for a place or a product that the
// reader chose in this browser. site.js loads it only while something is urgent that may concern this reader.

const KEY = "longhouse:concerns";
const said = /** @type {Record<string, string>} */ (words);

/** What the reader chose. A browser that keeps nothing shows what concerns everybody. @returns {string[]} */
const chosen = () => {
  try { return JSON.parse(localStorage.getItem(KEY) ?? "[]"); } catch { return []; }
};

/** Places and products of an alert, by names that cannot be mistaken for each other.
 * @type {(alert: Alert) => Map<string, string>} */
const concerns = ({ places, products }) => new Map(
  [["place", places], ["product", products]].flatMap(([what, all]) =>
    /** @type {Alert["places"]} */ (all).map(({ id, name }) => /** @type {const} */ ([`${what}:${id}`, name]))),
);

/** @type {(name: string, attributes: Record<string, string>, ...inside: (Node | string)[]) => HTMLElement} */
const element = (name, attributes, ...inside) => {
  const made = document.createElement(name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  made.append(...inside);
  return made;
};

/** The line on an alert where a reader says for whom they want to see alerts. @type {(alert: Alert) => HTMLElement[]} */
const choice = (alert) => {
  const mine = chosen();
  const buttons = [...concerns(alert)].map(([key, name]) =>
    element("button", { type: "button", "data-concern": key, "aria-pressed": String(mine.includes(key)) }, name));
  return buttons.length ? [element("span", { class: "choice" }, said.here, ...buttons)] : [];
};

/** @type {Alert[]} */
let alerts = [];

/** The alerts by their paths, so that a host of another name shows them, too. @type {(url: string) => string} */
const path = (url) => new URL(url, location.href).pathname;

/** Shows on a page what concerns the reader now. @type {(page: Document) => void} */
const show = (page) => {
  const now = Date.now();
  const mine = chosen();
  page.querySelector("aside.alerts")?.remove();
  /** @type {NodeListOf<HTMLElement>} */
  const dated = page.querySelectorAll("[data-expires*=T]");
  for (const it of dated) it.hidden = Date.parse(it.dataset.expires ?? "") <= now;
  const lines = [];
  for (const alert of alerts) {
    if (Date.parse(alert.expires ?? "") <= now) continue;
    // The home page and the page of the alert name it themselves: there only the choice is added.
    const named = [...page.querySelectorAll("[data-alert]")].find((it) => path(it.getAttribute("data-alert") ?? "") === path(alert.url));
    named?.querySelector(".choice")?.remove();
    named?.append(...choice(alert));
    const all = [...concerns(alert).keys()];
    const isMine = !all.length || all.some((key) => mine.includes(key));
    if (named || !isMine || Date.parse(alert.starts ?? "") > now) continue;
    lines.push(element(
      "p", { class: "banner urgent" }, element("strong", { class: "state urgent" }, said.urgent), " ",
      element("a", { href: path(alert.url) }, alert.title), " ", element("span", { class: "count" }, alert.until ?? ""), ...choice(alert),
    ));
  }
  if (lines.length) page.querySelector("main")?.before(element("aside", { class: "alerts", "aria-label": said.alerts }, ...lines));
};

/** Shows it again at the next moment at which an alert begins or ends. */
const wait = () => {
  const moments = alerts.flatMap(({ starts, expires }) => [starts, expires]).map((it) => Date.parse(it ?? "") - Date.now());
  const next = Math.min(...moments.filter((left) => left > 0));
  // A browser counts no longer than this.
  if (next < 2 ** 31) setTimeout(() => { show(document); wait(); }, next);
};

document.addEventListener("click", ({ target }) => {
  const key = target instanceof Element && target.closest("[data-concern]")?.getAttribute("data-concern");
  if (!key) return;
  const mine = chosen();
  const rest = mine.filter((it) => it !== key);
  try { localStorage.setItem(KEY, JSON.stringify(rest.length < mine.length ? rest : [...mine, key])); } catch { return; }
  show(document);
  /** @type {HTMLElement | null} */ (document.querySelector(`[data-concern="${CSS.escape(key)}"]`))?.focus();
});
document.addEventListener("longhouse:before-update", ({ detail }) => show(detail.document));

fetch(alertsAt, { cache: "no-cache" }).then((answer) => answer.json()).then((answer) => {
  alerts = answer.alerts;
  show(document);
  wait();
}, () => {});
