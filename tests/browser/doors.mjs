// Goes through the doors as a reader does: with and without scripts, with keys, on hosts that can begin a file and on
// hosts that cannot, with and without a name, with a clipboard and without one.
//
//   cargo build && node tests/browser/doors.mjs target/debug/longhouse [PICTURES]
//
// It ends with 1 if there was anything to say.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, run, serve } from "./search-host.mjs";

const [program, pictures] = process.argv.slice(2);
if (!program) {
  console.error("usage: node doors.mjs LONGHOUSE [PICTURES]");
  process.exit(2);
}
if (pictures) mkdirSync(pictures, { recursive: true });

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const QUESTION = "/questions/last-drippers-give-half/";
const KEY = "longhouse.handle";

let problems = 0;
let checks = 0;
let part = "";
const say = (what) => { problems++; console.log(`${part}: ${what}`); };
const must = (holds, what) => { checks++; if (!holds) say(what); return holds; };
const same = (is, wanted, what) => must(JSON.stringify(is) === JSON.stringify(wanted), `${what}: ${JSON.stringify(is)?.slice(0, 400)}, not ${JSON.stringify(wanted)}`);
const shut = (page) => page.context().close();

const primary = (page) => page.locator("main .doors > .door").first();
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());
const kept = (page) => page.evaluate((key) => localStorage.getItem(key), KEY);
const file = (address) => new URL(address).searchParams.get("filename")?.split("/").at(-1);

const work = mkdtempSync(join(tmpdir(), "longhouse-doors-"));
const browser = await launch();
const github = await site("github", (text) => text);
const gitlab = await site("gitlab", (text) => text.replace(/host: github\n\s+url: .*/, "host: gitlab\n  url: https://git.example.org/quillfern/community"));
const arabic = await site("arabic", (text) => text.replace("language: en", "language: ar").replace("languages: [en, de]", ""));
const PARTS = { noScript, handle, taken, paste, byHand, keys, narrow, looks };
try {
  for (const [name, check] of Object.entries(PARTS)) {
    part = name;
    try {
      await check();
    } catch (error) {
      say(error.stack ?? error);
    }
    for (const context of browser.contexts()) await context.close();
  }
  console.log(`${checks} checks, ${problems} problems`);
} finally {
  await browser.close();
  for (const host of [github, gitlab, arabic]) host.close();
  rmSync(work, { recursive: true, force: true });
}
process.exit(problems ? 1 : 0);

/** The example under another configuration, on a host of its own. */
async function site(name, change) {
  const folder = join(work, name);
  cpSync(join(root, "example-site"), folder, { recursive: true, filter: (path) => !path.endsWith("public") });
  const file = join(folder, "longhouse.yaml");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, change(text));
  run(program, ["build", "--quiet", "--root", folder, "--output", join(folder, "public")]);
  return serve(join(folder, "public"));
}

/** A page that tells what goes wrong in it. Whatever it opens elsewhere is answered here, and its address kept. */
async function open(host, path, settings = {}, { clipboard = true } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...settings });
  if (clipboard) await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: host.origin });
  /** @type {import("playwright-core").Page & { asked?: string[] }} */
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  page.asked = [];
  await context.route((url) => url.origin !== host.origin, (route) => {
    page.asked.push(route.request().url());
    return route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Elsewhere</title>" });
  });
  page.on("console", (message) => message.type() === "error" && say(`console: ${message.text()}`));
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  if (!clipboard) await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.goto(host.origin + path);
  return page;
}

/** Each door leads to an editor with the file begun, and what cannot be begun is not offered. */
async function noScript() {
  const page = await open(github, QUESTION, { javaScriptEnabled: false });
  same(await page.locator(".panel, .copy-file, .who").count(), 0, "made by scripts");
  const url = new URL(await primary(page).getAttribute("href"));
  same(url.searchParams.get("filename"), "content/questions/watering/last-drippers-give-half/your-name.md", "the file of an answer");
  await page.locator(".doors summary").click();
  for (const name of ["Add a comment", "Ask another question", "Tell your story", "Write a how-to", "Suggest an idea", "Edit this page"]) {
    must(await page.getByRole("link", { name, exact: true }).isVisible(), `${name} is not to be seen`);
  }
  must((await page.getByRole("link", { name: "Edit this page" }).getAttribute("href")).includes("/edit/main/"), "edit opens no editor");
  const writing = page.locator(".doors").getByRole("link", { name: "No account? Write here" });
  same(await writing.evaluateAll((all) => all.map((link) => link.getAttribute("href"))), ["kind=comment&to=last-drippers-give-half", "kind=question", "kind=story", "kind=how-to", "kind=idea", "kind=answer&to=last-drippers-give-half"].map((query) => `/write/?${query}&account=no`), "where one writes without an account");
  await primary(page).click();
  must(page.url().startsWith("https://github.com/quillfern-example/community/new/main?filename="), page.url());
  await shut(page);
  const other = await open(gitlab, QUESTION, { javaScriptEnabled: false });
  must(!(await other.getByRole("link", { name: /It worked for me/ }).first().isVisible()), "an empty file would not say that it worked");
  await other.locator(".doors summary").click();
  must(!(await other.locator(".doors").getByText("Add a comment").isVisible()), "an empty file would be an answer");
  must(await primary(other).isVisible(), "no door to an answer");
  await primary(other).click();
  must(other.url().startsWith("https://git.example.org/quillfern/community/-/new/main/content/questions/watering/last-drippers-give-half?file_name=your-name.md"), other.url());
  await shut(other);
}

/** The handle is asked once, is in every door to a reply, and can be changed; nobody is kept from going on. */
async function handle() {
  let page = await open(github, QUESTION);
  same(await page.locator(".panel").count(), 0, "asked before anybody came near");
  await page.locator("main h1").hover();
  same(await page.locator(".panel").count(), 0, "asked before anybody came near a door");
  await primary(page).hover();
  must(await page.locator(".panel input").isVisible(), "nobody asks");
  same(await page.evaluate(() => document.activeElement === document.body), true, "the caret was taken away");
  // Going on without an answer is one click, and leads where it led.
  await primary(page).click();
  same(file(page.url()), "your-name.md", "the file of somebody who did not say");
  await page.goBack();
  await primary(page).hover();
  await page.locator(".panel input").fill(" https://github.com/Renée-Müller/ ");
  await page.keyboard.press("Enter");
  same(await kept(page), "renée-müller", "what is remembered");
  same(await page.locator(".panel").count(), 0, "the question after its answer");
  const names = await page.evaluate(() => [...document.querySelectorAll("main a[rel=nofollow]")].map((door) => new URL(door.href).searchParams.get("filename")).filter((name) => name?.includes("/last-drippers")));
  must(names.length > 3 && names.every((name) => name.endsWith("/renée-müller.md")), `doors to replies: ${names}`);
  const others = await page.evaluate(() => [...document.querySelectorAll(".more a[rel=nofollow]")].map((door) => new URL(door.href).searchParams.get("filename")).filter((name) => name && !name.includes("/last-drippers")));
  same(others.map((name) => name.split("/").at(-1)), ["your-question.md", "your-story.md", "your-how-to.md", "your-idea.md"], "doors to new pages");
  await page.goto(`${github.origin}/how-tos/`);
  await page.goto(github.origin + QUESTION);
  await primary(page).hover();
  same(await page.locator(".panel").count(), 0, "asked twice");
  await primary(page).click();
  same(file(page.url()), "renée-müller.md", "on the next page");
  must(new URL(page.url()).searchParams.get("value")?.startsWith("Say what you did"), "the text went missing");
  await page.goBack();
  // It can be changed, and taken back.
  await page.locator(".doors summary").click();
  must((await page.locator(".who").textContent()).includes("renée-müller"), "the menu does not say it");
  await page.getByRole("button", { name: "Change" }).click();
  same(await page.evaluate(() => document.activeElement.name), "handle", "the caret after Change is in");
  await page.locator(".panel input").fill("mirela");
  await page.getByRole("button", { name: "Remember" }).click();
  same(file(await primary(page).getAttribute("href")), "mirela--2.md", "somebody who answered before");
  await shut(page);
  // "No, thanks" is an answer.
  page = await open(github, QUESTION);
  await primary(page).hover();
  await page.getByRole("button", { name: "No, thanks" }).click();
  same(await kept(page), "", "what is remembered of a no");
  await page.reload();
  await primary(page).hover();
  same(await page.locator(".panel").count(), 0, "asked again after a no");
  same(file(await primary(page).getAttribute("href")), "your-name.md", "the file after a no");
  await page.locator(".doors summary").click();
  must(await page.locator(".who .change").isVisible(), "a no is for ever");
  await shut(page);
  // Whatever somebody types is a file name.
  page = await open(github, QUESTION);
  for (const [typed, wanted] of [["../../evil", "evil"], ["@Ana", "ana"], ["a b/c&d=e#f", "c-d-e-f"], ["...", ""], ["<b>x</b>", "b"], ["  ", ""], ["your-name", ""], ["Ana López", "ana-lópez"], ["東京", "東京"]]) {
    await page.evaluate((key) => localStorage.removeItem(key), KEY);
    await page.reload();
    await primary(page).hover();
    await page.locator(".panel input").fill(typed);
    await page.getByRole("button", { name: "Remember" }).click();
    same(await kept(page), wanted, `what becomes of ${typed}`);
    same(file(await primary(page).getAttribute("href")), `${wanted || "your-name"}.md`, `the file of ${typed}`);
  }
  await shut(page);
  // A browser that keeps nothing asks again, and nothing breaks.
  page = await browser.newPage();
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  await page.addInitScript(() => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } }));
  await page.goto(github.origin + QUESTION);
  await primary(page).hover();
  await page.locator(".panel input").fill("ana");
  await page.keyboard.press("Enter");
  same(file(await primary(page).getAttribute("href")), "ana.md", "without a memory");
  await shut(page);
  // In another language the name that means nobody is another one.
  page = await open(arabic, QUESTION);
  same(file(await primary(page).getAttribute("href")), "اسمك.md", "nobody in Arabic");
  await primary(page).hover();
  await page.locator(".panel input").fill("ليلى");
  await page.keyboard.press("Enter");
  same(file(await primary(page).getAttribute("href")), "ليلى.md", "a name in Arabic");
  await shut(page);
}

/** Nobody is offered a name that a file has. */
async function taken() {
  const page = await open(github, QUESTION);
  const names = (await page.locator(".doors").getAttribute("data-taken")).split(" ");
  must(names.length > 2, "nobody wrote here");
  for (const name of names) {
    await page.evaluate(([key, name]) => localStorage.setItem(key, name), [KEY, name]);
    await page.reload();
    const offered = file(await primary(page).getAttribute("href"));
    must(offered === `${name}--2.md` || offered === `${name}--3.md`, `${name} is offered ${offered}`);
  }
  await shut(page);
}

/** Where the editor opens empty, the door copies the text, says so, and leads on. */
async function paste() {
  const page = await open(gitlab, QUESTION);
  await page.evaluate((key) => localStorage.setItem(key, "ana"), KEY);
  await page.reload();
  must((await primary(page).getAttribute("href")).endsWith("?file_name=ana.md"), "no name in the address");
  await primary(page).click();
  same(page.asked, [], "left before anybody was told");
  same(await copied(page), "Say what you did, what happened, and which version you used.\n", "the clipboard");
  const told = await page.locator(".panel [role=status]").textContent();
  must(told.includes("ana.md") && told.includes("clipboard"), told);
  same(await page.evaluate(() => document.activeElement.textContent), "Open the editor", "the keys are at");
  await page.keyboard.press("Enter");
  await page.waitForURL(/git\.example\.org/);
  must(page.url().endsWith("/-/new/main/content/questions/watering/last-drippers-give-half?file_name=ana.md"), page.url());
  await page.goBack();
  const worked = page.getByRole("link", { name: /It worked for me/ }).first();
  must(await worked.isVisible(), "a script opens what cannot be begun");
  await worked.click();
  must((await copied(page)).startsWith("---\nconfirms: "), await copied(page));
  await page.keyboard.press("Escape");
  same(await page.locator(".panel").count(), 0, "after Escape");
  must(await worked.evaluate((door) => door === document.activeElement), "the keys are lost after Escape");
  await page.locator(".doors summary").click();
  await page.locator(".doors").getByText("Add a comment").click();
  must((await copied(page)).startsWith("---\ncomment: true\n---\n"), await copied(page));
  await shut(page);
  // Each door's file can be copied where its editor opens filled, too.
  const other = await open(github, QUESTION);
  await other.evaluate((key) => localStorage.setItem(key, ""), KEY);
  await other.reload();
  await other.locator(".doors > .needs .copy-file").click();
  same(await copied(other), "Say what you did, what happened, and which version you used.\n", "the clipboard");
  await other.waitForFunction(() => document.querySelector(".doors > .needs .copy-file").textContent === "Copied");
  await other.locator(".doors summary").click();
  const buttons = await other.locator(".doors .more .copy-file").all();
  const texts = [];
  for (const button of buttons) {
    await button.click();
    texts.push((await copied(other)).split("\n").find((line) => line.startsWith("# ")) ?? (await copied(other)).split("\n")[1]);
  }
  same(texts, ["comment: true", "# Your question in one sentence?", "# The outcome, in one sentence", "# What you will get done, in a few words", "# Your idea in one sentence"], "the files behind More");
  same(other.asked, [], "copying led away");
  await shut(other);
}

/** A page that may not write to the clipboard shows the text instead. */
async function byHand() {
  const page = await open(gitlab, QUESTION, {}, { clipboard: false });
  await primary(page).click();
  const box = page.locator(".panel textarea");
  same(await box.inputValue(), "Say what you did, what happened, and which version you used.\n", "the text to copy");
  same(await page.evaluate(() => getSelection().toString() || document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)), await box.inputValue(), "selected");
  must((await page.locator(".panel p").textContent()).includes("your-name.md"), "nobody says which file it is");
  must(await page.getByRole("link", { name: "Open the editor" }).isVisible(), "no way on");
  await page.getByRole("button", { name: "Close" }).click();
  same(await page.locator(".panel").count(), 0, "after Close");
  await shut(page);
  const other = await open(github, QUESTION, {}, { clipboard: false });
  await other.locator(".doors > .needs .copy-file").click();
  must(await other.locator(".panel textarea").isVisible(), "nothing happens where nothing can be copied");
  await shut(other);
}

/** Everything can be reached and done with keys. */
async function keys() {
  const page = await open(github, QUESTION);
  await primary(page).focus();
  must(await page.locator(".panel input").isVisible(), "nobody asks who comes with keys");
  must(await primary(page).evaluate((door) => door === document.activeElement), "the keys were taken away");
  const order = [];
  for (let step = 0; step < 6; step++) {
    await page.keyboard.press("Tab");
    order.push(await page.evaluate(() => document.activeElement.name || document.activeElement.textContent.trim()));
  }
  same(order, ["More", "No account? Write here", "Copy the file", "handle", "Remember", "No, thanks"], "the order of keys");
  await page.locator(".panel input").focus();
  await page.keyboard.press("Escape");
  same(await page.locator(".panel").count(), 0, "after Escape");
  same(await kept(page), null, "Escape is no answer");
  await page.locator(".doors summary").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  same(await page.evaluate(() => document.activeElement.textContent), "Add a comment", "the first door behind More");
  await page.keyboard.press("Escape");
  must(await page.locator(".doors summary").evaluate((it) => it === document.activeElement && !it.parentElement.open), "Escape does not close the menu");
  await shut(page);
}

/** On a phone the doors stay in reach, and whatever they show fits. */
async function narrow() {
  for (const host of [github, gitlab, arabic]) {
    for (const path of [QUESTION, "/how-tos/", "/stories/", "/"]) {
      const page = await open(host, path, { viewport: { width: 390, height: 844 }, hasTouch: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      must(wide <= 390, `${path} is ${wide} px wide`);
      if (path === QUESTION) {
        const box = await primary(page).boundingBox();
        must(box && box.y + box.height <= 844, "the first door is out of reach");
        must(box.height >= 44, `the first door is ${box.height} px high`);
        await page.locator(".doors summary").tap();
        const menu = await page.locator(".doors .more .links").boundingBox();
        must(menu.y >= 0 && menu.x >= 0 && menu.x + menu.width <= 390, `the menu is at ${JSON.stringify(menu)}`);
      }
      await shut(page);
    }
  }
}

/** Pictures, and what a checker of accessibility says of all that scripts make. */
async function looks() {
  const states = {
    plain: [github, QUESTION, async () => {}],
    more: [github, QUESTION, async (page) => page.locator(".doors summary").click()],
    asked: [github, QUESTION, async (page) => primary(page).focus()],
    reaction: [github, QUESTION, async (page) => page.locator(".reaction a").first().hover()],
    known: [github, QUESTION, async (page) => { await page.evaluate((key) => localStorage.setItem(key, "ana"), KEY); await page.reload(); await page.locator(".doors summary").click(); }],
    paste: [gitlab, QUESTION, async (page) => { await page.evaluate((key) => localStorage.setItem(key, "ana"), KEY); await page.reload(); await primary(page).click(); }],
    hand: [gitlab, QUESTION, async (page) => { await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("no")); }); await primary(page).click(); }],
    howto: [github, "/how-tos/back-up-the-hub/", async () => {}],
    arabic: [arabic, QUESTION, async (page) => page.locator(".doors summary").click()],
    list: [github, "/stories/", async () => {}],
  };
  for (const [name, state] of Object.entries(states)) {
    const [host, path, prepare] = /** @type {[any, string, (page: any) => Promise<unknown>]} */ (state);
    for (const width of [390, 1280]) {
      for (const colorScheme of ["light", "dark"]) {
        const page = await open(host, path, { viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme });
        // What grows would lie over the text on a phone, and a checker would call what it covers too small.
        if (["asked", "paste", "hand"].includes(name)) await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
        await prepare(page);
        await page.evaluate(axe);
        const { violations } = await page.evaluate((values) => window.window.axe.run(document, { runOnly: { type: "tag", values } }), RULES);
        for (const { id, nodes } of violations) say(`${name} ${width} ${colorScheme}: ${id} at ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`);
        checks++;
        if (pictures) await page.screenshot({ path: join(pictures, `${name}-${width}-${colorScheme}.png`) });
        await shut(page);
      }
    }
  }
}
