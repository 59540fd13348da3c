// Measures the search in a browser, beside Pagefind on the same pages: what is fetched, and how long one waits.
//
//   cargo build --release && node tests/browser/search-bench.mjs target/release/longhouse SITE …
//
// A SITE is a folder with content. Every response waits 50 ms, and the host compresses nothing. A cold question is the
// first of a new reader, with an empty cache. Pagefind comes from npm when it is first needed.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gunzipSync } from "node:zlib";
import { launch, openSearch, run, scratch, serve, titles } from "./search-host.mjs";

const DELAY = 50;
const QUERIES = 24;
const PAGEFIND = "1.6.0";

const [program, ...sites] = process.argv.slice(2);
if (!program || !sites.length) {
  console.error("usage: node search-bench.mjs LONGHOUSE SITE …");
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const tools = join(here, "../../target/bench-tools");
if (!existsSync(join(tools, "node_modules/pagefind"))) {
  mkdirSync(tools, { recursive: true });
  run("npm", ["install", "--prefix", tools, "--no-save", "--no-audit", "--no-fund", "--loglevel=error", `pagefind@${PAGEFIND}`]);
}
const work = scratch();
const browser = await launch();
try {
  for (const site of sites) await measure(site);
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}

async function measure(site) {
  const output = join(work, "public");
  rmSync(output, { recursive: true, force: true });
  run(program, ["build", "--root", site, "--output", output]);
  const indexed = spawnSync("node", [join(tools, "node_modules/pagefind/lib/runner/bin.cjs"), "--site", output], { encoding: "utf8" });
  if (indexed.status !== 0) throw new Error(`pagefind: ${indexed.stderr}`);
  const queries = varied(titles(site));
  const host = await serve(output);
  const entries = readdirSync(join(output, "search"), { recursive: true, encoding: "utf8" });
  const files = entries.filter((path) => path.endsWith(".bin"));
  const engine = readFileSync(join(output, host.engine));
  const rows = [["", "Longhouse", `Pagefind ${PAGEFIND}`]];
  const ours = await longhouse(host, queries);
  const theirs = await pagefind(host, queries);
  const kb = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  const ms = (time) => `${Math.round(time)} ms`;
  rows.push(["engine as delivered (and its brotli)", `${kb(engine.length)} (${kb(brotliCompressSync(gunzipSync(engine)).length)})`, kb(theirs.engine)]);
  rows.push(["worker or scripts", kb(statSync(join(output, host.worker)).size), kb(theirs.scripts)]);
  rows.push(["opening data", kb(ours.opening), kb(theirs.opening)]);
  rows.push(["a cold question, mean", kb(mean(ours.bytes)), kb(mean(theirs.bytes))]);
  rows.push(["a cold question, median and most", `${kb(median(ours.bytes))}, ${kb(Math.max(...ours.bytes))}`, `${kb(median(theirs.bytes))}, ${kb(Math.max(...theirs.bytes))}`]);
  rows.push(["the same with filter counts, mean", kb(mean(ours.counted)), ""]);
  rows.push(["rounds, mean and most", `${mean(ours.rounds).toFixed(1)}, ${Math.max(...ours.rounds)}`, ""]);
  rows.push(["key press to hits, nothing fetched yet, median", ms(median(ours.cold)), ms(median(theirs.cold))]);
  rows.push(["… opened at focus, new words, median", ms(median(ours.next)), ms(median(theirs.next))]);
  rows.push(["… words asked before, median", ms(median(ours.warm)), ms(median(theirs.warm))]);
  rows.push(["questions that found nothing", `${ours.empty} of ${queries.length}`, `${theirs.empty} of ${queries.length}`]);
  rows.push(["files of the index, and their bytes", `${files.length}, ${kb(size(join(output, "search")))}`, `${readdirSync(join(output, "pagefind"), { recursive: true }).length}, ${kb(size(join(output, "pagefind")))}`]);
  console.log(`\n${basename(site)}: ${titles(site).length} files of content, ${queries.length} questions, ${DELAY} ms a response\n`);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  rows.forEach((row, number) => {
    console.log(`| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`);
    if (number === 0) console.log(`|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`);
  });
  host.close();
}

async function longhouse(host, queries) {
  const all = { bytes: [], counted: [], rounds: [], cold: [], next: [], warm: [], opening: 0, empty: 0 };
  for (const query of queries) {
    // Nothing fetched yet.
    host.delay = DELAY;
    let page = await openSearch(browser, host, false);
    all.cold.push(await page.evaluate(async (query) => {
      const start = performance.now();
      window.search.begin();
      await window.search.ask({ query });
      return performance.now() - start;
    }, query));
    await page.context().close();
    // Opened at focus, then asked, then asked the same again.
    page = await openSearch(browser, host);
    host.seen.length = 0;
    await page.waitForFunction(() => window.search.opened.length > 0);
    all.opening = host.seen.filter(({ path }) => /^\/(assets\/)?search\//.test(path)).reduce((sum, { bytes }) => sum + bytes, 0);
    const timed = (query) => page.evaluate(async (query) => {
      const start = performance.now();
      const answer = await window.search.ask({ query });
      return { answer, time: performance.now() - start };
    }, query);
    const { answer, time } = await timed(query);
    if (answer.error) throw new Error(`${query}: ${answer.reason}`);
    all.next.push(time);
    all.bytes.push(answer.bytes);
    all.rounds.push(answer.rounds);
    all.empty += answer.hits.length ? 0 : 1;
    all.warm.push((await timed(query)).time);
    await page.context().close();
    host.delay = 0;
    page = await openSearch(browser, host);
    all.counted.push(await page.evaluate((query) => window.search.ask({ query, counts: true }), query).then(({ bytes }) => bytes));
    await page.context().close();
  }
  return all;
}

async function pagefind(host, queries) {
  const all = { bytes: [], cold: [], next: [], warm: [], engine: 0, scripts: 0, opening: 0, empty: 0 };
  const ask = async (page, query) => page.evaluate(async (query) => {
    const start = performance.now();
    window.pagefind ??= await import(/** @type {string} */ ("/pagefind/pagefind.js"));
    const found = await window.pagefind.search(query);
    const hits = await Promise.all(found.results.slice(0, 10).map((result) => result.data()));
    return { time: performance.now() - start, count: hits.length };
  }, query);
  for (const query of queries) {
    host.delay = DELAY;
    let context = await browser.newContext();
    let page = await context.newPage();
    await page.goto(`${host.origin}/empty`);
    all.cold.push((await ask(page, query)).time);
    await context.close();
    context = await browser.newContext();
    page = await context.newPage();
    await page.goto(`${host.origin}/empty`);
    host.seen.length = 0;
    await page.evaluate(async () => { window.pagefind = await import(/** @type {string} */ ("/pagefind/pagefind.js")); await window.pagefind.init(); });
    // It loads on after it says that it is ready.
    for (let seen = -1; seen !== host.seen.length; await page.waitForTimeout(1000)) seen = host.seen.length;
    const sum = (which) => host.seen.filter(({ path }) => which.test(path)).reduce((sum, { bytes }) => sum + bytes, 0);
    all.engine = sum(/wasm.*pagefind$|\.pagefind$/);
    all.scripts = sum(/\.js$/);
    all.opening = sum(/\.json$|pf_meta$/);
    host.seen.length = 0;
    const { time, count } = await ask(page, query);
    all.next.push(time);
    all.empty += count ? 0 : 1;
    all.bytes.push(host.seen.reduce((sum, { bytes }) => sum + bytes, 0));
    all.warm.push((await ask(page, query)).time);
    await context.close();
  }
  host.delay = 0;
  return all;
}

/** Questions of several sorts: plain sentences, a few words, one word, a phrase, a word in the making. */
function varied(titles) {
  return Array.from({ length: QUERIES }, (_, number) => {
    const title = titles[Math.floor(((number + 0.5) * titles.length) / QUERIES)];
    const words = title.split(/[^\p{L}\p{N}+#.-]+/u).filter((word) => word.length > 3);
    return [() => title, () => words.slice(0, 3).join(" "), () => words.slice(-2).join(" "), () => `how do I ${title.toLowerCase()}?`,
      () => words.sort((a, b) => b.length - a.length)[0] ?? title, () => (words[0] ?? title).slice(0, 5)][number % 6]();
  });
}

function size(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}
