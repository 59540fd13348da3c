// What a page gains from a script; without one it lacks nothing that one reads.

// Hides what no longer matters on the day on which it is read: a page must not depend on when it was built.
const now = new Date();
/** @type {(number: number) => string} */
const pad = (number) => String(number).padStart(2, "0");
const today = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;

/** What is done to a page before it is seen: to this one, and in a preview to what it becomes.
 * @type {(page: Document) => void} */
const prepare = (page) => {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("[data-expires]"))) {
    element.hidden = String(element.dataset.expires) < today;
  }
  // A heading shows its link to those who point at it, or come by with the keyboard.
  for (const heading of page.querySelectorAll("main :is(h2, h3, h4, h5, h6)[id^=h-]")) {
    const link = page.createElement("a");
    link.className = "anchor";
    link.href = `#${heading.id}`;
    link.setAttribute("aria-label", `${page.body.dataset.link}: ${heading.textContent}`);
    heading.append(link);
  }
  // Where a list is filtered already, another filter is added to it: the search combines them.
  const chosen = [...page.querySelectorAll(".filters [aria-current][data-filter]")].map((link) => link.getAttribute("data-filter"));
  const search = page.querySelector("form.search")?.getAttribute("action");
  for (const link of chosen.length && search ? page.querySelectorAll(".filters [data-filter]:not([aria-current])") : []) {
    const kind = `kind:${link.closest(".filters")?.getAttribute("data-kind")}`;
    link.setAttribute("href", `${search}?${new URLSearchParams({ q: [kind, ...chosen, link.getAttribute("data-filter")].join(" ") })}`);
  }
  for (const block of page.querySelectorAll("pre")) {
    const frame = page.createElement("div");
    frame.className = "code";
    block.replaceWith(frame);
    frame.append(block);
    // Long lines wrap where somebody asks for it. Only a page from a safe origin may write to the clipboard.
    const isLong = page !== document || block.scrollWidth > block.clientWidth;
    for (const name of [...isLong ? ["wrap"] : [], ...navigator.clipboard ? ["copy"] : []]) {
      const button = page.createElement("button");
      button.type = "button";
      button.className = name;
      button.textContent = page.body.dataset[name] ?? "";
      frame.append(button);
    }
  }
};
prepare(document);
document.addEventListener("longhouse:before-update", ({ detail }) => prepare(detail.document));

addEventListener("click", async ({ target }) => {
  const button = target instanceof Element && target.closest(".code > button");
  if (!button) return;
  const block = button.parentElement?.querySelector("pre");
  if (button.className === "wrap") {
    button.setAttribute("aria-pressed", String(block?.classList.toggle("wrapped")));
    return;
  }
  const { copy = "", copied = "" } = document.body.dataset;
  await navigator.clipboard.writeText(block?.textContent ?? "");
  button.textContent = copied;
  setTimeout(() => { button.textContent = copy; }, 2000);
});

// The table of contents marks the heading that one reads under.
const follow = () => {
  const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".contents a"));
  const isAbove = (/** @type {HTMLAnchorElement} */ { hash }) => {
    const heading = document.getElementById(decoded(hash.slice(1)));
    return heading && heading.getBoundingClientRect().top < innerHeight / 4;
  };
  const here = [...links].filter(isAbove).pop();
  for (const link of links) {
    if (link === here) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
};
addEventListener("scroll", follow, { passive: true });

// What turns tabs into tabs is loaded where there are any.
const { tabs, alerts, alertsFor } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
if (tabs && document.querySelector(".tabs")) import(tabs);
// And what shows alerts where there is one for everybody or on this page, or the reader chose whose to see.
const hasChosen = () => { try { return localStorage.getItem("longhouse:concerns"); } catch { return null; } };
if (alerts && (alertsFor || document.querySelector("[data-alert], [data-expires*=T]") || hasChosen())) import(alerts);

// A menu that was opened closes again when somebody goes on elsewhere.
/** @type {(event: Event) => void} */
const close = ({ target }) => {
  for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.more[open]"))) {
    if (!menu.contains(/** @type {Node} */ (target))) menu.open = false;
  }
};
addEventListener("click", close);
addEventListener("focusin", close);
addEventListener("keydown", ({ key }) => {
  const menu = /** @type {HTMLDetailsElement | null | undefined} */ (document.activeElement?.closest("details.more[open]"));
  if (menu && key === "Escape") { menu.open = false; menu.querySelector("summary")?.focus(); }
});

/** A text from an address, decoded if it can be. @type {(text: string) => string} */
const decoded = (text) => {
  try { return decodeURIComponent(text); } catch { return text; }
};

/** An id without what differs from host to host: the marks of emoji, hyphens at the ends, capitals.
 * @type {(id: string) => string} */
const loose = (id) => id.normalize("NFC").replace(/[\ufe00-\ufe0f\u20e3\u200d]/g, "").replace(/^-+|-+$/g, "").toLowerCase();

/**
 * What a fragment means that is no id of this page: one without the prefix that ids here have, one that another
 * host made of the same heading, or one of an answer that moved here with its question.
 * @type {(name: string) => Element | null | undefined}
 */
const meant = (name) => {
  /** @type {Map<string, Element>} */
  const ids = new Map();
  /** @type {string[]} */
  const prefixes = [];
  for (const element of document.querySelectorAll("[id]")) {
    const [, kind, rest] = /^(h|answer|comment|asked)-(.+)$/.exec(element.id) ?? [];
    if (!kind) continue;
    const id = loose(kind === "h" ? rest : element.id);
    if (!ids.has(id)) ids.set(id, element);
    if (kind !== "h") prefixes.push(loose(rest));
  }
  /** @type {(id: string) => Element | undefined} */
  const find = (id) => ids.get(id) ?? prefixes.map((prefix) => ids.get(`${prefix}-${id}`)).find(Boolean);
  if (name === "top") return null;
  let id = loose(name.replace(/^(user-content|h)-/, ""));
  let found = find(id);
  // What stands before a hyphen may be a prefix that is none any more.
  while (!found && name.startsWith("h-") && id.includes("-")) {
    id = id.slice(id.indexOf("-") + 1);
    found = find(id);
  }
  return found;
};

/** What a fragment of a question meant that was merged into this one: a reader who comes from its address is led on.
 * @type {(name: string) => Element | null | undefined} */
const merged = (name) => {
  const from = document.referrer && new URL(document.referrer);
  const slug = from && from.origin === location.origin && decoded(from.pathname).replace(/^.*\/([^/]+)\/?$/, "$1");
  if (!slug || !document.getElementById(`asked-${slug}`)) return null;
  return [`${name}-${slug}`, `h-${slug}-${name.replace(/^h-/, "")}`].map((id) => document.getElementById(id)).find(Boolean);
};

// A link to an answer or a question that is folded opens what it leads to, and an old fragment finds its place.
/** @type {(first: boolean) => void} */
const arrive = (first) => {
  const name = decoded(location.hash.slice(1));
  if (!name) return;
  const there = document.getElementById(name);
  const target = (first && merged(name)) || there || meant(name);
  // The browser moves there itself, and the address becomes one that lasts.
  if (target && target !== there) { location.replace(`#${encodeURIComponent(target.id)}`); return; }
  const folded = target && target.closest("details");
  if (folded) folded.open = true;
};
arrive(true);
follow();
addEventListener("hashchange", () => arrive(false));

// Paper shows what is folded. Where the style sheet cannot open it, it is opened while the page is printed.
if (!CSS.supports("selector(::details-content)")) {
  /** @type {NodeListOf<HTMLDetailsElement> | HTMLDetailsElement[]} */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = document.querySelectorAll("details:not(.more, [open])");
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
}
