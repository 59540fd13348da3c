// Searches in a browser, and makes sure that it finds what the terminal finds, that nothing is fetched too early, and
// that whatever a host does ends with an answer.
//
//   cargo build && node tests/browser/search.mjs target/debug/longhouse
//
// The sites are the example site and one that is made for it. It ends with 1 if there was anything to say.

import { readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { launch, makeSite, openSearch, questions, run, scratch, serve, titles } from "./search-host.mjs";

const program = process.argv[2];
if (!program) {
  console.error("usage: node search.mjs LONGHOUSE");
  process.exit(2);
}

// Whatever else somebody may type.
const ODD = ["", " ", "\"", "\"\"", "-", "--force", "- -", "-\"", "???", "AND", "a AND (b OR c)", "titl:x", "title:", "tag:",
  "tag:\"data engineering\"", ":", "::", "is:", "is:what", "is:answered", "kind:story", "kinds:question", "+", "*", "pass*",
  "password~1", "[a TO b]", "{", "\\", "\u0000", "\ufeff", "\u202ex", "\u0301", "#", "C++", "c++ template", "C#", ".NET",
  "node.js", "Node JS", "nodejs", "snake_case", "snake case", "v4.2.1", "4.2.1", "don't", "dont", "don’t", "cafe", "CAFÉ",
  "cafe\u0301", "naive", "Strasse", "東京", "京都", "図書", "館", "東京都の図書館", "한국", "한국어", "日本", "検索", "\"図書館\"",
  "-東京 図書館", "👍🏽", "١٢٣", "नमस्ते", "สวัสดี", "İ", "ß", "<script>alert(1)</script>", "../../etc/passwd", "how do I", "the",
  "to be or not to be", "x".repeat(10_000), "password reset ".repeat(700), "東".repeat(3_000), "\"a\" ".repeat(2_500), "aB".repeat(5_000)];
const TYPED = "resetting my password";

let problems = 0;
const say = (what) => { problems++; console.log(what); };
const here = dirname(fileURLToPath(import.meta.url));
const work = scratch();
const made = join(work, "made");
makeSite(made, 700);
const browser = await launch();
try {
  let asked = 0;
  for (const root of [join(here, "../../example-site"), made]) asked += await sameHits(root);
  await hosts();
  console.log(`${asked} questions, ${problems} problems`);
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}
process.exit(problems ? 1 : 0);

/** Asks the terminal and the browser the same, and compares every field of every hit. */
async function sameHits(root) {
  const site = join(work, `public-${root === made}`);
  run(program, ["build", "--root", root, "--output", site]);
  // One question a line; those with a line end of their own are asked as they are here.
  const all = [...questions(titles(root), 240), ...ODD].map((query) => query.replace(/[\r\n]/g, " "));
  for (let length = 1; length <= TYPED.length; length++) all.push(TYPED.slice(0, length));
  const native = run(program, ["search", "--root", root, "--output", site, "--json", "-"], `${all.join("\n")}\n`).trimEnd().split("\n");
  const host = await serve(site);
  const page = await openSearch(browser, host, false);
  await page.waitForTimeout(200);
  const early = host.seen.find(({ path }) => path !== "/favicon.ico");
  if (early) say(`fetched before anybody searched: ${early.path}`);
  await page.evaluate(() => window.search.begin());
  let found = 0;
  for (const [number, query] of all.entries()) {
    const answer = await page.evaluate((question) => window.search.ask(question), { query, limit: 10, counts: number % 3 === 0 });
    const shown = JSON.stringify(query.slice(0, 60));
    if (answer.error) say(`${shown}: ${answer.error} ${answer.reason}`);
    else if (JSON.stringify(answer.hits) !== JSON.stringify(JSON.parse(native[number]))) {
      say(`${shown}: the browser says ${JSON.stringify(answer.hits).slice(0, 300)}, the terminal ${native[number].slice(0, 300)}`);
    }
    found += answer.hits?.length ? 1 : 0;
    const kinds = (answer.counts ?? []).filter((count) => count.field === "kind").reduce((sum, count) => sum + count.count, 0);
    if (number % 3 === 0 && (answer.hits?.length ? kinds < answer.hits.length || kinds > 100 : kinds > 0)) say(`${shown}: kinds are counted as ${kinds}`);
  }
  if (found < all.length / 2) say(`only ${found} of ${all.length} questions found anything`);
  await page.context().close();

  // A new reader: a plain question takes three rounds, everything said twice is kept, and the newest question wins.
  const fresh = await openSearch(browser, host);
  const query = all.find((query, number) => / .* /.test(query) && JSON.parse(native[number])[0]?.title === query);
  const cold = await fresh.evaluate((query) => window.search.ask({ query }), query);
  if (!cold.hits?.length || cold.rounds > 3 || cold.bytes === 0) say(`a cold question took ${cold.rounds} rounds: ${JSON.stringify(cold).slice(0, 200)}`);
  const warm = await fresh.evaluate((query) => window.search.ask({ query }), query);
  if (warm.rounds !== 0 || warm.bytes !== 0) say(`a warm question fetched ${warm.bytes} bytes`);
  const [title] = titles(root).filter((title) => /[a-z]{8}/.test(title));
  const long = /[a-z]{8,}/.exec(title)[0];
  const wrong = `${long.slice(0, 2)}xxx${long.slice(5)}`;
  const helped = await fresh.evaluate((query) => window.search.ask({ query }), `title:${long} ${wrong} title:qqqqqq`);
  if (helped.hits?.length !== 0 || !helped.suggestions?.length) say(`no other spelling for ${wrong}: ${JSON.stringify(helped).slice(0, 200)}`);
  await fresh.context().close();
  // Who types faster than the host answers waits for the last question only.
  host.delay = 30;
  const typist = await openSearch(browser, host);
  const typed = await typist.evaluate((query) => Promise.all([1, 2, 3, 4].map((part) => window.search.ask({ query: query.slice(0, (query.length * part) / 4) }))), query);
  const dropped = typed.filter((answer) => answer.error === "dropped").length;
  if (!typed[3].hits?.length || dropped < 2) say(`older questions were not dropped: ${JSON.stringify(typed).slice(0, 300)}`);
  await typist.context().close();
  host.close();

  // A host that sends a policy of its own governs the worker.
  const strict = await serve(site, { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'" });
  const guarded = await openSearch(browser, strict);
  const answer = await guarded.evaluate((query) => window.search.ask({ query }), query);
  if (!answer.hits?.length) say(`under a strict policy: ${JSON.stringify(answer).slice(0, 200)}`);
  await guarded.context().close();
  strict.close();
  return all.length;
}

/** Whatever a host does, each question is answered, and once it is well again, so is the search. */
async function hosts() {
  const host = await serve(join(work, "public-true"));
  const manifest = JSON.parse(readFileSync(join(work, "public-true/search/index.json"), "utf8"));
  const damage = (file) => { const bytes = Buffer.from(readFileSync(resolve(join(work, `public-true${file}`)))); bytes[bytes.length >> 1] ^= 0x55; return { bytes }; };
  const isPiece = (path) => /\/\d+\.bin$/.test(path);
  /** @type {Record<string, [(path: string) => object | false, string[]]>} */
  const faults = {
    "no manifest": [(path) => path.endsWith("index.json") && { status: 404 }, ["missing"]],
    "a manifest that is a page": [(path) => path.endsWith("index.json") && { bytes: Buffer.from("<!doctype html>") }, ["damaged"]],
    "another version": [(path) => path.endsWith("index.json") && { bytes: Buffer.from(JSON.stringify({ ...manifest, version: 99 })) }, ["version"]],
    "a folder elsewhere": [(path) => path.endsWith("index.json") && { bytes: Buffer.from(JSON.stringify({ ...manifest, folder: "../assets" })) }, ["damaged"]],
    "no hot bundle": [(path) => path.endsWith("hot.bin") && { status: 404 }, ["missing"]],
    "a damaged hot bundle": [(path) => path.endsWith("hot.bin") && damage(path), ["damaged"]],
    "no engine": [(path) => path === host.engine && { status: 404 }, ["missing"]],
    "a damaged engine": [(path) => path === host.engine && damage(path), ["damaged", "unsupported"]],
    "no pieces": [(path) => isPiece(path) && { status: 404 }, ["missing"]],
    "damaged pieces": [(path) => isPiece(path) && damage(path), ["damaged"]],
    "pieces cut off": [(path) => isPiece(path) && { bytes: readFileSync(join(work, `public-true${path}`)).subarray(0, 40) }, ["damaged"]],
    "empty pieces": [(path) => isPiece(path) && { bytes: Buffer.alloc(0) }, ["damaged"]],
    "pieces that are pages": [(path) => isPiece(path) && { bytes: Buffer.from("<!doctype html><title>Sorry</title>") }, ["damaged"]],
    "the piece of another number": [(path) => isPiece(path) && { bytes: readFileSync(join(work, `public-true/assets/search/${manifest.folder}/0.bin`)) }, ["damaged"]],
    "a host in trouble": [(path) => isPiece(path) && { status: 503 }, ["offline"]],
  };
  const query = titles(made)[5];
  for (const [name, [alter, reasons]] of Object.entries(faults)) {
    host.alter = (path) => alter(path) || undefined;
    const page = await openSearch(browser, host);
    const answer = await page.evaluate((query) => window.search.ask({ query }), query);
    if (answer.error !== "unavailable" || !reasons.includes(answer.reason)) say(`${name}: ${JSON.stringify(answer).slice(0, 200)}`);
    host.alter = () => undefined;
    // Some of it may lie in the reader's cache, as it would outside; a new visit is without.
    await page.context().close();
    const again = await openSearch(browser, host);
    const well = await again.evaluate((query) => window.search.ask({ query }), query);
    if (!well.hits?.length) say(`after ${name}: ${JSON.stringify(well).slice(0, 200)}`);
    await again.context().close();
  }
  // The same reader recovers too, where nothing wrong is in the cache.
  const page = await openSearch(browser, host);
  await page.evaluate((query) => window.search.ask({ query }), query);
  await page.context().setOffline(true);
  const offline = await page.evaluate(() => window.search.ask({ query: "snake_case zonkel" }));
  if (offline.error !== "unavailable" && !offline.hits) say(`offline: ${JSON.stringify(offline)}`);
  await page.context().setOffline(false);
  const online = await page.evaluate((query) => window.search.ask({ query }), query);
  if (!online.hits?.length) say(`online again: ${JSON.stringify(online).slice(0, 200)}`);
  await page.context().close();
  // A host that undoes the compression of the engine by itself is as good.
  host.alter = (path) => (path === host.engine ? { bytes: gunzipSync(readFileSync(join(work, `public-true${path}`))) } : undefined);
  const plain = await openSearch(browser, host);
  const answer = await plain.evaluate((query) => window.search.ask({ query }), query);
  if (!answer.hits?.length) say(`an engine without gzip: ${JSON.stringify(answer).slice(0, 200)}`);
  await plain.context().close();
  host.close();
}
