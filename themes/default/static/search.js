// The list of hits below a search box, and the page of all hits. Texts become text, never HTML. Published with a first
// line of its own: `const { words, places, facets } = {…};`, facets being `[{ name, label, values }]`.

import { fileName, make, resting, speaker } from "./dom.js";

const say = speaker(words);
const LIST = 6;
const FIRST = 10;
const MOST = 100;
// A question is asked when the keys rest for so many milliseconds.
const REST = 40;
const SOON = 200;
// Hosts refuse addresses that are much longer, in bytes.
const LONGEST = 6000;

// A host that has not sent the manifest after so many milliseconds is left to the worker.
const PATIENCE = 5000;

/** @type {Pick<Worker, "postMessage"> & Partial<Worker> | null} */
let worker = null;
/** @type {Promise<unknown>} */
let opened = Promise.resolve();
// What values of facets that come from content are called: the manifest says it, by facet and value.
/** @type {Record<string, Record<string, string>>} */
let named = {};
// How often it could not be had: what a cache may still say of it is not asked again.
let failures = 0;
let last = 0;
/** @type {Map<number, (answer: Answer) => void>} */
const waiting = new Map();

/** Starts the engine, once. */
function begin() {
  if (worker) return;
  /** @type {Worker} */
  let begun;
  try {
    begun = new Worker(failures ? `${places.worker}?${failures}` : places.worker);
  } catch {
    worker = { postMessage: (/** @type {Answer} */ { id }) => id && settle({ id, error: "unavailable" }) };
    return;
  }
  worker = begun;
  worker.onmessage = ({ data }) => settle(data);
  worker.onerror = (/** @type {Event} */ event) => {
    event.preventDefault();
    worker = null;
    failures++;
    for (const id of [...waiting.keys()]) settle({ id, error: "unavailable" });
  };
  // The worker is on its way meanwhile.
  const manifest = fetch(places.index, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) }).then((response) => (response.ok ? response.json() : undefined));
  opened = manifest.catch(() => undefined).then((manifest) => {
    named = manifest?.values ?? {};
    worker?.postMessage({ engine: places.engine, index: places.index, manifest });
  });
}

/** Asks the next question of the index as it is now. Only in a preview is that ever another one. */
function renew() {
  if (!worker) return;
  worker.terminate?.();
  worker = null;
  for (const id of [...waiting.keys()]) settle({ id, error: "dropped" });
  begin();
}

/** @type {(answer: Answer) => void} */
function settle(answer) {
  const id = answer.id ?? 0;
  waiting.get(id)?.(answer);
  waiting.delete(id);
}

/** The answer to a question: hits, or what went wrong. @type {(question: SearchQuestion) => Promise<Answer>} */
function ask(question) {
  begin();
  return new Promise((resolve) => {
    const id = ++last;
    waiting.set(id, resolve);
    // Signs as input methods for Chinese and Japanese write them mean the usual ones.
    const query = question.query?.replace(/[！-～]/g, (sign) => sign.normalize("NFKC"));
    opened.then(() => worker?.postMessage({ ...question, query, id }));
  });
}

/** A text with the words of the question marked. Marks count characters, not halves of them.
 * @type {(hit: Hit) => (string | Node)[]} */
function marked({ snippet, marks }) {
  const characters = [...snippet];
  /** @type {(from: number, to?: number) => string} */
  const part = (from, to) => characters.slice(from, to).join("");
  /** @type {(string | Node)[]} */
  const pieces = [];
  let at = 0;
  for (const [from, to] of marks) {
    pieces.push(part(at, from), make("mark", {}, part(from, to)));
    at = to;
  }
  return [...pieces, part(at)].filter((piece) => piece !== "");
}

/** What a hit is and who wrote it. @type {(hit: Hit) => HTMLElement} */
function facts(hit) {
  const kind = say(`kind_${hit.kind.replace("-", "_")}`);
  return make("span", { class: "facts" }, ...[kind, hit.by].filter(Boolean).map((fact) => make("span", {}, fact)));
}

/** Where a search leads: the address of the page of all hits. A question too long for an address is cut.
 * @type {(query: string, chosen?: Chosen) => string} */
function address(query, chosen = {}) {
  for (let said = query; ; said = [...said].slice(0, -Math.ceil(said.length / 8)).join("")) {
    const parameters = new URLSearchParams({ q: said });
    for (const [field, value] of Object.entries(chosen)) if (value) parameters.set(field, value);
    const url = `${places.page}?${parameters}`;
    if (url.length <= LONGEST || !said) return url;
  }
}

/** Where a question can be asked, with the words that found nothing carried along.
 * @type {(query: string) => string | null} */
function askUrl(query) {
  if (!places.ask) return null;
  const words = [...query.trim().replace(/\s+/g, " ")];
  for (const length of [200, 80, 30]) {
    const title = words.slice(0, length).join("").trim();
    const name = fileName(title);
    const url = new URL(name ? places.ask.replaceAll(encodeURIComponent(places.question), encodeURIComponent(name)) : places.ask, location.href);
    for (const [name, value] of [...url.searchParams]) {
      if (title) url.searchParams.set(name, value.replace(/^# [^\n]*/m, () => `# ${title}`));
    }
    url.search = url.search.replaceAll("+", "%20");
    if (url.href.length <= LONGEST) return url.href;
  }
  return places.ask;
}

/** Where it can be asked without an account, if the site has such a page. @type {(query: string) => string | null} */
function writeUrl(query) {
  if (!places.write) return null;
  const title = [...query.trim().replace(/\s+/g, " ")].slice(0, 200).join("");
  return `${places.write}?${new URLSearchParams({ kind: "question", title })}`;
}

/** Where a question is asked that the site does not answer: the editor of the host, or the page that needs no account.
 * @type {(query: string) => { url: string, write: string | null } | null} */
function door(query) {
  const write = writeUrl(query);
  const url = askUrl(query) ?? write;
  return url ? { url, write: url === write ? null : write } : null;
}

/** A question with other spellings: first with the best one of every word, then with one at a time.
 * @type {(query: string, suggestions: Suggestion[]) => string[]} */
function corrections(query, suggestions) {
  /** @type {(text: string, suggestion: Suggestion) => string} */
  const replace = (text, { from, to }) => text.replace(new RegExp(from.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "iu"), () => to);
  const best = suggestions.filter(({ from }, number) => suggestions.findIndex((other) => other.from === from) === number);
  const all = [best.reduce(replace, query), ...suggestions.map((suggestion) => replace(query, suggestion))];
  const found = [...new Set(all)].filter((corrected) => corrected !== query).slice(0, 4);
  return found.length ? found : best.map(({ to }) => to);
}

/** How a query was read, and what asks otherwise.
 * @type {(query: string, answer: Answer) => { said: string, without?: string }[]} */
function readings(query, { excluded = [], loosened = [] }) {
  const without = excluded.reduce((text, typed) => text.replace(typed, () => typed.slice(1)), query);
  const words = excluded.map((typed) => typed.slice(1)).join(", ");
  const left = excluded.length ? [{ said: say("search_left_out", { words }), without }] : [];
  return [...left, ...loosened.map((phrase) => ({ said: say("search_no_phrase", { phrase }) }))];
}

/** A box with a list of the best hits below it: an ARIA combobox. @type {(form: HTMLFormElement) => undefined} */
function combobox(form) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  const list = make("div", { class: "found", role: "listbox", id: "found", "aria-label": say("search_hits"), hidden: true });
  const status = make("p", { class: "hidden", role: "status" });
  const note = make("p", { class: "found count", "aria-hidden": "true", hidden: true });
  form.append(list, note, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "found", "aria-expanded": "false" })) {
    input.setAttribute(name, value);
  }
  let active = -1;
  // Which question is the newest: what others find is not shown any more.
  let turn = 0;
  // Who types on finds again what is shown, while it fits.
  /** @type {{ query: string, documents: number[] }} */
  let shown = { query: "", documents: [] };
  const options = () => [.../** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[role=option]"))];

  /** @type {(...children: Node[]) => void} */
  function show(...children) {
    list.replaceChildren(...children);
    list.hidden = children.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden && options().length > 0));
    choose(-1);
  }

  /** @type {(number: number) => void} */
  function choose(number) {
    const all = options();
    active = all.length ? (number + all.length + 1) % (all.length + 1) : -1;
    if (active === all.length) active = -1;
    all.forEach((option, index) => option.setAttribute("aria-selected", String(index === active)));
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", all[active].id);
      all[active].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    turn++;
    show();
    tell("");
  }

  /** Says something in place of hits, or nothing. @type {(text: string) => void} */
  function tell(text) {
    status.textContent = text;
    note.textContent = text;
    note.hidden = text === "";
  }

  async function search() {
    const query = input.value;
    if (document.activeElement !== input) return;
    if (!query.trim()) return close();
    const now = ++turn;
    const slow = setTimeout(() => {
      if (now !== turn) return;
      if (list.hidden) tell(say("search_waiting"));
      else status.textContent = say("search_waiting");
    }, SOON);
    const answer = await ask({ query, limit: LIST, shown: query.startsWith(shown.query) ? shown.documents : [] });
    clearTimeout(slow);
    if (answer.error === "dropped" || now !== turn) return;
    shown = { query, documents: answer.documents ?? [] };
    if (!answer.hits) {
      show();
      return tell(say("search_unavailable"));
    }
    tell("");
    const doubt = answer.doubtful ? say("search_doubt") : "";
    const asked = doubt && make("a", { role: "option", id: "found-ask", href: door(query)?.url ?? address(query), tabindex: "-1", "aria-selected": "false" },
      make("strong", {}, doubt), make("span", { class: "facts" }, door(query) ? say("search_ask") : say("search_closest")));
    // A minus can be taken back.
    const read = (answer.hits.length ? readings(query, answer) : []).map(({ said, without }, number) =>
      make("a", { role: "option", id: `found-read-${number}`, href: address(without ?? query), tabindex: "-1", "aria-selected": "false" },
        make("span", { class: "facts" }, make("span", {}, said), ...(without ? [make("span", {}, say("search_include"))] : []))));
    const rows = answer.hits.map((hit, number) =>
      make("a", { role: "option", id: `found-${number}`, href: hit.url, tabindex: "-1", "aria-selected": "false" },
        make("strong", {}, hit.title), make("span", { class: "excerpt" }, ...marked(hit)), facts(hit)));
    const more = make("a", { role: "option", id: "found-all", href: address(query), tabindex: "-1", "aria-selected": "false" },
      rows.length ? say("search_all", { query }) : say("search_nothing", { query }));
    show(...(asked ? [asked] : []), ...read, ...rows, more);
    status.textContent = rows.length ? `${doubt} ${say("search_count", { count: rows.length })}`.trim() : say("search_nothing", { query });
  }

  input.addEventListener("focus", begin);
  input.addEventListener("input", resting(search, REST));
  input.addEventListener("keydown", (event) => {
    // What is being composed has these keys for itself.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" && list.hidden && input.value.trim()) {
      search();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
      const up = active < 0 ? options().length - 1 : active - 1;
      choose(event.key === "ArrowDown" ? active + 1 : up);
    } else if (event.key === "Enter" && active >= 0) {
      options()[active].click();
    } else if (event.key === "Escape") {
      // Browsers would empty the box.
      close();
    } else {
      return;
    }
    event.preventDefault();
  });
  // A press on a hit must not take the focus away before it has led there.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  // It may lead to another place of the same page.
  list.addEventListener("click", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) close();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = input.value;
    close();
    location.assign(address(query));
  });
  input.addEventListener("blur", close);
}

/** The page of all hits. @type {(form: HTMLFormElement, page: HTMLElement) => () => Promise<void>} */
function searchPage(form, page) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  const help = /** @type {HTMLElement} */ (page.querySelector("[data-search-help]"));
  const status = make("p", { class: "count", role: "status" });
  const best = make("ol", { class: "rows" });
  const filters = make("div", { class: "filters", role: "group", "aria-label": say("search_filters") });
  const rest = make("ol", { class: "rows" });
  const more = make("button", { type: "button", class: "door second", hidden: true }, say("search_more"));
  const none = make("div", { hidden: true });
  const doubt = make("div", { class: "doubt", "data-search-doubtful": true, hidden: true });
  const reading = make("div", { "data-search-reading": true, role: "status", hidden: true });
  const results = make("div", { class: "results", "aria-busy": "false" }, best, filters, rest, more, none);
  /** @type {Chosen} */
  let chosen = {};
  let limit = FIRST;
  let turn = 0;
  page.prepend(status, reading, doubt, results);
  help.querySelector("[data-search-off]")?.remove();

  /** @type {(facet: Facet, value: string) => string} */
  const nameOf = ({ name, values }, value) => {
    for (const known of [values, named[name] ?? {}]) if (Object.hasOwn(known, value)) return known[value];
    if (name === "lang") {
      try {
        return new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(value) ?? value;
      } catch {
        // An address may name what is no language.
        return value;
      }
    }
    return value.replaceAll("-", " ");
  };

  /** @type {(hit: Hit) => Node[]} */
  const lines = (hit) => [make("a", { href: hit.url }, hit.title), make("p", { class: "excerpt" }, ...marked(hit))];
  /** @type {(hit: Hit) => Node} */
  const row = (hit) => make("li", { "data-search-result": true }, ...lines(hit), make("p", {}, facts(hit)));

  function clear() {
    for (const list of [best, rest, filters, doubt, reading]) list.replaceChildren();
    doubt.hidden = true;
    reading.hidden = true;
    more.hidden = true;
  }

  /** @type {(facet: Facet, counts: Count[]) => HTMLElement | null} */
  function group(facet, counts) {
    const field = facet.name;
    // Of how a question stands only one thing can be asked for.
    const values = counts.filter((count) => count.field === field && (field !== "is" || count.value === "answered"));
    const now = chosen[field];
    if (now && !values.some((count) => count.value === now)) values.unshift({ field, value: now, count: 0 });
    if (!now && values.length < (field === "is" ? 1 : 2)) return null;
    const items = values.slice(0, 12).map(({ value, count }) => {
      const button = make("button", { type: "button", "aria-pressed": String(value === now), "data-value": value }, nameOf(facet, value), " ", make("span", { class: "count" }, String(count)));
      button.addEventListener("click", async () => {
        chosen = { ...chosen, [field]: value === now ? undefined : value };
        limit = FIRST;
        await search();
        if (document.activeElement !== document.body) return;
        const again = [.../** @type {NodeListOf<HTMLElement>} */ (filters.querySelectorAll(`[data-field="${field}"] button`))];
        (again.find((other) => other.dataset.value === value) ?? again[0] ?? input).focus();
      });
      return make("li", {}, button);
    });
    return make("section", { "data-field": field }, make("h2", {}, facet.label), make("ul", {}, ...items));
  }

  /** @type {(query: string, suggestions: Suggestion[], now: number) => Promise<void>} */
  async function nothing(query, suggestions, now) {
    none.replaceChildren(make("p", { "data-search-empty": true }, say("search_nothing", { query })));
    none.hidden = false;
    if (suggestions.length) {
      const spelt = corrections(query, suggestions);
      const links = spelt.flatMap((corrected, number) =>
        [number ? ", " : "", make("a", { href: address(corrected) }, corrected)]);
      none.append(make("p", {}, `${say("search_meant")} `, ...links));
      for (const corrected of spelt) {
        const nearest = await ask({ query: corrected, limit: 3 });
        if (now !== turn) return;
        if (!nearest.hits?.length) continue;
        none.append(make("h2", {}, say("search_nearest")), make("ul", { class: "rows" }, ...nearest.hits.map((hit) => make("li", {}, ...lines(hit)))));
        break;
      }
    }
    none.append(...offer(query));
  }

  /** Offers to ask the question, with its words. @type {(query: string) => Node[]} */
  function offer(query) {
    const asking = door(query);
    if (!asking) return [];
    const first = make("a", { class: "door", href: asking.url, rel: "nofollow" }, say("search_ask"));
    const second = asking.write && make("p", { class: "needs" }, make("a", { href: `${asking.write}&account=no` }, say("no_account")));
    return [make("p", {}, first), ...(second ? [second] : [])];
  }

  async function search() {
    const query = input.value;
    const now = ++turn;
    const asked = query || Object.values(chosen).some(Boolean);
    history.replaceState({ limit }, "", asked ? address(query, chosen) : places.page);
    none.hidden = true;
    help.hidden = query.trim() !== "";
    if (!query.trim()) {
      clear();
      status.textContent = "";
      results.setAttribute("aria-busy", "false");
      return;
    }
    results.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => { if (now === turn) status.textContent = say("search_waiting"); }, SOON);
    const answer = await ask({ query, limit, counts: true, filters: chosen });
    clearTimeout(slow);
    if (answer.error === "dropped" || now !== turn) return;
    results.setAttribute("aria-busy", "false");
    if (!answer.hits) {
      clear();
      status.textContent = say("search_unavailable");
      help.hidden = false;
      return;
    }
    const { hits, counts = [] } = answer;
    best.replaceChildren(...hits.slice(0, 3).map(row));
    rest.replaceChildren(...hits.slice(3).map(row));
    rest.start = 4;
    filters.replaceChildren(...facets.map((facet) => group(facet, counts)).filter((it) => it !== null));
    more.hidden = hits.length < limit || limit >= MOST;
    const found = hits.length ? say(more.hidden ? "search_count" : "search_best", { count: hits.length }) : "";
    const doubts = answer.doubtful === true;
    status.className = doubts ? "lead" : "count";
    status.textContent = doubts ? `${say("search_doubt")} ${say("search_closest")}` : found;
    doubt.replaceChildren(...(doubts ? offer(query) : []));
    doubt.hidden = !doubt.firstChild;
    reading.replaceChildren(...readings(query, answer).map(({ said, without }) =>
      make("p", { class: "count" }, said, ...(without ? [" ", make("a", { href: address(without, chosen) }, say("search_include"))] : []))));
    reading.hidden = !reading.firstChild;
    if (!hits.length) await nothing(query, answer.suggestions ?? [], now);
  }

  function read() {
    const parameters = new URLSearchParams(location.search);
    input.value = parameters.get("q") ?? "";
    chosen = Object.fromEntries(facets.map(({ name }) => [name, parameters.get(name) || undefined]));
    limit = Math.min(Math.max(Number(history.state?.limit) || FIRST, FIRST), MOST);
    search();
  }

  more.addEventListener("click", async () => {
    const from = limit;
    limit = Math.min(limit + FIRST, MOST);
    await search();
    rest.children[from - 3]?.querySelector("a")?.focus();
  });
  const typed = resting(search, REST);
  input.addEventListener("focus", begin);
  input.addEventListener("input", () => {
    limit = FIRST;
    results.setAttribute("aria-busy", "true");
    typed();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  addEventListener("popstate", read);
  read();
  return search;
}

// The page on which people write asks as well, whether something like it is there already.
document.addEventListener("longhouse:ask", ({ detail }) => ask(detail.question).then(detail.answer));

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.search"));
if (form) {
  const page = /** @type {HTMLElement | null} */ (document.querySelector("[data-search-page]"));
  const again = page ? searchPage(form, page) : combobox(form);
  document.addEventListener("longhouse:updated", ({ detail: { files } }) => {
    if (files && !files.some((file) => places.index.endsWith(`/${file}`))) return;
    renew();
    again?.();
  });
  addEventListener("keydown", (event) => {
    const writing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    const asked = (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey)
      || (event.key?.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey);
    if (!asked) return;
    event.preventDefault();
    const input = form.querySelector("input");
    input?.focus();
    input?.select();
  });
}
