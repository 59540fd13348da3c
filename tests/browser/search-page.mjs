// Searches as a reader does: in the box on every page and on the page of all hits, with keys, with a mouse, on a
// host in trouble, without scripts, below a sub-path, in other languages, and with hostile text.
//
//   cargo build && node tests/browser/search-page.mjs target/debug/longhouse [PICTURES]
//
// It ends with 1 if there was anything to say.

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, run, scratch, serve } from "./search-host.mjs";

const [program, pictures] = process.argv.slice(2);
if (!program) {
  console.error("usage: node search-page.mjs LONGHOUSE [PICTURES]");
  process.exit(2);
}
if (pictures) mkdirSync(pictures, { recursive: true });

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const QUERY = "sensor";
const EVIL = ["<img src=x onerror=\"pwned()\">", "\"><script>pwned()</script>", "\u202eright to left", "w".repeat(10_000)];
const LONGEST = 6000;

let problems = 0;
let checks = 0;
let part = "";
const say = (what) => { problems++; console.log(`${part}: ${what}`); };
/** Says what is wrong unless it holds. */
const must = (holds, what) => { checks++; if (!holds) say(what); return holds; };
const same = (is, wanted, what) => must(JSON.stringify(is) === JSON.stringify(wanted), `${what}: ${JSON.stringify(is)?.slice(0, 300)}, not ${JSON.stringify(wanted)}`);

const shut = (page) => page.context().close();
const input = (page) => page.locator("input[type=search]");
const idle = (page) => page.waitForFunction(() => document.querySelector("[aria-busy]")?.getAttribute("aria-busy") === "false");
const hits = (page) => page.locator("[data-search-result] > a").allTextContents();
const wait = (milliseconds) => new Promise((ready) => setTimeout(ready, milliseconds));
const picture = (page, name) => pictures && page.screenshot({ path: join(pictures, `${name}.png`) });

/** What a screen reader is told of the box: the active option, which are chosen, whether the list is open. */
const told = (page) => page.evaluate(() => {
  const box = document.querySelector("input[type=search]");
  const all = [...document.querySelectorAll(".found [role=option]")];
  const chosen = all.filter((option) => option.getAttribute("aria-selected") === "true");
  const active = box.getAttribute("aria-activedescendant");
  return { at: all.findIndex((option) => option.id === active), chosen: chosen.map((option) => all.indexOf(option)), open: box.getAttribute("aria-expanded") === "true", shown: all.some((option) => option.checkVisibility()), count: all.length };
});

const work = scratch();
const browser = await launch();
const example = join(work, "example");
run(program, ["build", "--root", join(root, "example-site"), "--output", example]);
const host = await serve(example);
const PARTS = { scripts, early, box, searchPage, filters, asking, doubt, reading, trouble, noScript, hostile, looks, elsewhere, preview };
try {
  for (const [name, check] of Object.entries(PARTS)) {
    part = name;
    try {
      await check();
    } catch (error) {
      say(error.stack ?? error);
    }
  }
  console.log(`${checks} checks, ${problems} problems`);
} finally {
  await browser.close();
  host.close();
  rmSync(work, { recursive: true, force: true });
}
process.exit(problems ? 1 : 0);

/** A page that tells what goes wrong in it. What the browser says of a host in trouble is no problem of ours. */
async function open(path, settings = {}, { origin = host.origin, quiet = false } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...settings });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  page.on("console", (message) => message.type() === "error" && !(quiet && /Failed to load|Content Security|Refused|violates/.test(message.text())) && say(`console: ${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  page.on("dialog", (dialog) => { say(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.exposeFunction("pwned", () => say("hostile text ran"));
  await page.goto(origin + path);
  return page;
}

/** Types into the box and waits for the list. */
async function type(page, text) {
  await input(page).fill(text);
  await page.waitForSelector(".found [role=option]");
}

/** No script that is shipped makes HTML of text. */
async function scripts() {
  const names = readdirSync(join(example, "assets")).filter((name) => name.endsWith(".js"));
  must(names.length >= 3, `only ${names.length} scripts`);
  for (const name of names) {
    const text = readFileSync(join(example, "assets", name), "utf8");
    const found = /innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|createContextualFragment|parseFromString|\beval\b|new Function/.exec(text);
    must(!found, `${name} has ${found?.[0]}`);
  }
}

/** Nothing is fetched before a reader turns to search, and keys lead to the box. */
async function early() {
  host.seen.length = 0;
  const page = await open("/");
  await wait(300);
  const ours = () => host.seen.map(({ path }) => path).filter((path) => path === host.worker || path === host.engine || /^\/(assets\/)?search\//.test(path));
  same(ours(), [], "fetched before anybody searched");
  await page.keyboard.press("/");
  same(await page.evaluate(() => document.activeElement.type), "search", "after / the keys go to");
  await page.keyboard.press("/");
  same(await input(page).inputValue(), "/", "a / typed into the box");
  await page.waitForFunction(() => true);
  await wait(300);
  must(ours().includes(host.engine), "the engine is not fetched when the box has the keys");
  await input(page).blur();
  await page.keyboard.press("Control+k");
  same(await page.evaluate(() => document.activeElement.type), "search", "after Ctrl-K the keys go to");
  // Filling in by the browser makes key events without a key.
  await page.evaluate(() => document.body.dispatchEvent(new Event("keydown", { bubbles: true })));
  await shut(page);
}

/** The list below the box. */
async function box() {
  const page = await open("/questions/");
  same((await told(page)).open, false, "the list is open");
  await type(page, QUERY);
  let now = await told(page);
  const { count } = now;
  must(now.open && now.shown && now.at === -1 && count > 2, `the list with hits: ${JSON.stringify(now)}`);
  const walked = [];
  for (let step = 0; step <= count; step++) {
    await page.keyboard.press("ArrowDown");
    now = await told(page);
    walked.push(now.at);
    same(now.chosen, now.at < 0 ? [] : [now.at], "the option that is chosen");
  }
  same(walked, [...Array(count).keys(), -1], "ArrowDown leads to");
  await page.keyboard.press("ArrowUp");
  same((await told(page)).at, count - 1, "ArrowUp leads to");
  for (let step = 0; step < count; step++) await page.keyboard.press("ArrowUp");
  same((await told(page)).at, -1, "ArrowUp from the first hit leads to");
  await page.keyboard.press("Escape");
  now = await told(page);
  must(!now.open && !now.shown, "Escape leaves the list open");
  await page.keyboard.press("Escape");
  same(await input(page).inputValue(), QUERY, "the text after a second Escape");
  await page.keyboard.press("ArrowDown");
  await page.waitForSelector(".found [role=option]");
  await page.keyboard.press("Tab");
  must(!(await told(page)).shown, "Tab leaves the list open");
  // Who closes the list while hits are on their way does not see it open again.
  host.delay = 60;
  await input(page).fill("water the greenhouse");
  await wait(60);
  await page.keyboard.press("Escape");
  await wait(500);
  must(!(await told(page)).shown, "the list opens after Escape");
  host.delay = 0;

  // Composing letters has the keys for itself.
  await type(page, QUERY);
  await input(page).evaluate((it) => it.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", isComposing: true, bubbles: true, cancelable: true })));
  same((await told(page)).at, -1, "an arrow key while composing leads to");
  const kept = await input(page).evaluate((it) => it.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true })));
  must(kept, "Enter is taken away while composing");

  // With the other key or button a hit opens beside the page.
  const first = page.locator(".found [role=option]").first();
  /** @type {({ modifiers: ["Control"] } | { button: "middle" })[]} */
  const presses = [{ modifiers: ["Control"] }, { button: "middle" }];
  for (const press of presses) {
    const [other] = await Promise.all([page.context().waitForEvent("page"), first.click(press)]);
    must(page.url().endsWith("/questions/"), "a hit in another tab leads away");
    await other.close();
  }
  const href = await first.getAttribute("href");
  await first.click();
  await page.waitForURL(`**${href}`);
  await type(page, QUERY);
  await page.keyboard.press("ArrowDown");
  const second = await page.locator(".found [role=option]").first().getAttribute("href");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${second}`);
  // To another place of the same page: the list closes.
  await type(page, QUERY);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector(".found [role=option]")?.checkVisibility());
  await input(page).fill("water & light?");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search/?q=*");
  same(new URL(page.url()).searchParams.get("q"), "water & light?", "Enter asks the page of all hits for");

  // Straight to the answer that fits, also inside of what is folded.
  const answers = readdirSync(join(example, "questions"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("index.html"))
    .map((name) => [name, readFileSync(join(example, "questions", name), "utf8")]);
  const [name, html] = answers.find(([, html]) => /<details[^>]*>(?:(?!<\/details>)[^])*id="(?:question|answer)-/.test(html)) ?? answers.find(([, html]) => /id="answer-/.test(html));
  const id = (/<details[^>]*>(?:(?!<\/details>)[^])*?id="((?:question|answer)-[^"]*)"/.exec(html) ?? /id="(answer-[^"]*)"/.exec(html))[1];
  await page.goto(`${host.origin}/questions/${name.replace("index.html", "")}#${id}`);
  must(await page.evaluate((id) => document.getElementById(id).checkVisibility() && document.getElementById(id).getBoundingClientRect().height > 0, id), `${id} is folded`);
  await shut(page);
}

/** The page of all hits, by its contract. */
async function searchPage() {
  host.delay = 30;
  const page = await open(`/search/?q=${QUERY}`);
  same(await page.evaluate(() => document.querySelector("[aria-busy]").getAttribute("aria-busy")), "true", "at first aria-busy");
  await idle(page);
  host.delay = 0;
  same(await input(page).count(), 1, "boxes");
  same(await input(page).inputValue(), QUERY, "the text of the box");
  const first = await hits(page);
  must(first.length === 10, `${first.length} hits at first`);
  const links = await page.locator("[data-search-result]").evaluateAll((all) => all.map((it) => it.querySelectorAll("a").length));
  must(links.every((count) => count === 1), `hits have ${links} links`);
  must(await page.locator("[data-search-result] mark").count() > 0, "no words are marked");
  // More, with the keys at the first new one.
  const more = page.locator(".results > button");
  await more.focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("[data-search-result]").length > 10);
  const all = await hits(page);
  same(all.slice(0, 10), first, "after more the first hits");
  same(await page.evaluate(() => document.activeElement.textContent), all[10], "the keys are at");
  await page.locator("[data-search-result] > a").nth(11).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/search"));
  await page.goBack();
  await idle(page);
  await page.waitForFunction((count) => document.querySelectorAll("[data-search-result]").length === count, all.length);
  same(await hits(page), all, "after going back");
  await page.goForward();
  must(!new URL(page.url()).pathname.startsWith("/search"), "forward does not lead to the hit");
  await page.goBack();
  await idle(page);
  for (let step = 0; step < 12 && await more.isVisible(); step++) { await more.click(); await idle(page); }
  must(!await more.isVisible() && (await hits(page)).length <= 100, "more than a hundred hits");

  // While typing it is busy at once, and the address follows.
  await input(page).fill("mushroom");
  same(await page.evaluate(() => document.querySelector("[aria-busy]").getAttribute("aria-busy")), "true", "after a key aria-busy");
  await idle(page);
  same(new URL(page.url()).search, "?q=mushroom", "the address");
  await input(page).fill("");
  await idle(page);
  same([(await hits(page)).length, new URL(page.url()).search, await page.locator("[data-search-help]").isVisible()], [0, "", true], "without a question");
  // The newest question counts, however fast the keys are.
  host.delay = 20;
  for (const part of ["s", "se", "sen", "sens", "senso", QUERY]) { await input(page).fill(part); await wait(50); }
  await idle(page);
  host.delay = 0;
  same(await hits(page), first, "after fast typing");
  // Nothing found: other spellings, what is nearest.
  await page.goto(`${host.origin}/search/?q=title%3Agreenhoxse`);
  await page.waitForSelector("[data-search-empty]");
  same((await hits(page)).length, 0, "hits of nothing");
  await idle(page);
  await shut(page);
}

/** Filters with counts, together, in the address, and away again. */
async function filters() {
  const page = await open(`/search/?q=${QUERY}`);
  await idle(page);
  const group = (field) => page.locator(`.filters [data-field=${field}] button`);
  const fields = await page.locator(".filters [data-field]").evaluateAll((all) => all.map((it) => it.dataset.field));
  must(["kind", "tag", "product", "lang", "is"].filter((field) => fields.includes(field)).length >= 4, `filters: ${fields}`);
  const button = page.locator(".filters [data-field=kind] button[data-value=question]");
  const count = Number(await button.locator(".count").textContent());
  await button.focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".filters [data-field=kind] button[aria-pressed=true]");
  await page.waitForFunction(() => document.activeElement.getAttribute("aria-pressed") === "true").catch(() => say("a pressed filter loses the keys"));
  must(page.url().includes("kind=question"), `the address has no filter: ${page.url()}`);
  must((await hits(page)).length === Math.min(10, count), `${(await hits(page)).length} hits where ${count} were promised`);
  must((await page.locator("[data-search-result] .facts > span:first-child").allTextContents()).every((kind) => kind === "Question"), "a filter lets other kinds through");
  await group("product").first().click();
  await page.waitForSelector(".filters [data-field=product] button[aria-pressed=true]");
  await group("is").first().click();
  await page.waitForSelector(".filters [data-field=is] button[aria-pressed=true]");
  const [address, both] = [page.url(), await hits(page)];
  must(/kind=/.test(address) && /product=/.test(address) && /is=/.test(address), `filters in the address: ${address}`);
  await page.locator("[data-search-result] > a").first().click();
  await page.waitForURL((url) => !url.pathname.startsWith("/search"));
  await page.goBack();
  await idle(page);
  same([page.url(), await hits(page), await page.locator(".filters [aria-pressed=true]").count()], [address, both, 3], "filters after going back");
  for (let left = 2; left >= 0; left--) {
    await page.locator(".filters [aria-pressed=true]").first().click();
    await page.waitForFunction((left) => document.querySelectorAll(".filters [aria-pressed=true]").length === left, left);
  }
  same(new URL(page.url()).search, `?q=${QUERY}`, "the address without filters");
  // A filter that leaves nothing can be taken away.
  await page.goto(`${host.origin}/search/?q=${QUERY}&tag=nonesuch`);
  await page.waitForSelector("[data-search-empty]");
  same(await page.locator(".filters [aria-pressed=true]").count(), 1, "filters that leave nothing");
  // Whatever stands in an address.
  await page.goto(`${host.origin}/search/?q=${QUERY}&tag=%25&lang=%25&kind=__proto__&product=constructor`);
  await page.waitForSelector("[data-search-empty]");
  await page.goto(`${host.origin}/search/?q=${QUERY}`);
  await idle(page);
  must((await group("product").allTextContents()).some((text) => text.startsWith("Quillfern Leaf")), "products have no names");
  await shut(page);
}

/** A small site with other settings. */
async function build(name, config, entries = {}, args = []) {
  const site = join(work, name);
  mkdirSync(join(site, "content/questions"), { recursive: true });
  writeFileSync(join(site, "longhouse.yaml"), config);
  for (const [path, text] of Object.entries(entries)) writeFileSync(join(site, path), text);
  run(program, ["build", "--root", site, "--output", join(site, "public"), ...args]);
  return join(site, "public");
}

/** Where even the best hit covers little of the question, the page and the box say so, and offer to ask it. */
async function doubt() {
  const query = "Why does the sensor of my dishwasher smell of vanilla?";
  const page = await open(`/search/?q=${encodeURIComponent(query)}`);
  await page.waitForSelector("[data-search-doubtful]:not([hidden]) a.door");
  must((await hits(page)).length > 0, "nothing near is shown");
  must(await page.locator("[data-search-empty]").count() === 0, "it says that nothing was found");
  must((await page.textContent("[data-search-page] [role=status]")).includes("Perhaps not here yet."), "a reader is not told");
  const url = new URL(await page.locator("[data-search-doubtful] a.door").getAttribute("href"));
  must([...url.searchParams.values()].some((value) => value.includes(query)), `the words are not in ${url}`);
  const way = new URL(await page.locator("[data-search-doubtful] .needs a").getAttribute("href"), page.url());
  same([way.searchParams.get("title"), way.searchParams.get("account")], [query, "no"], "without an account it leads to");
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    for (const width of [390, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(axe);
      const found = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
      for (const { id, nodes } of found.violations) say(`${width} ${colorScheme} ${id}: ${nodes[0].html.slice(0, 200)}`);
      must(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${width} px are too few`);
      await picture(page, `doubt.${width}.${colorScheme}`);
    }
  }
  await input(page).fill(QUERY);
  await page.waitForSelector("[data-search-doubtful]", { state: "hidden" });
  await input(page).fill(query);
  await page.waitForSelector("[data-search-doubtful]:not([hidden])");
  await input(page).fill("");
  await page.waitForSelector("[data-search-doubtful]", { state: "hidden" });
  await shut(page);

  const box = await open("/");
  await input(box).fill(query);
  const offer = box.locator("#found-ask");
  await offer.waitFor();
  must(/Perhaps not here yet.*Ask this/.test(await offer.textContent()), `the box says ${await offer.textContent()}`);
  must((await box.textContent("form.search [role=status]")).startsWith("Perhaps not here yet."), "a screen reader is not told");
  await input(box).press("ArrowDown");
  same((await told(box)).at, 0, "the first option is");
  must(new URL(await offer.getAttribute("href")).href === url.href, "the box leads elsewhere than the page");
  await picture(box, "doubt.box");
  await input(box).fill(QUERY);
  await box.waitForFunction(() => !document.querySelector("#found-ask") && document.querySelector(".found [role=option]"));
  await shut(box);

  // Where nothing can be asked, the box leads to what comes closest.
  const other = await serve(await build("silent", "title: Silent\n", { "content/questions/a.md": "# Where is the tea kettle?\n\nIn the kitchen.\n" }));
  const silent = await open("/", {}, { origin: other.origin });
  await input(silent).fill("tea prices of yesterday in Japanese yen");
  await silent.locator("#found-ask").waitFor();
  must((await silent.locator("#found-ask").getAttribute("href")).startsWith("/search/?q="), "it leads nowhere");
  await shut(silent);
  other.close();
}

/** What a minus left out and a phrase that no page has are told, on the page and in the box. */
async function reading() {
  const page = await open(`/search/?q=${encodeURIComponent("battery -offline")}`);
  const note = page.locator("[data-search-reading]:not([hidden])");
  await note.waitFor();
  must((await note.textContent()).includes("Left out: offline."), `the page says ${await note.textContent()}`);
  const few = (await hits(page)).length;
  must(few > 0, "nothing is shown");
  same(new URL(await note.locator("a").getAttribute("href"), page.url()).searchParams.get("q"), "battery offline", "it can be searched with");
  await input(page).fill("\"battery the change\"");
  await page.waitForFunction(() => document.querySelector("[data-search-reading]")?.textContent?.includes("battery the change"));
  must((await hits(page)).length > 0, "a phrase that no page has finds nothing");
  for (const query of ["docker exec -it battery", "battery"]) {
    await input(page).fill(query);
    await page.waitForSelector("[data-search-reading]", { state: "hidden" });
  }
  await shut(page);

  const box = await open("/");
  await input(box).fill("battery -offline");
  const offer = box.locator("#found-read-0");
  await offer.waitFor();
  same(new URL(await offer.getAttribute("href"), box.url()).searchParams.get("q"), "battery offline", "the box leads to");
  // Typed on letter by letter, what is shown goes along, and the list is never empty.
  await input(box).fill("");
  for (const letter of "battery") {
    await input(box).pressSequentially(letter);
    await box.locator("#found-0").waitFor();
  }
  await shut(box);
}

/** What found nothing is carried along to where it can be asked. */
async function asking() {
  const query = "Why does the zzqqx & “Füchslein” #1 + 2 leak?";
  const file = "why-does-the-zzqqx-füchslein-1-2-leak.md";
  const entries = { "content/questions/a.md": "# Is there tea?\n\nNo.\n" };
  const hosts = {
    github: ["repository: https://github.com/x/y\n", ["content/questions/" + file, true]],
    gitea: ["repository: {host: gitea, url: https://git.example/x/y}\n", [file, true]],
    gitlab: ["repository: {host: gitlab, url: https://git.example/x/y}\n", [file, false]],
    custom: ["repository: {host: custom, url: https://git.example/x/y, new_url: \"https://git.example/n/{path}?t={content}\"}\n", [undefined, true]],
  };
  for (const [name, [config, [wanted, filled]]] of Object.entries(hosts)) {
    const other = await serve(await build(name, config, entries));
    const page = await open(`/search/?q=${encodeURIComponent(query)}`, {}, { origin: other.origin });
    const url = new URL(await page.locator("a.door[rel=nofollow]").getAttribute("href"));
    const parameters = [...url.searchParams];
    if (wanted) must(parameters.some(([, value]) => value === wanted), `${name}: no file name in ${url}`);
    else must(decodeURIComponent(url.pathname).endsWith(file), `${name}: no file name in ${url}`);
    same(parameters.some(([, value]) => value.split("\n").includes(`# ${query}`)), filled, `${name}: the question in ${url}`);
    for (const long of ["zz ".repeat(3400), "東".repeat(3400)]) {
      await input(page).fill("");
      await idle(page);
      await input(page).fill(long);
      await page.waitForFunction((start) => document.querySelector("a.door[rel=nofollow]")?.href && document.querySelector("[data-search-empty]")?.textContent.includes(start), long.slice(0, 20));
      const lengths = [(await page.locator("a.door[rel=nofollow]").getAttribute("href")).length, page.url().length - other.origin.length];
      must(lengths.every((length) => length <= LONGEST), `${name}: addresses of ${lengths} bytes`);
    }
    must((await page.locator(".results .needs a").getAttribute("href")).startsWith("/write/?kind=question&title=%E6%9D%B1"), `${name}: no way without an account`);
    await shut(page);
    other.close();
  }
  // Where there is nothing but an address of mail, the words are carried to the page on which people write.
  const mail = await serve(await build("mail", "contact: help@x.example\n", entries));
  const page = await open(`/search/?q=${encodeURIComponent(query)}`, {}, { origin: mail.origin });
  await page.click(".results a.door");
  same(await page.inputValue("[name=title]"), query, "the title on the page for writing");
  await shut(page);
  mail.close();
}

/** Whatever a host does, the page says so and stays whole, and finds again once it is well. */
async function trouble() {
  const damaged = (path) => { const bytes = Buffer.from(readFileSync(join(example, path))); bytes[bytes.length >> 1] ^= 0x55; return { bytes }; };
  const faults = {
    "no engine": (path) => path === host.engine && { status: 404 },
    "no worker": (path) => path === host.worker && { status: 404 },
    "no manifest": (path) => path === "/search/index.json" && { status: 404 },
    "damaged pieces": (path) => /\/\d+\.bin$/.test(path) && damaged(path),
  };
  for (const [name, alter] of Object.entries(faults)) {
    host.alter = (path) => alter(path) || undefined;
    const page = await open(`/search/?q=${QUERY}`, {}, { quiet: true });
    await idle(page);
    const state = () => page.evaluate(() => ({ status: document.querySelector("[data-search-page] [role=status]").textContent, lists: document.querySelector("[data-search-help]").checkVisibility(), hits: document.querySelectorAll("[data-search-result]").length, empty: document.querySelectorAll("[data-search-empty]").length }));
    const bad = await state();
    must(/unavailable|not available|not work/i.test(bad.status) && bad.lists && !bad.hits && !bad.empty, `${name}: ${JSON.stringify(bad)}`);
    host.alter = () => undefined;
    await input(page).fill(`${QUERY} `);
    await idle(page);
    must((await state()).hits === 10, `${name}: does not recover: ${JSON.stringify(await state())}`);
    await shut(page);
  }
  // Offline from one moment to the next, in the box.
  const page = await open("/", {}, { quiet: true });
  await page.context().setOffline(true);
  await input(page).fill(QUERY);
  await page.waitForSelector("p.found:not([hidden])");
  must(!(await told(page)).shown && await page.locator("main h1, main h2").first().isVisible(), "offline the page is not whole");
  if (pictures) await picture(page, "offline");
  await page.context().setOffline(false);
  await type(page, `${QUERY}s`);
  await shut(page);
  // Hosts with a stricter policy of their own.
  for (const policy of ["script-src 'self'", "worker-src 'none'"]) {
    const strict = await serve(example, { "content-security-policy": policy });
    const page = await open(`/search/?q=${QUERY}`, {}, { origin: strict.origin, quiet: true });
    await idle(page);
    same([await page.locator("[data-search-result]").count(), await page.locator("[data-search-help]").isVisible()], [0, true], policy);
    await shut(page);
    strict.close();
  }
}

/** Without scripts the box leads to a page that helps. */
async function noScript() {
  const page = await open("/", { javaScriptEnabled: false });
  await input(page).fill(QUERY);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search/?q=*");
  must(await page.locator("[data-search-off]").isVisible(), "nothing explains why there are no hits");
  must(await page.locator("[data-search-help] a").count() > 3, "no lists are offered");
  await shut(page);
}

/** Text of strangers stays text. */
async function hostile() {
  const entries = Object.fromEntries(EVIL.map((text, number) => [`content/questions/evil-${number}.md`, `---\ntitle: ${JSON.stringify(`Evil ${text}`)}\ntags: [evil]\n---\n\nEvil words: \`${text}\`\n`]));
  const other = await serve(await build("evil", "title: Evil\n", entries));
  const page = await open("/search/?q=evil", {}, { origin: other.origin });
  await idle(page);
  const titles = await hits(page);
  same(titles.length, EVIL.length, "hostile hits");
  for (const text of EVIL.slice(0, 2)) must(titles.includes(`Evil ${text}`), `${text} is not shown as it was typed: ${titles.map((title) => title.slice(0, 60))}`);
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  must(!await wide(), "hostile titles make the page wide");
  for (const text of EVIL) {
    await page.goto(`${other.origin}/search/?q=${encodeURIComponent(text.slice(0, 2000))}`);
    await idle(page);
    same(await input(page).inputValue(), text.slice(0, 2000), "the text of the box");
    must(!await wide(), `${text.slice(0, 20)} makes the page wide`);
  }
  await page.goto(`${other.origin}/questions/`);
  for (const text of ["evil", ...EVIL]) {
    await input(page).fill("");
    await type(page, text);
    must(!await wide(), `${text.slice(0, 20)} makes the page wide below the box`);
  }
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search/?q=*");
  must(page.url().length - other.origin.length <= LONGEST, `the address has ${page.url().length} bytes`);
  same(await page.locator("img[src=x], main script").count(), 0, "elements out of text");
  await shut(page);
  other.close();
}

/** What axe says of the list and the page, and pictures. */
async function looks() {
  const look = async (page, name) => {
    await page.evaluate(axe);
    const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
    checks++;
    for (const { id, nodes } of violations) say(`${name}: ${id}: ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary.slice(0, 200)}`);
    must(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${name}: too wide`);
    await picture(page, name);
  };
  const ways = [[390, "light"], [390, "dark"], [1280, "light"], [1280, "dark"], [390, "light", "active"], [320, "light"]];
  for (const [width, colorScheme, forcedColors = "none"] of ways) {
    const way = `${width}-${forcedColors === "active" ? "forced" : colorScheme}`;
    const page = await open("/", { viewport: { width, height: 844 }, colorScheme, forcedColors });
    await type(page, QUERY);
    await page.keyboard.press("ArrowDown");
    await look(page, `list-${way}`);
    for (const [name, path] of [["hits", `?q=${QUERY}`], ["filtered", `?q=${QUERY}&kind=question&is=answered`], ["nothing", "?q=title%3Agrenhouse%20title%3Asensro"]]) {
      await page.goto(`${host.origin}/search/${path}`);
      await idle(page);
      await page.waitForSelector(name === "nothing" ? "a.door[rel=nofollow]" : "[data-search-result]");
      await look(page, `${name}-${way}`);
    }
    await shut(page);
  }
  // While it takes long.
  host.alter = (path) => (path === host.engine ? { hang: true } : undefined);
  const page = await open("/", { viewport: { width: 390, height: 844 } });
  await input(page).fill(QUERY);
  await page.waitForSelector("p.found:not([hidden])");
  await look(page, "waiting");
  host.alter = () => undefined;
  await shut(page);
}

/** Below a sub-path, and in other languages. */
async function elsewhere() {
  const entry = (title, text) => ({ "content/questions/a.md": `# ${title}\n\n${text}\n` });
  /** @type {Record<string, [string, Record<string, string>, string, string, RegExp]>} */
  const sites = {
    de: ["language: de\n", entry("Wie entkalke ich die Kanne?", "Mit Zitronensäure."), "Kanne", "ltr", /Treffer/],
    ar: ["language: ar\ntext_direction: rtl\n", entry("كيف أنظف الإبريق؟", "بالليمون."), "الإبريق", "rtl", /./],
  };
  for (const [name, [config, entries, query, direction, words]] of Object.entries(sites)) {
    const site = join(work, `sub-${name}`, "some/where");
    const built = await build(name, config.replace(/text_direction.*\n/, ""), entries, ["--base-url", "https://x.example/some/where/"]);
    mkdirSync(dirname(site), { recursive: true });
    run("cp", ["-r", built, site]);
    run("cp", ["-r", join(built, "assets"), join(work, `sub-${name}`)]);
    const other = await serve(join(work, `sub-${name}`));
    const page = await open("/some/where/", {}, { origin: other.origin });
    same(await page.evaluate(() => document.documentElement.dir || "ltr"), direction, `${name}: direction`);
    await type(page, query);
    must(words.test(await page.locator("form [role=status]").textContent()), `${name}: ${await page.locator("form [role=status]").textContent()}`);
    await picture(page, `list-${name}`);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/some/where/search/?q=*");
    await idle(page);
    same((await hits(page)).length, 1, `${name}: hits`);
    await picture(page, `hits-${name}`);
    await page.locator("[data-search-result] > a").click();
    await page.waitForURL("**/some/where/questions/a/**");
    await shut(page);
    other.close();
  }
}

/** The preview serves what the worker needs, as it needs it. */
async function preview() {
  const port = 20_000 + (process.pid % 20_000);
  const server = spawn(program, ["serve", "--root", join(root, "example-site"), "--port", String(port)], { stdio: "ignore" });
  const origin = `http://127.0.0.1:${port}`;
  try {
    // The index follows the pages, so that nobody waits for it who only reads.
    for (let tries = 0; tries < 300 && !await fetch(`${origin}/search/index.json`).then((it) => it.ok, () => false); tries++) await wait(100);
    const page = await open("/", {}, { origin });
    const types = new Map();
    page.context().on("response", (response) => types.set(new URL(response.url()).pathname, response.headers()));
    await type(page, QUERY);
    await page.goto(`${origin}/search/?q=${QUERY}`);
    await idle(page);
    same((await hits(page)).length, 10, "hits in the preview");
    const of = (pattern) => [...types].find(([path]) => pattern.test(path)) ?? ["", {}];
    for (const [pattern, type] of [[/search-worker.*js$/, /^text\/javascript/], [/search-engine.*gz$/, /^application\/gzip$/], [/\.bin$/, /^application\/octet-stream$/]]) {
      const [path, headers] = of(pattern);
      must(type.test(headers["content-type"]) && !headers["content-encoding"], `${pattern} ${path}: ${headers["content-type"]} ${headers["content-encoding"]}`);
    }
    await shut(page);
  } finally {
    server.kill();
  }
}
