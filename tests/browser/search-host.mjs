// What the tests and the benchmark of the search share: a plain host, a browser, and questions.

import { createServer } from "node:http";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join, resolve, sep } from "node:path";
import { chromium } from "playwright-core";

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml" };

/** Serves a folder as a host that compresses nothing; `/empty` is a page with nothing in it. `host.delay` is how many
 * milliseconds each response waits, `host.alter(path)` may give `{ status, bytes, hang }` instead of a file, and
 * `host.seen` are the paths with the bytes that were sent. With `base`, such as `/some/where`, the folder stands below it. */
export async function serve(folder, headers = {}, base = "") {
  const root = resolve(folder);
  /** @type {Host} */
  const host = { delay: 0, alter: () => undefined, seen: [], headers };
  const server = createServer(async (request, response) => {
    const whole = decodeURIComponent(new URL(request.url, "http://host").pathname);
    const path = base && whole.startsWith(`${base}/`) ? whole.slice(base.length) : whole;
    if (host.delay) await new Promise((ready) => setTimeout(ready, host.delay));
    if (path === "/empty") return response.writeHead(200, { "content-type": TYPES[".html"] }).end("<!doctype html><title>-</title>");
    const other = host.alter(path);
    if (other?.hang) return;
    const file = resolve(join(root, path.endsWith("/") ? `${path}index.html` : path));
    let bytes = other?.bytes;
    let status = other?.status ?? 200;
    try {
      bytes ??= file.startsWith(root + sep) ? readFileSync(file) : Buffer.alloc(0);
    } catch {
      status = 404;
      bytes = Buffer.from("<!doctype html><title>Not found</title>");
    }
    host.seen.push({ path, bytes: bytes.length });
    const lasting = /\/[0-9a-f]{16}\/|\.[0-9a-f]{12}\./.test(path) ? "max-age=31536000, immutable" : "no-cache";
    response.writeHead(status, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "cache-control": lasting, ...host.headers }).end(bytes);
  }).listen(0, "127.0.0.1");
  await new Promise((ready) => server.once("listening", ready));
  host.origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
  host.close = () => { server.closeAllConnections(); server.close(); };
  const assets = readdirSync(join(root, "assets"));
  const asset = (pattern) => `/assets/${assets.find((name) => pattern.test(name))}`;
  host.worker = asset(/^search-worker\..*js$/);
  host.engine = asset(/^search-engine\..*gz$/);
  return host;
}

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
}

/** A page with a worker in `window.search`: `ask(question)` gives its answer, `begin()` makes a new worker. */
export async function openSearch(browser, host, begin = true) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${host.origin}/empty`);
  await page.evaluate(({ worker, engine, begin }) => {
    /** @type {any} What a test asks is made here, and found by its name. */
    const search = window.search = { next: 1, waiting: new Map(), opened: [] };
    search.begin = () => {
      search.worker = new Worker(worker);
      search.worker.onmessage = ({ data }) => {
        if (data.id === undefined) return search.opened.push(data);
        search.waiting.get(data.id)?.(data);
        search.waiting.delete(data.id);
      };
      // The manifest is read while the worker is on its way, as the page does it.
      const index = "/search/index.json";
      const open = (manifest) => search.worker.postMessage({ engine, index, manifest });
      search.ready = fetch(index, { cache: "no-cache" })
        .then((response) => (response.ok ? response.json() : undefined)).then(open, () => open());
    };
    search.ask = (question) => new Promise((ready) => {
      const id = search.next++;
      search.waiting.set(id, ready);
      search.ready.then(() => search.worker.postMessage({ id, ...question }));
    });
    if (begin) search.begin();
  }, { worker: host.worker, engine: host.engine, begin });
  return page;
}

/** Runs the program, and stops everything if it fails. */
export function run(program, args, input) {
  const done = spawnSync(program, args, { input, encoding: "utf8", maxBuffer: 1 << 30 });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.error ?? done.stderr}`);
  return done.stdout;
}

export function scratch() {
  return mkdtempSync(join(tmpdir(), "longhouse-search-"));
}

/** The titles of a site's entries, in the order of their paths. */
export function titles(root) {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.name.endsWith(".md")) {
        const title = /^(?:# |title: )"?(.+?)"?\s*$/m.exec(readFileSync(path, "utf8").slice(0, 2000));
        if (title) found.push(title[1]);
      }
    }
  };
  walk(join(root, "content"));
  return found;
}

/** A site of so many entries with words that follow Zipf's law, some of them odd ones. */
export function makeSite(root, count) {
  let seed = 7;
  const random = (below) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * below); };
  const syllables = "ba ce di fo gu la me ni po ru sta tri ver zon kel mun shi qua pro ent".split(" ");
  const vocabulary = Array.from({ length: 3000 }, () => Array.from({ length: 2 + random(3) }, () => syllables[random(20)]).join(""));
  const odd = ["C++", "C#", ".NET", "node.js", "snake_case", "café", "naïve", "Straße", "東京都", "図書館", "한국어", "v4.2.1", "don't", "API", "日本語の検索"];
  const word = () => (random(25) === 0 ? odd[random(odd.length)] : vocabulary[Math.floor(vocabulary.length ** (random(1000) / 1000)) - 1]);
  const words = (length) => Array.from({ length }, word).join(" ");
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "longhouse.yaml"), "title: A made site\nbase_url: https://made.example/\n");
  for (let number = 0; number < count; number++) {
    const kind = ["questions", "how-tos", "questions", "stories"][random(3)];
    const path = join(root, "content", kind, `entry-${number}.md`);
    mkdirSync(dirname(path), { recursive: true });
    const answer = kind === "questions" && random(3) > 0 ? `\n## Answer\n\n${words(20 + random(80))}.\n` : "";
    writeFileSync(path, `---\ntags: [${vocabulary[random(12)]}, ${vocabulary[random(60)]}]\n---\n# How to ${words(3 + random(5))}\n\n${words(30 + random(150))}.\n\n${words(20)}.\n${answer}`);
  }
}

/** Questions of every sort, made from titles. */
export function questions(titles, count) {
  const all = [];
  for (let number = 0; all.length < count && number < 20 * count; number++) {
    const title = titles[(number * 37) % titles.length];
    const words = title.split(/\s+/).filter((word) => word.length > 3);
    const [first = "words", second = "other", third = "more"] = words.slice(number % 2);
    all.push([
      () => title,
      () => `${first} ${second}`,
      () => `how can I ${second} ${first} with ${third}?`,
      () => `"${first} ${second}"`,
      () => `${first} -${second}`,
      () => first.slice(0, 3 + (number % 4)),
      () => `${misspell(first)} `,
      () => `${misspell(first)} ${second} ${misspell(third)}`,
      () => `title:${first} ${second}`,
      () => `kind:question ${first}`,
      () => `${first.toUpperCase()}!? (${second})`,
      () => `${second} is:answered`,
    ][number % 12]());
  }
  return all;
}

/** Two letters of a word change places. */
export function misspell(word) {
  const letters = [...word];
  const at = Math.max(1, letters.length - 3);
  [letters[at], letters[at + 1]] = [letters[at + 1] ?? "", letters[at]];
  return letters.join("");
}
