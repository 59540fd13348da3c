// Tabs: what stands one below the other without a script is shown one at a time, chosen by its label. The same label is
// chosen in all tabs of a page, and again on the next pages of a visit.

const KEY = "longhouse-tabs";
let count = 0;

/** The labels that were chosen, the last one first. @returns {string[]} */
const chosen = () => {
  try { return JSON.parse(sessionStorage.getItem(KEY) ?? "[]"); } catch { return []; }
};

/** @type {(list: Element) => HTMLButtonElement[]} */
const buttons = (list) => /** @type {HTMLButtonElement[]} */ ([...list.children]);

/** Shows the tab of a button, and no other one beside it. @type {(button: HTMLButtonElement) => void} */
const show = (button) => {
  const list = /** @type {Element} */ (button.parentElement);
  const panels = [...(list.parentElement?.children ?? [])].filter((it) => it.matches(".tab"));
  for (const [index, other] of buttons(list).entries()) {
    const is = other === button;
    other.ariaSelected = String(is);
    other.tabIndex = is ? 0 : -1;
    // What a reader looks for in the page is found in the others, too.
    if (is) panels[index]?.removeAttribute("hidden");
    else panels[index]?.setAttribute("hidden", "until-found");
  }
};

/** Chooses a label everywhere; the button stays where it is. @type {(button: HTMLButtonElement) => void} */
const choose = (button) => {
  const { top } = button.getBoundingClientRect();
  const label = button.textContent ?? "";
  show(button);
  for (const list of document.querySelectorAll(".tablist")) {
    const same = buttons(list).find((it) => it.textContent === label);
    if (same && !list.contains(button)) show(same);
  }
  scrollBy({ top: button.getBoundingClientRect().top - top, behavior: "instant" });
  const labels = [label, ...chosen().filter((it) => it !== label)].slice(0, 20);
  try { sessionStorage.setItem(KEY, JSON.stringify(labels)); } catch { /* Nothing is remembered then. */ }
};

/** What is done to a page before it is seen. @type {(page: Document) => void} */
const prepare = (page) => {
  const labels = chosen();
  for (const tabs of page.querySelectorAll(".tabs")) {
    const panels = [...tabs.children].filter((it) => it.matches(".tab"));
    if (panels.length < 2 || tabs.querySelector(":scope > .tablist")) continue;
    const list = page.createElement("div");
    list.className = "tablist";
    list.setAttribute("role", "tablist");
    for (const panel of panels) {
      const title = panel.querySelector(":scope > .tab-title");
      const button = page.createElement("button");
      count += 1;
      button.type = "button";
      button.id = `tab-${count}`;
      button.textContent = title?.textContent ?? String(count);
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", `panel-${count}`);
      panel.id = `panel-${count}`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
      title?.setAttribute("hidden", "");
      list.append(button);
    }
    tabs.prepend(list);
    const first = labels.map((label) => buttons(list).find((it) => it.textContent === label)).find(Boolean);
    const button = first ?? buttons(list)[0];
    if (button) show(button);
  }
};
prepare(document);
document.addEventListener("longhouse:before-update", ({ detail }) => prepare(detail.document));

/** The button of the tab in which something stands. @type {(node: unknown) => HTMLButtonElement | null} */
const buttonOf = (node) => {
  const panel = node instanceof Element ? node.closest(".tab[hidden]") : null;
  return /** @type {HTMLButtonElement | null} */ (panel && document.getElementById(panel.getAttribute("aria-labelledby") ?? ""));
};

addEventListener("click", ({ target }) => {
  const button = target instanceof Element && target.closest(".tablist > button");
  if (button) choose(/** @type {HTMLButtonElement} */ (button));
});
addEventListener("keydown", (event) => {
  const button = event.target instanceof Element && event.target.closest(".tablist > button");
  const list = button && button.parentElement;
  if (!button || !list) return;
  const all = buttons(list);
  const at = all.indexOf(/** @type {HTMLButtonElement} */ (button));
  const forward = getComputedStyle(list).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const step = { Home: -at, End: all.length - 1 - at, ArrowLeft: -1, ArrowRight: 1, [forward]: 1 }[event.key];
  if (step === undefined) return;
  const turned = forward === "ArrowLeft" && event.key === "ArrowRight" ? -1 : step;
  const next = all[(at + turned + all.length) % all.length];
  event.preventDefault();
  if (next) { choose(next); next.focus(); }
});
addEventListener("beforematch", ({ target }) => {
  const button = buttonOf(target);
  if (button) show(button);
});

// A link to a place in a tab that is not shown shows it.
const arrive = () => {
  let name = location.hash.slice(1);
  try { name = decodeURIComponent(name); } catch { /* It is no id then. */ }
  const place = name ? document.getElementById(name) : null;
  for (let button = buttonOf(place); button; button = buttonOf(place)) show(button);
  place?.scrollIntoView();
};
if (location.hash) arrive();
addEventListener("hashchange", arrive);
