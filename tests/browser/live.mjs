// A preview in a browser: what is saved shows in the open page, nothing that a reader did is lost, what is wrong is
// said, tabs share one stream, and a writer gets from a paragraph to its line.
//
//   cargo build && cargo test --no-run && node tests/browser/live.mjs target/debug/longhouse [PICTURES] [PART …]
//
// Most parts tell the server themselves what changed, through a test that serves what it is told: so they can show
// what is hard to bring about. The last ones save files of a site that `longhouse serve` follows. It ends with 1 if
// there was anything to say.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { launch, run } from "./search-host.mjs";

const [program, pictures, ...wanted] = process.argv.slice(2);
if (!program) {
  console.error("usage: node live.mjs LONGHOUSE [PICTURES] [PART …]");
  process.exit(2);
}
if (pictures) mkdirSync(pictures, { recursive: true });

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const QUESTION = "questions/does-anything-cost-monthly/index.html";
const LONG = "questions/before-sunrise/index.html";

const ERROR = {
  file: "content/questions/does-anything-cost-monthly.md", line: 3, column: 8, severity: "error", message: "this value has a colon and no quotes",
  help: "Put the value between double quotes.", fix: "title: \"Costs: every month?\"", excerpt: "3 | title: Costs: every month?\n  |             ^ here", pages: ["/questions/does-anything-cost-monthly/"],
};
const WARNING = { ...ERROR, line: 9, severity: "warning", message: "an e-mail address in plain sight", excerpt: "", fix: null, help: "Remove it.", rule: "email" };
const ELSEWHERE = { ...ERROR, file: "content/stories/other.md", message: "something else", pages: ["/stories/other/"] };
const CONFIG = { ...ERROR, file: "longhouse.yaml", line: 4, column: 1, rule: "config", message: "unknown key `titel`", help: "Did you mean `title`?", fix: "title", excerpt: "4 | titel: Acme\n  | ^^^^^", pages: null, stops: true };

/** The file that LONG is made of. */
const SOURCE = "content/questions/greenhouse/before-sunrise.md";

let problems = 0;
let checks = 0;
let part = "";
const say = (what) => { problems++; console.log(`${part}: ${what}`); };
const must = (holds, what) => { checks++; if (!holds) say(what); return holds; };
const same = (is, wanted, what) => must(JSON.stringify(is) === JSON.stringify(wanted), `${what}: ${JSON.stringify(is)?.slice(0, 300)}, not ${JSON.stringify(wanted)}`);
const wait = (milliseconds) => new Promise((ready) => setTimeout(ready, milliseconds));

const work = mkdtempSync(join(tmpdir(), "longhouse-live-"));
const site = join(work, "site");
run(program, ["build", "--quiet", "--root", join(root, "example-site"), "--output", site]);
const browser = await launch();
const children = new Set();
const PARTS = { inPlace, kept, moved: blocksMove, styles, pictures: images, scripts, gone, renamed, tabs, again, badge, overlay, held, follow, edit, strict, base: subPath, looks, real, wrong, lines, found };
try {
  for (const [name, check] of Object.entries(PARTS)) {
    if (wanted.length && !wanted.includes(name)) continue;
    part = name;
    const server = await serve();
    try {
      await check(server);
    } catch (error) {
      say(error.stack ?? error);
    }
    for (const context of browser.contexts()) await context.close();
    await server.end();
    // What a part that failed has left.
    for (const child of children) child.kill("SIGKILL");
  }
  console.log(`${checks} checks, ${problems} problems`);
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}
process.exit(problems ? 1 : 0);

/** A preview of the built example that changes as it is told. */
async function serve({ port = 0, base = "/", follow: following = "" } = {}) {
  const test = "server::tests::browser::child_that_serves_what_it_is_told";
  const child = spawn("cargo", ["test", "--quiet", "--lib", "--", "--exact", "--ignored", "--nocapture", test], {
    cwd: root,
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, LONGHOUSE_TEST_SITE: site, LONGHOUSE_TEST_PORT: String(port), LONGHOUSE_TEST_BASE: base, LONGHOUSE_TEST_FOLLOW: following },
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (pattern) => {
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      const match = pattern.exec(next.value);
      if (match) return match;
    }
    throw new Error("the preview has ended");
  };
  const [, url] = await line(/at (http\S+)/);
  const files = {};
  const read = (path) => files[path] ?? readFileSync(join(site, path), "utf8");
  const server = {
    url,
    port: new URL(url).port,
    read,
    /** Publishes an update. */
    async publish(update) {
      Object.assign(files, update.put);
      child.stdin.write(`${JSON.stringify(update)}\n`);
      await line(/^done/);
    },
    /** Saves a file with one text in place of another. */
    async change(path, from, to) {
      const text = read(path);
      if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
      await server.publish({ put: { [path]: text.replace(from, () => to) } });
    },
    async end() {
      if (child.exitCode !== null) return;
      const ended = new Promise((ready) => child.once("exit", ready));
      child.stdin.end();
      await ended;
    },
  };
  return server;
}

/** `longhouse serve` for a copy of the example, whose files are saved by this script. */
async function serveFiles() {
  const folder = mkdtempSync(join(work, "files-"));
  cpSync(join(root, "example-site"), folder, { recursive: true, filter: (path) => !path.endsWith("public") });
  const child = spawn(program, ["serve", "--root", folder, "--port", "0"], { stdio: ["ignore", "pipe", process.env.LONGHOUSE_SHOW ? "inherit" : "ignore"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const url = (await lines.next()).value;
  // From the first answer on, what is saved is seen.
  await fetch(url);
  const place = (file) => join(folder, file);
  return {
    url,
    place,
    read: (file) => readFileSync(place(file), "utf8"),
    write(file, text) {
      mkdirSync(dirname(place(file)), { recursive: true });
      writeFileSync(place(file), text);
    },
    change(file, from, to) {
      const text = readFileSync(place(file), "utf8");
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      writeFileSync(place(file), text.replace(from, () => to));
    },
    rename: (from, to) => renameSync(place(from), place(to)),
    remove: (file) => rmSync(place(file)),
    async end() {
      const ended = new Promise((ready) => child.once("exit", (code) => ready(code)));
      const begin = performance.now();
      child.kill("SIGINT");
      same(await ended, 0, "the exit status after Ctrl-C");
      must(performance.now() - begin < 2000, `Ctrl-C took ${Math.round(performance.now() - begin)} ms`);
    },
  };
}

async function context(settings = {}) {
  return browser.newContext({ viewport: { width: 1280, height: 900 }, ...settings });
}

/** A tab that says what goes wrong in it. */
async function open(server, path, /** @type {any} */ { within, quiet = false, ...settings } = {}) {
  const page = await (within ?? await context(settings)).newPage();
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && !quiet && say(`console: ${message.text()} ${JSON.stringify(message.location())}`));
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  await visit(page, server, path);
  return page;
}

/** Goes to a page, and marks it so that a reload is seen. */
async function visit(page, server, path) {
  // A page that was opened looks once whether it is still the one that was sent, and asks for the problems.
  const looked = page.waitForResponse((response) => response.request().resourceType() === "xhr");
  const listening = page.waitForResponse((response) => response.url().includes("/_longhouse/problems"));
  await page.goto(server.url + path.replace(/index\.html$/, ""), { waitUntil: "load" });
  await Promise.all([looked, listening]);
  await page.evaluate(() => { window.isSame = true; });
}

function isSame(page) { return page.evaluate(() => window.isSame === true); }
function has(page, text) { return page.waitForFunction((text) => document.body.textContent.includes(text), text); }
function until(page, test, argument) { return page.waitForFunction(test, argument, { timeout: 10_000 }); }
function badgeText(page) { return page.locator(".badge").textContent(); }

/** What is saved is in the open page, without a reload. */
async function inPlace(server) {
  const page = await open(server, QUESTION);
  const title = await page.title();
  const [, sentence] = /<p>([^<]{40,})<\/p>/.exec(server.read(QUESTION).split("<main")[1]);
  const begin = performance.now();
  await server.change(QUESTION, sentence, "Entirely other words.");
  await has(page, "Entirely other words.");
  const took = performance.now() - begin;
  must(took < 1000, `a save took ${Math.round(took)} ms`);
  // What search engines read is text of the body, too, and is no part of what this script replaced.
  must(!(await page.evaluate((sentence) => document.querySelector("main").textContent.includes(sentence), sentence)), "the old words are still there");
  await server.change(QUESTION, "<title>", "<title>New: ");
  await until(page, () => document.title.startsWith("New: "));
  same(await page.title(), `New: ${title}`, "the title");
  // A page that is not open changes nothing here.
  await server.change(LONG, "<h1>", "<h1>Elsewhere ");
  await server.change(QUESTION, "<h1>", "<h1>Once more ");
  await has(page, "Once more");
  must(!(await page.evaluate(() => document.body.textContent.includes("Elsewhere"))), "another page's words came here");
  must(await isSame(page), "the page was loaded anew");
  same(await page.evaluate(() => document.querySelectorAll("[id^=longhouse-block]").length), 0, "names left behind");
}

/** What a reader did stays: scroll, focus, what is typed and selected, open details, playing films. */
async function kept(server) {
  const text = server.read(LONG).replace("</main>", `
    <form id="own"><input id="typed" value="sent"><textarea id="area"></textarea><input type="checkbox" id="box"></form>
    <details id="folded"><summary>More</summary><p>Folded text.</p></details><details class="plain"><summary>Other</summary><p>Text.</p></details>
    <p class="long">The quick brown fox jumps over the lazy dog.</p>${"<p>Far down.</p>".repeat(60)}</main>`);
  await server.publish({ put: { [LONG]: text } });
  const page = await open(server, LONG);
  await page.locator("#typed").fill("typed by hand");
  await page.locator("#area").fill("a longer text");
  await page.locator("#box").check();
  await page.locator("#folded summary").click();
  await page.locator("details.plain summary").click();
  await page.locator(".search input").fill("pump");
  await page.locator("#typed").focus();
  await page.evaluate(() => document.querySelector("#typed").setSelectionRange(2, 5));
  await wait(100);
  await page.evaluate(() => scrollTo(0, 700));
  await wait(100);
  const before = await page.evaluate(() => ({ top: scrollY, copies: document.querySelectorAll("button.copy").length, list: document.querySelector("#found") !== null }));
  must(before.copies > 0 && before.list, "the page has no scripts' work on it");
  await server.change(LONG, "Folded text.", "Folded and changed.");
  await has(page, "Folded and changed.");
  await server.change(LONG, "value=\"sent\"", "value=\"sent again\"");
  await server.change(LONG, "Other</summary>", "Another</summary>");
  await has(page, "Another");
  const after = await page.evaluate(() => ({
    top: scrollY, copies: document.querySelectorAll("button.copy").length, list: document.querySelector("#found") !== null,
    typed: document.querySelector("#typed").value, area: document.querySelector("#area").value, box: document.querySelector("#box").checked,
    folded: document.querySelector("#folded").open, plain: document.querySelector("details.plain").open, active: document.activeElement.id,
    selected: [document.querySelector("#typed").selectionStart, document.querySelector("#typed").selectionEnd],
    search: document.querySelector(".search input").value,
  }));
  same(after, { ...before, typed: "typed by hand", area: "a longer text", box: true, folded: true, plain: true, active: "typed", selected: [2, 5], search: "pump" }, "what a reader did");
  // What is selected on the page stays selected when the sentence around it changes.
  await page.evaluate(() => {
    const node = document.querySelector(".long").firstChild;
    getSelection().setBaseAndExtent(node, 10, node, 19);
  });
  await server.change(LONG, "the lazy dog.", "a dog that sleeps.");
  await has(page, "a dog that sleeps.");
  same(await page.evaluate(() => String(getSelection())), "brown fox", "the selection");
  // The search box still works, and so does a button that copies.
  await page.locator(".search input").fill("water");
  await page.locator(".found [role=option]").first().waitFor();
  await page.locator(".search input").press("Escape");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const [, code] = /<pre[^>]*><code[^>]*>([^<]+)/.exec(server.read(LONG)) ?? [];
  await server.publish({ put: { [LONG]: server.read(LONG).replace("<pre", "<pre><code>fresh code</code></pre><pre") } });
  await has(page, "fresh code");
  const fresh = page.locator("div.code", { hasText: "fresh code" });
  await fresh.locator("button.copy").click();
  same(await page.evaluate(() => navigator.clipboard.readText()), "fresh code", `a new block's button (${code?.length})`);
  same(await page.locator("button.copy").count(), before.copies + 1, "buttons");
  must(await isSame(page), "the page was loaded anew");
}

/** A block that is put in before others does not become them: their state stays with them. */
async function blocksMove(server) {
  const folded = (name) => `<details><summary>${name}</summary><p>About ${name}.</p></details>`;
  const write = (names) => server.publish({ put: { [LONG]: readFileSync(join(site, LONG), "utf8").replace("</main>", `<div class="list">${names.map(folded).join("")}</div></main>`) } });
  await write(["one", "two", "three"]);
  const page = await open(server, LONG);
  await page.locator("details", { hasText: "About two." }).locator("summary").click();
  await page.evaluate(() => {
    // What has the focus is not moved, and ends the search for what else stays.
    document.activeElement.blur();
    for (const element of document.querySelectorAll(".list details")) element.mark = element.textContent;
  });
  const state = () => page.evaluate(() => [...document.querySelectorAll(".list details")].map((element) => [element.querySelector("summary").textContent, element.open, element.mark ?? null]));
  await write(["zero", "one", "half", "two", "three"]);
  await has(page, "About half.");
  same(await state(), [["zero", false, null], ["one", false, "oneAbout one."], ["half", false, null], ["two", true, "twoAbout two."], ["three", false, "threeAbout three."]], "blocks put in");
  await write(["three", "two"]);
  await until(page, () => document.querySelectorAll(".list details").length === 2);
  same(await state(), [["three", false, "threeAbout three."], ["two", true, "twoAbout two."]], "blocks taken out and turned round");
}

/** A style sheet is exchanged without a reload, and without a moment without one. */
async function styles(server) {
  const page = await open(server, QUESTION);
  const path = await page.evaluate(() => new URL(document.querySelector("link[rel=stylesheet]").href).pathname.slice(1));
  await page.evaluate(() => {
    // Saves can fall into one tick of the clock: the address must be a new one all the same.
    Date.now = () => 0;
    window.bare = 0;
    const look = () => { if (getComputedStyle(document.body).maxWidth === "none") window.bare++; requestAnimationFrame(look); };
    look();
  });
  await page.evaluate(() => scrollTo(0, 300));
  const top = await page.evaluate(() => scrollY);
  // The first answer is still on its way when the next ones are saved, which must not be given that answer.
  let first = () => {};
  const asked = new Promise((ready) => { first = () => ready(undefined); });
  const held = `**/${path}*`;
  await page.route(held, async (route) => {
    const response = await route.fetch();
    first();
    await wait(500);
    // The page has given up what is old already.
    await route.fulfill({ response }).catch(() => {});
  });
  for (const width of ["901px", "902px", "903px"]) {
    await server.publish({ put: { [path]: `${readFileSync(join(site, path), "utf8")}\nbody { max-width: ${width} }` } });
    await asked;
  }
  await until(page, () => getComputedStyle(document.body).maxWidth === "903px");
  await page.unroute(held);
  await until(page, () => document.querySelectorAll("link[rel=stylesheet]").length === 1);
  same(await page.evaluate(() => [window.bare, scrollY]), [0, top], "moments without style, and scroll");
  // The page changes afterwards as if nothing had been exchanged.
  await server.change(QUESTION, "<h1>", "<h1>Styled ");
  await has(page, "Styled");
  same(await page.evaluate(() => getComputedStyle(document.body).maxWidth), "903px", "the new style stays");
  // Another address for the style sheet, as when a theme gets a new one.
  const other = path.replace(/[^/]+$/, "other.css");
  await server.publish({ put: { [other]: `${readFileSync(join(site, path), "utf8")}\nbody { max-width: 800px }`, [QUESTION]: server.read(QUESTION).replace(path, other) } });
  await until(page, () => getComputedStyle(document.body).maxWidth === "800px");
  await until(page, () => document.querySelectorAll("link[rel=stylesheet]").length === 1);
  same(await page.evaluate(() => window.bare), 0, "moments without style");
  must(await isSame(page), "the page was loaded anew");
}

/** A picture that changed under its address is fetched again. */
async function images(server) {
  const square = (size) => `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"/>`;
  await server.publish({ put: { "files/a picture.svg": square(10), [QUESTION]: server.read(QUESTION).replace("</main>", "<img class='own' src='/files/a%20picture.svg' srcset='/files/a%20picture.svg 1x' alt=''></main>") } });
  const page = await open(server, QUESTION);
  const width = () => page.evaluate(() => document.querySelector(".own").naturalWidth);
  await until(page, () => document.querySelector(".own").naturalWidth === 10);
  await server.publish({ put: { "files/a picture.svg": square(33) } });
  await until(page, () => document.querySelector(".own").naturalWidth === 33);
  await server.change(QUESTION, "<h1>", "<h1>Pictured ");
  await has(page, "Pictured");
  same(await width(), 33, "the new picture stays");
  await server.publish({ put: { "files/a picture.svg": square(44) } });
  await until(page, () => document.querySelector(".own").naturalWidth === 44);
  must(await isSame(page), "the page was loaded anew");
}

/** Another script takes a reload, which keeps the place and what was typed. */
async function scripts(server) {
  const page = await open(server, LONG, { reducedMotion: "reduce" });
  const path = await page.evaluate(() => new URL([...document.scripts].find((script) => /site/.test(script.src)).src).pathname.slice(1));
  await page.locator(".search input").fill("typed");
  await page.evaluate(() => scrollTo(0, 400));
  await wait(50);
  // Where something that is seen stands, whatever grows above it.
  const at = () => page.evaluate(() => Math.round([...document.querySelectorAll("main p")].find((block) => block.getBoundingClientRect().top > 0).getBoundingClientRect().top));
  const top = await at();
  await server.publish({ put: { [path]: `${readFileSync(join(site, path), "utf8")}\ndocument.documentElement.dataset.fresh = "yes";` } });
  await until(page, () => document.documentElement.dataset.fresh === "yes" && scrollY > 0);
  // Pictures above may still be on their way when it is loaded.
  let now = await at();
  for (let tries = 0; tries < 50 && Math.abs(now - top) >= 5; tries++) {
    await wait(50);
    now = await at();
  }
  const [marked, typed] = await page.evaluate(() => [window.isSame, document.querySelector(".search input").value]);
  same([marked, Math.abs(now - top) < 5, typed], [null, true, "typed"], `after the reload at ${now} instead of ${top}`);
}

/** A page that is deleted leads to the one above it; one that is written again at once stays. */
async function gone(server) {
  const page = await open(server, QUESTION, { quiet: true });
  const text = server.read(QUESTION);
  await server.publish({ remove: [QUESTION] });
  await wait(300);
  await server.publish({ put: { [QUESTION]: text.replace("<h1>", "<h1>Back ") } });
  await has(page, "Back");
  await wait(2000);
  must(await isSame(page), "the page was left although it came back");
  await server.publish({ remove: [QUESTION], moved: [["/questions/does-anything-cost-monthly/", null]] });
  await page.waitForURL("**/questions/");
  same(await page.locator(".notice p").textContent(), "The page at /questions/does-anything-cost-monthly/ has been removed.", "the notice");
  // What is not there and then is.
  const missing = await open(server, "questions/not-yet/", { quiet: true });
  await server.publish({ put: { "questions/not-yet/index.html": text.replace("<h1>", "<h1>Now there ") } });
  await has(missing, "Now there");
}

/** A page that was renamed leads on, and going back does not lead to where it was. */
async function renamed(server) {
  const page = await open(server, "");
  await visit(page, server, QUESTION);
  const to = "questions/costs/index.html";
  await server.publish({ put: { [to]: server.read(QUESTION) }, remove: [QUESTION], moved: [["/questions/does-anything-cost-monthly/", "/questions/costs/"]] });
  await page.waitForURL("**/questions/costs/");
  must(/has moved/.test(await page.locator(".notice p").textContent()), "no notice");
  await page.goBack();
  same(new URL(page.url()).pathname, "/", "back");
}

/** Eight tabs of one browser share a stream, and the next one takes over from the one that is closed. */
async function tabs(server) {
  const within = await context();
  let streams = 0;
  within.on("request", (request) => { if (request.url().endsWith("/_longhouse/events")) streams++; });
  const all = [];
  for (let number = 0; number < 8; number++) all.push(await open(server, QUESTION, { within }));
  same(streams, 1, "streams of eight tabs");
  await server.change(QUESTION, "<h1>", "<h1>For all ");
  for (const page of all) await has(page, "For all");
  // Whoever leads is closed, then another.
  for (const words of ["Second ", "Third "]) {
    await all.shift().close();
    await server.change(QUESTION, "<h1>", `<h1>${words}`);
    for (const page of all) await has(page, words.trim());
  }
  same(streams, 3, "streams after two were closed");
  for (const page of all) must(await isSame(page), "a tab was loaded anew");
  // The connection limit of the browser is not touched: a page still loads.
  await visit(all[0], server, LONG);
  // A browser without locks, such as a phone that reads over the network, listens for itself.
  const phone = await context({ viewport: { width: 390, height: 844 } });
  await phone.addInitScript(() => Object.defineProperty(Navigator.prototype, "locks", { value: undefined }));
  const page = await open(server, QUESTION, { within: phone });
  await server.change(QUESTION, "<h1>", "<h1>By itself ");
  await has(page, "By itself");
}

/** A preview that was started again brings the page up to date. */
async function again(server) {
  const page = await open(server, QUESTION, { quiet: true });
  await server.end();
  await until(page, () => document.querySelector("html > div").shadowRoot.querySelector(".badge").textContent.includes("stopped"));
  const next = await serve({ port: server.port });
  await next.change(QUESTION, "<h1>", "<h1>After the start ");
  await has(page, "After the start");
  await until(page, () => !document.querySelector("html > div").shadowRoot.querySelector(".badge").textContent.includes("stopped"));
  must(await isSame(page), "the page was loaded anew");
  await next.end();
}

/** The badge counts problems here and elsewhere, and leads to the list of all. */
async function badge(server) {
  const page = await open(server, QUESTION);
  same(await badgeText(page), "Preview", "the badge of a site without problems");
  await server.publish({ problems: [ELSEWHERE] });
  await page.locator(".badge", { hasText: "1 error elsewhere" }).waitFor();
  await server.publish({ problems: [WARNING, ELSEWHERE] });
  await page.locator(".badge", { hasText: /^1 warning$/ }).waitFor();
  await page.locator(".badge").focus();
  await page.keyboard.press("Enter");
  same(await page.locator(".menu p").allTextContents().then((all) => all.slice(0, 2)), ["This page: 1 warning", "The whole site: 1 error, 1 warning"], "the counts");
  await page.keyboard.press("Escape");
  must(await page.locator(".menu").isHidden(), "Escape does not close the menu");
  await page.keyboard.press("Enter");
  await page.locator(".menu a", { hasText: "The whole site" }).click();
  await page.waitForURL("**/_longhouse/");
  same(await page.locator("h1").textContent(), "1 error and 1 warning", "the list");
  await server.publish({ problems: [] });
  await page.locator("h1", { hasText: "No problems" }).waitFor();
}

/** An error that stands covers the page until it is mended or sent away; one that is half typed does not. */
async function overlay(server) {
  const page = await open(server, QUESTION);
  const cover = page.locator(".overlay");
  await server.publish({ problems: [ERROR] });
  await page.locator(".badge", { hasText: /^1 error$/ }).waitFor();
  await wait(300);
  await server.publish({ problems: [] });
  await page.locator(".badge", { hasText: "Preview" }).waitFor();
  await wait(1200);
  must(await cover.isHidden(), "a half typed error was shown");
  await page.locator(".search input").focus();
  await server.publish({ problems: [ERROR] });
  await cover.waitFor();
  const text = await cover.textContent();
  for (const words of [ERROR.message, `${ERROR.file}:3:8`, ERROR.help, ERROR.fix, "here"]) must(text.includes(words), `the overlay does not say ${words}`);
  same(await page.evaluate(() => document.activeElement.type), "search", "the focus");
  must((await page.locator("aside [role=status]").textContent()).includes(ERROR.message), "a screen reader is not told");
  await page.locator(".search input").blur();
  await page.keyboard.press("Escape");
  must(await cover.isHidden(), "Escape does not send it away");
  // The same on another line stays away; another error comes.
  await server.publish({ problems: [{ ...ERROR, line: 5 }] });
  await wait(1300);
  must(await cover.isHidden(), "what was sent away came back");
  await page.reload();
  await wait(1300);
  must(await cover.isHidden(), "what was sent away came back after a reload");
  await server.publish({ problems: [{ ...ERROR, line: 5 }, { ...ERROR, message: "another one" }] });
  await cover.waitFor();
  await server.publish({ problems: [] });
  await cover.waitFor({ state: "hidden", timeout: 500 });
  // The configuration concerns every page; the last good page stays below.
  await server.publish({ problems: [CONFIG] });
  await cover.waitFor();
  must((await cover.textContent()).includes("last good version"), "it does not say that the page is an old one");
  await cover.locator("button").click();
  must(await cover.isHidden(), "the button does not send it away");
  await page.evaluate(() => scrollTo(0, 0));
  // A page that one comes to when the error has stood for long has it at once.
  await visit(page, server, LONG);
  await cover.waitFor({ timeout: 500 });
}

/** A page that could never be made says why, and appears when it can. */
async function held(server) {
  await server.publish({ problems: [{ ...ERROR, pages: ["/questions/new/"] }] });
  const page = await open(server, "questions/new/", { quiet: true });
  same(await page.locator("h1").textContent(), "This page cannot be shown yet", "the page in its place");
  await server.publish({ put: { "questions/new/index.html": server.read(QUESTION).replace("<h1>", "<h1>At last ") }, problems: [] });
  await has(page, "At last");
}

/** The tab that was looked at last goes to what is saved; others and those that are typed in stay. */
async function follow(server) {
  const within = await context({ reducedMotion: "reduce" });
  const first = await open(server, QUESTION, { within });
  const second = await open(server, QUESTION, { within });
  await second.locator(".badge").click();
  await second.locator("[role=switch]").click();
  same(await second.locator("[role=switch]").getAttribute("aria-checked"), "true", "the switch");
  await second.keyboard.press("Escape");
  const [, words] = [...server.read(LONG).split("<main")[1].matchAll(/<p>([^<&]{30,})<\/p>/g)].at(-1);
  await server.publish({ put: { [LONG]: server.read(LONG).replace("<h1>", "<h1>Saved ") }, saved: { address: "/questions/before-sunrise/", fragment: null, words: words.slice(0, 60) } });
  await second.waitForURL("**/before-sunrise/");
  const seen = () => second.evaluate((words) => {
    const block = [...document.querySelectorAll("p")].find((block) => block.textContent.replace(/\s+/g, " ").includes(words));
    const { top, bottom } = block.getBoundingClientRect();
    return { inView: top >= 0 && bottom <= innerHeight, marked: block.getAnimations().length > 0 };
  }, words.slice(0, 30).replace(/\s+/g, " "));
  await second.waitForFunction(() => document.getAnimations().length > 0);
  same(await seen(), { inView: true, marked: true }, "what changed");
  must(/cost-monthly/.test(first.url()), "a tab that nobody looked at followed as well");
  await server.publish({ put: { [QUESTION]: server.read(QUESTION).replace("<h1>", "<h1>Now this ") }, saved: { address: "/questions/does-anything-cost-monthly/", fragment: null, words: "" } });
  await second.waitForURL("**/does-anything-cost-monthly/");
  // Closed: another one that is seen takes over, as soon as the browser has ended the closed one.
  await second.close();
  await first.waitForFunction(async () => (await navigator.locks.query()).held.filter(({ name }) => name.startsWith("longhouse-tab ")).length === 1);
  await server.publish({ saved: { address: "/questions/before-sunrise/", fragment: null, words: "" } });
  await first.waitForURL("**/before-sunrise/");
  await first.locator(".search input").focus();
  await server.publish({ saved: { address: "/questions/does-anything-cost-monthly/", fragment: null, words: "" } });
  await wait(500);
  must(/before-sunrise/.test(first.url()), "somebody who types was taken away");
  // Asked for when the preview was started, it is on until somebody uses the switch.
  const other = await serve({ follow: "1" });
  const page = await open(other, QUESTION, { quiet: true });
  await other.publish({ saved: { address: "/questions/before-sunrise/", fragment: null, words: "" } });
  await page.waitForURL("**/before-sunrise/");
  await other.end();
}

/** The badge and Alt-click lead to the file and the line. */
async function edit(server) {
  const text = server.read(LONG);
  const [, words] = /<p>([^<]{30,})<\/p>/.exec(text.split("<main")[1]);
  const plain = words.replaceAll("&#x27;", "'").replaceAll("&#39;", "'").replaceAll("&quot;", "\"").replaceAll("&amp;", "&");
  const origins = { "/questions/before-sunrise/": [{ file: "content/questions/before sunrise.md", line: 1, text: "" }, { file: "content/questions/before sunrise.md", line: 12, text: plain.replace(" ", "\n") }] };
  await server.publish({ origins, editor: null });
  const page = await open(server, LONG);
  const block = page.locator("main p", { hasText: plain.slice(0, 30) }).first();
  await block.click({ modifiers: ["Alt"] });
  await page.locator(".place", { hasText: "/home/ana/site/content/questions/before sunrise.md:12" }).waitFor();
  must((await page.locator(".menu").textContent()).includes("editor: vscode"), "it does not say what to set");
  await page.keyboard.press("Escape");
  await page.locator("h1").click({ modifiers: ["Alt"] });
  await page.locator(".place", { hasText: "before sunrise.md:1" }).waitFor();
  await page.keyboard.press("Escape");
  await server.publish({ origins, editor: "vscode://file/{path}:{line}:{column}" });
  await visit(page, server, LONG);
  await page.locator(".badge").click();
  same(await page.locator(".menu a.door").getAttribute("href"), "vscode://file/home/ana/site/content/questions/before%20sunrise.md:1:1", "the address for the editor");
  await page.keyboard.press("Escape");
  // An Alt-click on a link opens its line, and neither follows nor downloads it.
  const asked = [];
  const session = await page.context().newCDPSession(page);
  await session.send("Page.enable");
  session.on("Page.frameRequestedNavigation", ({ url }) => asked.push(url));
  await block.click({ modifiers: ["Alt"] });
  await wait(300);
  same(asked, ["vscode://file/home/ana/site/content/questions/before%20sunrise.md:12:1"], "what Alt-click opens");
}

/** Works under the strictest rules that a page can set itself, with nothing inline and no HTML made of strings. */
async function strict(server) {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
  await server.publish({ put: { [QUESTION]: server.read(QUESTION).replace(/content="default-src[^"]*"/, `content="${policy}"`) } });
  const page = await open(server, QUESTION);
  await server.change(QUESTION, "<h1>", "<h1>Strictly ");
  await has(page, "Strictly");
  await server.publish({ problems: [ERROR] });
  await page.locator(".overlay").waitFor();
  const [rule] = await page.locator(".overlay").evaluateAll(([overlay]) => [getComputedStyle(overlay).borderInlineStartWidth]);
  same(rule, "3px", "the overlay's style");
  must(await isSame(page), "the page was loaded anew");
}

/** Below a sub-path with a letter that is encoded. */
async function subPath() {
  const server = await serve({ base: "/some/wäre/" });
  const page = await open(server, QUESTION, { quiet: true });
  await server.change(QUESTION, "<h1>", "<h1>Below ");
  await has(page, "Below");
  await server.publish({ problems: [ERROR] });
  await page.locator(".overlay").waitFor();
  await page.locator(".badge").click();
  await page.locator(".menu a", { hasText: "The whole site" }).click();
  await page.locator("h1", { hasText: "1 error" }).waitFor();
  must(new URL(page.url()).pathname === "/some/w%C3%A4re/_longhouse/", page.url());
  await server.end();
}

/** Pictures of what the preview shows, and what axe says of it. */
async function looks(server) {
  const ribbons = [{ address: "/questions/before-sunrise/", title: "Can it water before sunrise?", words: "draft" }];
  for (const [width, height] of [[390, 844], [1280, 900]]) {
    for (const colorScheme of ["light", "dark"]) {
      const name = `${width}.${colorScheme}`;
      const take = async (page, what) => {
        await inspect(page, `${what} ${name}`);
        if (pictures) await page.screenshot({ path: join(pictures, `${what}.${name}.png`) });
      };
      await server.publish({ problems: [ERROR, WARNING, ELSEWHERE], ribbons, origins: { "/questions/does-anything-cost-monthly/": [{ file: ERROR.file, line: 1, text: "" }] }, editor: null });
      const page = await open(server, QUESTION, { viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
      await page.locator(".overlay").waitFor();
      await take(page, "overlay");
      await page.keyboard.press("Escape");
      await take(page, "badge");
      await page.locator(".badge").click();
      await page.locator(".menu .place").waitFor();
      await take(page, "menu");
      await visit(page, server, "_longhouse/");
      await take(page, "problems");
      must(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `the list is wider than the screen at ${name}`);
      await server.publish({ problems: [CONFIG] });
      await visit(page, server, "");
      await page.locator(".overlay").waitFor();
      await take(page, "configuration");
      await page.context().close();
    }
  }
}

/** Files that are saved, renamed and deleted. */
async function real() {
  const server = await serveFiles();
  const page = await open(server, LONG, { quiet: true });
  const before = server.read(SOURCE);
  const line = before.trim().split("\n").pop();
  const begin = performance.now();
  server.change(SOURCE, line, "Words that nobody wrote before.");
  await has(page, "Words that nobody wrote before.");
  console.log(`  a saved body was seen after ${Math.round(performance.now() - begin)} ms`);
  server.change(SOURCE, "# ", "# Newly: ");
  await until(page, () => document.querySelector("h1").textContent.startsWith("Newly: "));
  must(await isSame(page), "the page was loaded anew");
  // A style sheet of the site's own theme.
  server.write("themes/default/static/site.css", `${readFileSync(join(root, "themes/default/static/site.css"), "utf8")}\nbody { max-width: 777px }`);
  await until(page, () => getComputedStyle(document.body).maxWidth === "777px");
  server.rename(SOURCE, "content/questions/greenhouse/before-the-sun.md");
  await page.waitForURL("**/questions/before-the-sun/");
  must(/has moved/.test(await page.locator(".notice p").textContent()), "no notice");
  server.remove("content/questions/greenhouse/before-the-sun.md");
  await page.waitForURL("**/questions/");
  // Following, to a page and to the answer on it.
  await page.locator(".badge").click();
  await page.locator("[role=switch]").click();
  const file = "content/questions/integrations/export-full-of-dates/noor.md";
  const [answer] = server.read(file).split("\n").filter((line) => /^[A-Z][^|#>`*]{30,}$/.test(line));
  server.change(file, answer, `${answer} And so it is followed.`);
  await page.waitForURL("**/questions/export-full-of-dates/");
  await page.waitForFunction(() => {
    const block = [...document.querySelectorAll("p, li")].findLast((block) => block.textContent.includes("And so it is followed."));
    return block && block.getBoundingClientRect().top >= 0 && block.getBoundingClientRect().bottom <= innerHeight;
  });
  await server.end();
}

/** What is wrong in files: content, a template, the configuration. The last good page stays, and nothing ends. */
async function wrong() {
  const server = await serveFiles();
  const page = await open(server, LONG, { quiet: true });
  const cover = page.locator(".overlay");
  const files = [
    [SOURCE, `---\ntitle: "no end\n---\n${server.read(SOURCE).replace(/^---[\s\S]*?---\n/, "")}`],
    ["themes/default/templates/question.html", "{% extends \"base.html\" %}\n{% block main %}{{ entry.titel }}{% endblock main %}"],
    ["longhouse.yaml", `${server.read("longhouse.yaml")}\ntitel: twice\n`],
  ];
  for (const [file, text] of files) {
    const title = await page.locator("h1").textContent();
    let before;
    try {
      before = server.read(file);
    } catch {
      before = undefined;
    }
    server.write(file, text);
    await cover.waitFor();
    const said = await cover.textContent();
    must(said.includes(file), `${file}: the overlay does not name it: ${said}`);
    must(await cover.locator("pre").count() > 0, `${file}: no lines`);
    same(await page.locator("h1").textContent(), title, `${file}: the last good page`);
    if (pictures) await page.screenshot({ path: join(pictures, `wrong.${file.replaceAll("/", "-")}.png`) });
    if (before === undefined) server.remove(file);
    else server.write(file, before);
    await cover.waitFor({ state: "hidden" });
  }
  server.change(SOURCE, "# ", "# Mended: ");
  await until(page, () => document.querySelector("h1").textContent.startsWith("Mended: "));
  must(await isSame(page), "the page was loaded anew");
  // A page that is wrong from its first moment.
  server.write("content/questions/never-yet.md", "---\ntitle: [no\n---\nText.\n");
  await wait(500);
  await page.goto(`${server.url}questions/never-yet/`);
  same(await page.locator("h1").textContent(), "This page cannot be shown yet", "a page that was never right");
  server.write("content/questions/never-yet.md", "# At last\n\nText.\n");
  await page.locator("h1", { hasText: "At last" }).waitFor();
  await server.end();
}

/** Alt-click finds the line of every block, whichever file it is in. */
async function lines() {
  const server = await serveFiles();
  const text = "# How do lists go?\n\nA first paragraph with *some* `code` in it.\n\n- one\n- two\n  - inner\n- one\n\n```sh\nls -l\n```\n\n| a | b |\n|---|---|\n| c | d |\n\n> Quoted.\n\n## Head\n\nLast\nof all.\n";
  server.write("content/questions/lists.md", text);
  server.write("content/questions/lists/ana.md", "Quoted.\n\nAn answer.\n");
  const page = await open(server, "questions/lists/", { quiet: true });
  await page.locator("main p", { hasText: "An answer." }).waitFor();
  const places = [
    ["main p:has-text('A first paragraph')", 0, "lists.md:3"], ["main li:has-text('two')", 0, "lists.md:6"], ["main li:has-text('inner')", -1, "lists.md:7"],
    ["main li:has-text('one')", 1, "lists.md:8"], ["main pre", 0, "lists.md:10"], ["main td:has-text('d')", 0, "lists.md:16"],
    ["main blockquote p", 0, "lists.md:18"], ["main h2:has-text('Head')", 0, "lists.md:20"], ["main p:has-text('of all')", 0, "lists.md:22"],
    ["main p:has-text('An answer')", 0, "ana.md:3"], ["main h1", 0, "lists.md:1"],
  ];
  for (const [selector, number, end] of places) {
    // Where the block itself is, not one that stands in it.
    await page.locator(selector).nth(number).click({ modifiers: ["Alt"], position: { x: 4, y: 8 } });
    const place = page.locator(".place");
    await place.filter({ hasText: end }).waitFor({ timeout: 3000 }).catch(async () => say(`${selector}: ${await place.textContent().catch(() => "nothing")}, not ${end}`));
    checks++;
    await page.keyboard.press("Escape");
  }
  // The editor that the configuration names, from the next save on.
  server.write("longhouse.yaml", `${server.read("longhouse.yaml")}\neditor: zed\n`);
  const edit = page.locator(".menu a.door");
  for (let tries = 0; tries < 50 && await edit.count() === 0; tries++) {
    await wait(100);
    await page.reload();
    await page.locator(".badge").click();
    await page.locator(".menu .place").waitFor();
  }
  must((await edit.getAttribute("href")).endsWith("/content/questions/lists.md:1:1"), "the address for the editor");
  await server.end();
}

/** The search of the browser finds the new word, and no longer the old one. */
async function found() {
  const server = await serveFiles();
  const page = await open(server, LONG, { quiet: true });
  const hits = async (word) => {
    await page.locator(".search input").fill("");
    await page.locator(".search input").fill(word);
    await page.locator(".found [role=option]").last().waitFor();
    await wait(300);
    return page.locator(".found [role=option]:not(#found-all)").allTextContents();
  };
  same(await hits("zanzibar"), [], "before");
  const before = server.read(SOURCE);
  server.write(SOURCE, `${before}\nSend it to zanzibar.\n`);
  await has(page, "zanzibar");
  await wait(3000);
  must((await hits("zanzibar")).length > 0, "the new word is not found");
  server.write(SOURCE, before);
  await until(page, () => !document.querySelector("main").textContent.includes("Send it to zanzibar"));
  await wait(3000);
  same(await hits("zanzibar"), [], "after the word was taken out");
  must(await isSame(page), "the page was loaded anew");
  await server.end();
}

async function inspect(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  checks++;
  for (const { id, nodes } of violations) say(`${what}: axe: ${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
}
