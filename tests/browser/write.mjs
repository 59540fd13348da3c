// Writes on a built site as somebody without an account does, with everything that markdown and YAML trip over: what
// the page makes goes into the content folder as it is, passes `check` without a word, and shows what was typed.
//
//   cargo build && node tests/browser/write.mjs target/debug/longhouse [PICTURES [PART,PART]]
//
// It ends with 1 if there was anything to say.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { spawnSync } from "node:child_process";
import { launch, run, scratch, serve } from "./search-host.mjs";

const [program, pictures, only] = process.argv.slice(2);
if (!program) {
  console.error("usage: node write.mjs LONGHOUSE [PICTURES [PART,PART]]");
  process.exit(2);
}
if (pictures) mkdirSync(pictures, { recursive: true });

const here = dirname(fileURLToPath(import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const BASE = "/some/where";
/** What the script may weigh, in bytes as sent. */
const WEIGHT = 12.5 * 1024;
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

let problems = 0;
let checks = 0;
let part = "";
const say = (what) => { problems++; console.log(`${part}: ${what}`); };
/** Says what is wrong unless it holds. */
const must = (holds, what) => { checks++; if (!holds) say(what); return holds; };
const same = (is, wanted, what) => must(JSON.stringify(is) === JSON.stringify(wanted), `${what}: ${JSON.stringify(is)?.slice(0, 400)}, not ${JSON.stringify(wanted)?.slice(0, 400)}`);

const shut = (page) => page.context().close();

const AWKWARD = [
  "First: \"quotes\", 'others', # no heading, key: value, {braces}, [brackets], a & b, 100 %, <file>, a\\b.",
  "Grüße aus Łódź, 東京都, 한국어, שלום and 🌱👩‍🌾.",
  "- leading hyphen: not a list of fields\n- another",
  "---",
  "`code with | and * in it`",
];

/** What must be seen of it. */
const SEEN = ["\"quotes\", 'others', # no heading, key: value, {braces}, [brackets], a & b, 100 %, <file>, a\\b.", "Grüße aus Łódź, 東京都, 한국어, שלום and 🌱👩‍🌾.", "leading hyphen: not a list of fields", "code with | and * in it"];

const work = scratch();
const browser = await launch();
/** The example site, in which the texts of this test come to lie. */
const site = join(work, "site");
const folder = join(work, "host");
cpSync(join(here, "../../example-site"), site, { recursive: true });
mkdirSync(join(folder, "some"), { recursive: true });
symlinkSync(join(work, "public"), join(folder, "some/where"));
symlinkSync(join(work, "public/assets"), join(folder, "assets"));
build();
const host = await serve(folder);
const ALL_PARTS = { weight, names, questions, answers, stories, howTos, ideas, awkward, replies, pasted, picture, photos, preview, commonmark, ways, account, long, hosts, kept, search, chosen, offline, noScript, keyboard, tools, hostile, looks };
/** All parts, or those that are asked for. */
const PARTS = Object.fromEntries(Object.entries(ALL_PARTS).filter(([name]) => !only || only.split(",").includes(name)));
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

/** Builds the site as it is now. */
function build() {
  run(program, ["build", "--quiet", "--root", site, "--base-url", `https://example.org${BASE}/`, "--output", join(work, "public")]);
}

/** A page that tells what goes wrong in it. */
async function open(query = "", settings = {}, /** @type {{ quiet?: boolean, store?: () => void, origin?: string }} */ { quiet = false, store, origin } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", acceptDownloads: true, ...settings });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  if (store) await context.addInitScript(store);
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  page.on("console", (message) => message.type() === "error" && !(quiet && /Failed to load/.test(message.text())) && say(`console: ${message.text()}`));
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  page.on("dialog", (dialog) => { say(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => !/^(http:\/\/127\.0\.0\.1|blob:)/.test(request.url()) && say(`asks ${request.url()}`));
  await page.exposeFunction("pwned", () => say("hostile text ran"));
  await page.goto(origin ? `${origin}/write/${query}` : `${host.origin}${BASE}/write/${query}`);
  return page;
}

/** Fills fields by their names, as quickly as somebody who pastes. */
async function fill(page, fields) {
  for (const [name, text] of Object.entries(fields)) {
    const control = page.locator(`form.write [name=${name}]`);
    if (["sentiment", "topic"].includes(name)) await control.selectOption(text);
    else await control.fill(text);
  }
}

/** Presses Send, and takes the file that the page offers: where it belongs in the site, and its text. */
async function finish(page) {
  await page.click("form.write .acts button:not([data-clear])");
  await page.waitForSelector("[data-ready]:not([hidden])");
  const path = await page.textContent("[data-path]");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("[data-way=download] a")]);
  same(download.suggestedFilename(), path.split("/").at(-1), "the download is called");
  return { path, text: readFileSync(await download.path(), "utf8") };
}

/** Puts a file into the site as it is; `check` must not say a word of it. Gives the page that shows it, which is its own
 * unless said otherwise, and takes it out again. */
async function publish({ path, text }, address, ...more) {
  address ??= `/${path.split("/")[1]}/${path.split("/").slice(2).join("/").replace(/(\/index)?\.md$/, "")}/`;
  const files = [[path, text], ...more];
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), bytes);
  }
  const { stdout, stderr, status } = spawnSync(program, ["check", "--root", site, "--format", "json"], { encoding: "utf8", maxBuffer: 1 << 26 });
  const found = status === 2 || status === 3 ? [stderr] : JSON.parse(stdout);
  same(found.map((it) => it.message ? `${it.file}:${it.line} ${it.rule}: ${it.message}` : it), [], `what check says of ${path}, which is\n${text.slice(0, 600)}\n`);
  build();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const response = await page.goto(`${host.origin}${BASE}${address}`);
  must(response.status() === 200, `${address} does not exist`);
  const shown = await page.evaluate(() => ({
    title: document.querySelector("h1")?.textContent,
    text: document.querySelector("main").textContent.replace(/\s+/g, " "),
    code: [...document.querySelectorAll("main pre")].map((it) => it.textContent),
    list: [...document.querySelectorAll("main .text li")].map((it) => it.innerText.trim()),
    headings: [...document.querySelectorAll("main h1, main h2, main h3, main h4")].map((it) => `${it.tagName} ${it.textContent}`),
    pictures: [...document.querySelectorAll("main img")].map((it) => [it.alt, it.naturalWidth]),
    html: document.documentElement.outerHTML,
  }));
  await context.close();
  for (const [path] of files) rmSync(join(site, path));
  return shown;
}

function sees(shown, texts) {
  for (const text of texts) must(shown.text.includes(text), `does not show ${JSON.stringify(text)} but ${JSON.stringify(shown.text.slice(0, 1200))}`);
}

/** The script is small, makes no HTML of text, and is fetched on its page alone. */
async function weight() {
  const page = await open("?kind=question");
  const scripts = await page.evaluate(() => [...document.scripts].map((it) => it.src));
  const ours = scripts.find((it) => /\/write\.[0-9a-f]+\.js$/.test(it));
  const text = readFileSync(join(work, "public", new URL(ours).pathname.slice(BASE.length)), "utf8");
  const bytes = gzipSync(text, { level: 9 }).length;
  console.log(`write.js: ${bytes} bytes compressed`);
  must(bytes <= WEIGHT, `write.js weighs ${bytes} bytes`);
  const found = /innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write|createContextualFragment|parseFromString|\beval\b|new Function/.exec(text);
  must(!found, `the script has ${found?.[0]}`);
  same(await page.getAttribute("meta[name=robots]", "content"), "noindex", "robots are told");
  must(!readFileSync(join(work, "public/sitemap.xml"), "utf8").includes("/write/"), "the sitemap names the page");
  await page.goto(`${host.origin}${BASE}/questions/`);
  must(!(await page.content()).includes("/write."), "other pages load the script");
  await shut(page);
}

/** A file is called after its title: as `longhouse new` calls it where that is short, and by its address in any case. */
async function names() {
  const titles = [
    "How do I reset my password?", "C#: [x]", "  What's   new?  ", "a/../b", "con", "CON.tar.gz", "COM1", "lpt¹", "Nul", "conin$",
    "E\u0301cole", "हिन्दी में सवाल", "السلام عليكم", "東京都の水", "ΟΔΟΣ ΟΔΥΣΣΕΥΣ", "İstanbul'da", "Straße ẞ", "ﬁne", "½ litre at ²", "Ⅷ pumps", "v4.2.", "_under_", ".hidden", "-- help",
    "001_ab12cd_slug", "2026-07-01 Outage", "\u0301mark first", "a \u0301b", "é".repeat(200), "x".repeat(250), `${"word ".repeat(49)}end`, "水".repeat(120), "🌱".repeat(40), "ⓐ circled", "ªº", "ǅ and ǈ",
    "ＡＢＣ１２３", "Ｃ＋＋　ｖ４．２", "ＩSTANBUL İ", "I\u0307zmir", "ısı", "ΣΑΣ, σας ΣΣ", `${"σ".repeat(55)}σ.x σas`, "ﬃne ﷺ ﬀ", "ｶﾞｷﾞ", "soft\u00adhyphen", "می\u200cخواهم", "a\ufe0f1\ufe0f\u20e3", "ᲐᲑ ᏣᎳᎩ", "ẞ ŉ ĳ ſ", "™ ℃ № …", "\u3164",
  ];
  const page = await open("?kind=question");
  await fill(page, { title: "Any", text: "Text.", handle: "ana" });
  await finish(page);
  const bare = join(work, "bare");
  const folder = join(bare, "content/questions");
  mkdirSync(folder, { recursive: true });
  for (const title of titles) {
    await page.locator("[name=title]").fill(title);
    const ours = (await page.textContent("[data-path]")).split("/").at(-1);
    // `new` wants a title with a letter or a digit; one that begins with a hyphen is no option.
    if (/(?!\p{DI})[\p{L}\p{N}]/u.test(title) && title.length < 100) {
      const theirs = run(program, ["new", "--root", bare, "--", "question", title]).trim().split("/").at(-1);
      same(ours, theirs, `the file of ${JSON.stringify(title).slice(0, 60)}`);
    }
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    writeFileSync(join(folder, ours), "# A title?\n\nText.\n");
    run(program, ["build", "--quiet", "--root", bare, "--output", join(work, "bare-public")]);
    must(existsSync(join(work, "bare-public/questions", ours.replace(/\.md$/, ""), "index.html")), `${ours} has another address`);
  }
  await shut(page);
}

/** A question. */
async function questions() {
  const page = await open();
  same(await page.textContent("h1"), "Ask a question", "the page is called");
  same(await page.title(), "Ask a question · Quillfern Community", "the window is called");
  const title = "Why does \"C#: [x]\" say `no`: #1 & 50 %?";
  const text = `${AWKWARD.join("\n\n")}\n\n# A heading of the first level\n\nUnder it.\n\n### One that leaves a level out\n\n\`\`\`js\n# no heading\n---\nconst a = "b";\n\`\`\`\n`;
  await fill(page, { title, text, topic: "sensors", handle: "@Ana López" });
  const file = await finish(page);
  same(file.path, "content/questions/why-does-c-x-say-no-1-50.md", "it belongs to");
  must(file.text.startsWith("---\ntags: [sensors]\nauthors: [ana-lópez]\n---\n# "), `it begins with ${JSON.stringify(file.text.slice(0, 80))}`);
  const shown = await publish(file);
  same(shown.title, title, "the title is shown");
  sees(shown, [...SEEN, "Under it."]);
  same(shown.code, ["# no heading\n---\nconst a = \"b\";\n"], "the code");
  same(shown.headings.filter((it) => /level/.test(it)), ["H2 A heading of the first level", "H3 One that leaves a level out"], "the headings");
  must(shown.text.includes("ana-lópez"), "the author is not named");
  // Five thousand characters.
  await fill(page, { title: "Is there a limit to what one may ask?", text: "Wörter, und mehr davon. ".repeat(52).concat("\n\n").repeat(5) });
  const long = await finish(page);
  must(long.text.length > 5000, `it has ${long.text.length} characters`);
  sees(await publish(long), ["Wörter, und mehr davon. ".repeat(5 * 52).trim()]);
  await shut(page);
}

/** An answer goes into the folder of its question, wherever that lies, under its author's name. */
async function answers() {
  const page = await open("?kind=answer&to=how-deep", {}, { quiet: true });
  await page.waitForSelector("[data-question]:not([hidden])");
  const title = await page.textContent("[data-question] a");
  must(/deep/i.test(title), `the question is called ${title}`);
  must(await page.locator("[name=title]").isHidden(), "an answer has a title");
  await fill(page, { text: `---\n${AWKWARD.join("\n\n")}\n\n# First level\n\nUnder it.\n\nOld heading\n===\n\nEnd.`, handle: "Zoë" });
  const file = await finish(page);
  same(file.path, "content/questions/sensors/how-deep/zoë.md", "it belongs to");
  const shown = await publish(file, "/questions/how-deep/");
  sees(shown, [...SEEN, "Under it.", "End."]);
  must(shown.html.includes('id="answer-zoë"'), "the answer has no anchor");
  // Whoever answered already gets a second file.
  await fill(page, { handle: "tomasz" });
  same((await finish(page)).path, "content/questions/sensors/how-deep/tomasz--2.md", "a second answer belongs to");
  await page.goto(`${host.origin}${BASE}/write/?kind=answer&to=${encodeURIComponent("../../stories/x")}`);
  await page.waitForFunction(() => document.querySelector("[data-said]").textContent);
  must(await page.locator("[data-choose]").isVisible(), "a question that does not exist does not lead to a choice");
  await shut(page);
}

/** A story, one's own and somebody else's. */
async function stories() {
  const page = await open("?kind=story");
  const title = "- It \"held\": all summer, #1";
  await fill(page, { title, problem: `${AWKWARD[0]}\n\n## Outcome\n\nnot yet.\n\n\`\`\`\nan open block`, why: AWKWARD[1], outcome: `${AWKWARD[2]}\n\n${AWKWARD[3]}\n\n${AWKWARD[4]}`, sentiment: "mixed", handle: "ana" });
  must(await page.locator("[name=who]").isHidden(), "one's own story asks who agreed");
  const own = await finish(page);
  same(own.path, "content/stories/it-held-all-summer-1.md", "it belongs to");
  must(own.text.startsWith("---\nsentiment: mixed\nauthors: [ana]\n---\n# "), `it begins with ${JSON.stringify(own.text.slice(0, 80))}`);
  const shown = await publish(own);
  same(shown.title, title, "the title is shown");
  sees(shown, [...SEEN, "an open block", "not yet."]);
  must(shown.headings.some((it) => it === "H2 Why"), `the open block took the rest: ${shown.headings}`);
  await fill(page, { customer: "Müller & Söhne: \"die Gärtner\" #1", who: "Ana, née O'Neil: \"A\"", when: "2026-10-05" });
  const other = await finish(page);
  const theirs = await publish(other);
  sees(theirs, ["Müller & Söhne: \"die Gärtner\" #1", "Ana, née O'Neil: \"A\"", "5 October 2026"]);
  // Without the consent it is not finished.
  await fill(page, { who: "" });
  await page.click("form.write .acts button:not([data-clear])");
  must(await page.evaluate(() => document.activeElement.name === "who"), "a missing consent is not asked for");
  await shut(page);
}

/** A how-to, with steps line by line. */
async function howTos() {
  const page = await open("?kind=how-to");
  const title = "*Drain* the [pump](x) <b> & ~all~ _of_ it__ #";
  await fill(page, { title, time: "10 min: or \"more\" #", needs: `A key: 10 mm\n# a hash\n${AWKWARD[1]}`, steps: "Turn it off: \"now\".\nRun\n```sh\n# drain\npump --all\n```\n  and wait.\n- Close it.", handle: "ana" });
  const file = await finish(page);
  const shown = await publish(file);
  same(shown.title, title, "the title is shown");
  sees(shown, ["10 min: or \"more\" #", "A key: 10 mm", "# a hash", AWKWARD[1], "Turn it off: \"now\".", "and wait.", "Close it."]);
  same(shown.code, ["# drain\npump --all\n"], "the code of the second step");
  must(shown.html.includes('id="step-3"') && !shown.html.includes('id="step-4"'), "there are not three steps");
  // One that is a list already stays it.
  await fill(page, { time: "", needs: "", steps: "1. First.\n2. Second.\n\n   More of it." });
  const list = await finish(page);
  must(!list.text.includes("time:") && !list.text.includes("What you need"), `what is empty stands there: ${list.text}`);
  must(list.text.includes("\n1. First.\n2. Second.\n\n   More of it.\n"), `the list is another one: ${list.text}`);
  await publish(list);
  await shut(page);
}

/** An idea. */
async function ideas() {
  const page = await open("?kind=idea");
  await fill(page, { title: "Water: by the moon? :)", text: AWKWARD.join("\n\n"), handle: "ana" });
  const file = await finish(page);
  must(file.text.startsWith("---\nstate: open\nauthors: [ana]\n---\n# Water: by the moon? :)\n"), file.text.slice(0, 90));
  const shown = await publish(file);
  same(shown.title, "Water: by the moon? :)", "the title is shown");
  sees(shown, SEEN);
  await shut(page);
}

/** Titles that mean something in YAML or markdown are shown as they were typed. */
async function awkward() {
  const titles = [
    "C#: [x]", "Is this C #", "Why ###", "#hashtag?", "# one", "yes", "4.10", "null", "@ana: hi", "!important", "%TAG", "&amp; and &copy;", "> quoted?", "- minus", "+ plus", "1. first",
    "a: b: c", "{a: b}", "[a, b]", "[a](b) and ![c](d)", "[^1] and [a][b]", "'single'", "\"double\"", "it's \"both\"", "`code` and ``more``", "one ` alone", "*args and **kwargs", "2 * 3 * 4", "__init__ and snake_case",
    "~~gone~~ and ~this~", "<script>pwned()</script>", "<br> or <!-- this -->", "<https://example.org/>", "https://example.org/a_b_c?d=e&f", "C:\\new\\table", "\\*escaped\\*", "ends with \\", "a | b | c", "$x^2$", "{#id .class}", ":smile:", "… – — “quotes”", "a -- b --- c", "日本語: 質問？", "שאלה: \"מה\"?", "👩‍👩‍👧 and 🏴‍☠️",
  ];
  const page = await open("?kind=question");
  await fill(page, { title: "Any", text: "Some words of it.", handle: "ana" });
  await finish(page);
  const files = [];
  for (const [number, title] of titles.entries()) {
    await page.locator("[name=title]").fill(title);
    // Some have the same slug; the title is what matters here.
    const text = await page.inputValue("[data-file]");
    files.push([title, `content/questions/awkward-${number}.md`, text, `/questions/awkward-${number}/`]);
  }
  await shut(page);
  const [first, ...rest] = files.map(([, path, text]) => [path, text]);
  const check = await publishAll([first, ...rest]);
  same(check, [], "what check says of awkward titles");
  const context = await browser.newContext({ javaScriptEnabled: false });
  const reader = await context.newPage();
  for (const [title, path, text, address] of files) {
    await reader.goto(`${host.origin}${BASE}${address}`);
    same(await reader.textContent("h1"), title, `the title of ${JSON.stringify(text.slice(0, 120))}`);
    rmSync(join(site, path));
  }
  await context.close();
}

/** Puts many files into the site and builds it; gives what `check` says. */
function publishAll(files) {
  for (const [path, text] of files) writeFileSync(join(site, path), text);
  const { stdout } = spawnSync(program, ["check", "--root", site, "--format", "json"], { encoding: "utf8", maxBuffer: 1 << 26 });
  build();
  return JSON.parse(stdout).map((it) => `${it.file}:${it.line} ${it.rule}: ${it.message}`);
}

/** Whatever one can say with an account: a comment, that something worked, that one wants it too, and where one is stuck. */
async function replies() {
  const questions = "content/questions/sensors/how-deep";
  /** The query, what is filled in, where the file belongs, its text, where it is shown, and what is seen there.
   * @type {[string, Record<string, string>, string, string, string, string[]][]} */
  const all = [
    ["kind=comment&to=how-deep", { text: "Which soil?" }, `${questions}/zoe.md`, "---\ncomment: true\n---\n\nWhich soil?\n", "/questions/how-deep/", ["Which soil?", "zoe"]],
    ["kind=comment&to=how-deep&on=tomasz", { text: "---\nIn clay?" }, `${questions}/zoe.md`, "---\ncomment: true\non: tomasz\n---\n\n***\nIn clay?\n", "/questions/how-deep/", ["In clay?"]],
    ["kind=confirm&to=how-deep&on=tomasz&version=2", {}, `${questions}/zoe.md`, "---\nconfirms: tomasz\nversion: \"2\"\n---\n", "/questions/how-deep/", ["zoe"]],
    ["kind=confirm&to=how-deep&on=tomasz", { text: "In sand, too." }, `${questions}/zoe.md`, "---\nconfirms: tomasz\n---\n\nIn sand, too.\n", "/questions/how-deep/", ["zoe"]],
    ["kind=confirm&of=how-to&to=calibrate-a-leaf", { version: "2" }, "content/how-tos/calibrate-a-leaf/zoe.md", "---\nconfirms: self\nversion: \"2\"\n---\n", "/how-tos/calibrate-a-leaf/", ["zoe"]],
    ["kind=support&to=battery-forecast", {}, "content/ideas/battery-forecast/zoe.md", "---\nsupports: true\n---\n", "/ideas/battery-forecast/", ["zoe"]],
    ["kind=support&to=battery-forecast", { text: "For the winter." }, "content/ideas/battery-forecast/zoe.md", "---\nsupports: true\n---\n\nFor the winter.\n", "/ideas/battery-forecast/", ["zoe"]],
    ["kind=stuck&to=calibrate-a-leaf", { text: "At step 2: the lamp stays red." }, "content/how-tos/calibrate-a-leaf/zoe.md", "At step 2: the lamp stays red.\n", "/how-tos/calibrate-a-leaf/", ["the lamp stays red"]],
    ["kind=comment&of=story&to=a-year-behind-the-last-mast", { text: "How large is it?" }, "content/stories/a-year-behind-the-last-mast/zoe.md", "How large is it?\n", "/stories/a-year-behind-the-last-mast/", ["How large is it?"]],
    ["kind=comment&of=idea&to=battery-forecast", { text: "When?" }, "content/ideas/battery-forecast/zoe.md", "When?\n", "/ideas/battery-forecast/", ["When?"]],
  ];
  for (const [number, [query, fields, path, text, address, seen]] of all.entries()) {
    const page = await open(`?${query}`, {}, { quiet: true });
    await page.waitForSelector("[data-question]:not([hidden])");
    // Each has a name of its own, for the page of the site says which are taken.
    const own = (it) => it.replace("zoe", `zoe${number}x`);
    await fill(page, { ...fields, handle: own("zoe") });
    const file = await finish(page);
    same([file.path, file.text], [own(path), text], query);
    const shown = await publish(file, address);
    sees(shown, seen.map(own));
    // What takes no text but a name can still be said; what is nothing without one asks for it.
    same(await page.evaluate(() => /** @type {HTMLTextAreaElement} */ (document.querySelector("textarea[name=text]")).required), !/kind=(confirm|support)/.test(query), `${query}: a text is needed`);
    same(await page.locator("[name=title]").isVisible(), false, `${query}: a title`);
    await shut(page);
  }
  // An address that names a page which is not there, and one that names nothing, lead to a choice.
  const page = await open("?kind=support&to=nothing-here", {}, { quiet: true });
  await page.waitForFunction(() => document.querySelector("[data-said]").textContent.includes("doesn’t exist"));
  await fill(page, { which: "battery forecast" });
  await page.waitForSelector("[data-similar]:not([hidden]) a");
  await page.click("[data-similar] a[href*='to=battery-forecast']");
  await page.waitForSelector("[data-question]:not([hidden])");
  must(page.url().includes("kind=support"), `it leads to ${page.url()}`);
  for (const query of ["kind=confirm&to=how-deep&on=../../x&of=__proto__", "kind=constructor", "kind=comment&of=page&to=how-deep&text=%3Cb%3E"]) {
    await page.goto(`${host.origin}${BASE}/write/?${query}`);
    must(await page.locator("form.write").isVisible(), `${query} ends the form`);
  }
  same(await page.inputValue("[name=text]"), "<b>", "a text from the address");
  await shut(page);
}

/** Pictures are pasted and dropped, made smaller, and lose what a camera wrote into them. */
async function photos() {
  const page = await open("?kind=question");
  await fill(page, { title: "What is this lamp?", text: "", topic: "sensors", handle: "ana" });
  /** Makes a picture in the page, writes a place into it, and hands it over. */
  const give = (event, files) => page.evaluate(async ([event, files]) => {
    const data = new DataTransfer();
    for (const { name, type, width, height, exif } of files) {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d");
      context.fillStyle = "red";
      context.fillRect(0, 0, width / 2, height);
      const blob = await new Promise((done) => canvas.toBlob(done, type));
      let bytes = new Uint8Array(await blob.arrayBuffer());
      const secret = new TextEncoder().encode("Exif\0\0MM\0*GPS 48.2082 16.3738");
      if (exif && type === "image/jpeg") bytes = Uint8Array.from([...bytes.slice(0, 2), 0xff, 0xe1, 0, secret.length + 2, ...secret, ...bytes.slice(2)]);
      if (exif && type === "image/png") bytes = Uint8Array.from([...bytes.slice(0, 33), 0, 0, 0, secret.length, ...new TextEncoder().encode("eXIf"), ...secret, 0, 0, 0, 0, ...bytes.slice(33)]);
      data.items.add(new File([bytes], name, { type }));
    }
    const box = document.querySelector("[name=text]");
    box.focus();
    const given = event === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
    box.dispatchEvent(given);
    return given.defaultPrevented;
  }, [event, files]);
  must(await give("paste", [{ name: "image.png", type: "image/png", width: 40, height: 30, exif: true }]), "a pasted picture is left to the browser");
  await page.waitForFunction(() => document.querySelector("[name=text]").value.includes("](image.png)"));
  await page.locator("[name=text]").press("Control+End");
  await page.keyboard.press("Enter");
  must(await give("drop", [{ name: "Photo 1.JPG", type: "image/jpeg", width: 3000, height: 2000, exif: true }, { name: "wide.webp", type: "image/webp", width: 2000, height: 100 }]), "a dropped picture is opened by the browser");
  await page.waitForFunction(() => /\]\(photo-1\.jpg\)[^]*\]\(wide\.(webp|png)\)/.test(document.querySelector("[name=text]").value));
  const file = await finish(page);
  const kept = [];
  for (const link of await page.locator("[data-pictures] a[download]").all()) {
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    kept.push([download.suggestedFilename(), readFileSync(await download.path())]);
  }
  same(kept.map(([name]) => name.replace(/webp$/, "png")), ["image.png", "photo-1.jpg", "wide.png"], "the pictures are");
  for (const [name, bytes] of kept) must(!bytes.includes("GPS"), `${name} still says where it was taken`);
  const shown = await publish(file, undefined, ...kept.map(([name, bytes]) => [`content/questions/what-is-this-lamp/${name}`, bytes]));
  same(shown.pictures.map(([, width]) => Number(width)).filter((width) => width > 30), [40, 1600, 1600], "their widths on the page");
  // A text that is pasted stays a text, and what is no picture is refused by name.
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "notes.pdf", { type: "application/pdf" }));
    document.querySelector("[name=text]").dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await page.waitForFunction(() => document.querySelector("[data-said]").textContent.includes("notes.pdf"));
  // One with an animation stays it, without its comments.
  const gif = Buffer.from("R0lGODlhAQABAPAAAP8AAAAAACH/C05FVFNDQVBFMi4wAwEAAAAh/gZzZWNyZXQAIfkEAAoAAAAsAAAAAAEAAQAAAgJEAQAh+QQACgAAACwAAAAAAQABAAACAkQBADs=", "base64");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("[data-for~=question] [data-tool=picture]")]);
  await chooser.setFiles({ name: "move.gif", mimeType: "image/gif", buffer: gif });
  await page.waitForFunction(() => document.querySelector("[name=text]").value.includes("](move.gif)"));
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("[data-pictures] a[download='move.gif']")]);
  const moved = readFileSync(await download.path());
  must(moved.includes("NETSCAPE2.0") && !moved.includes("secret") && moved.length === gif.length - 10, `the animation has ${moved.length} bytes`);
  await shut(page);
}

/** What is shown of a text while it is written: fetched on demand, the same as on the site, and never HTML. */
async function preview() {
  host.seen.length = 0;
  const page = await open("?kind=question");
  await fill(page, { title: "Preview *this*", text: `One **two**.\n\n<img src=x onerror="pwned()"><script>pwned()</script>\n\n[x](javascript:pwned()) [y](https://a.example/) https://b.example/c).\n\n> [!TIP]\n> Tip.\n\n- [x] done\n\n![a lamp](lamp.png)`, handle: "ana" });
  must(!host.seen.some(({ path }) => /preview/.test(path)), "the preview is fetched before anybody wants it");
  await page.click(".preview button");
  await page.waitForSelector(".preview .text strong");
  const bytes = host.seen.filter(({ path }) => /preview/.test(path)).reduce((sum, it) => sum + it.bytes, 0);
  console.log(`preview: ${bytes} bytes`);
  must(bytes < 80_000, `the preview fetches ${bytes} bytes`);
  const shown = await page.evaluate(() => {
    const view = document.querySelector(".preview .text");
    return { title: view.querySelector("h1").textContent, text: view.textContent, links: [...view.querySelectorAll("a")].map((it) => it.getAttribute("href")), bad: view.querySelectorAll("script, img, [onerror], [style]").length, alert: view.querySelector(".alert-tip .alert-title")?.textContent, done: view.querySelector("input").checked };
  });
  same([shown.title, shown.links.filter(Boolean), shown.bad, shown.alert, shown.done], ["Preview *this*", ["https://a.example/", "https://b.example/c"], 0, "Tip", true], "the preview");
  must(shown.text.includes("<script>pwned()</script>") && shown.text.includes("a lamp"), `the preview says ${shown.text}`);
  await fill(page, { text: "Three." });
  await page.waitForFunction(() => document.querySelector(".preview .text").textContent.includes("Three."));
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("[data-for~=question] [data-tool=picture]")]);
  await chooser.setFiles({ name: "lamp.png", mimeType: "image/png", buffer: PNG });
  await page.waitForSelector(".preview canvas[role=img]");
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    for (const width of [390, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(axe);
      const found = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
      for (const { id, nodes } of found.violations) say(`${width} ${colorScheme} ${id}: ${nodes[0].html.slice(0, 200)}`);
      must(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${width} px are too few`);
      if (pictures) await page.screenshot({ path: join(pictures, `preview.${width}.${colorScheme}.png`), fullPage: true });
    }
  }
  await page.click("[data-clear]");
  await page.waitForFunction(() => !document.querySelector(".preview .text").textContent.includes("Three."));
  await page.click(".preview button");
  must(await page.locator(".preview .text").isHidden(), "the preview stays");
  await shut(page);
  // Where it cannot be had, the form says so and works.
  host.alter = (path) => (/preview.*gz/.test(path) ? { status: 500, bytes: Buffer.from("") } : undefined);
  const trouble = await open("?kind=question", {}, { quiet: true });
  await fill(trouble, { title: "Trouble?", text: "x", handle: "ana" });
  await trouble.click(".preview button");
  await trouble.waitForFunction(() => document.querySelector(".preview .text").textContent.includes("not available"));
  await finish(trouble);
  host.alter = () => undefined;
  await shut(trouble);
}

/** Markdown of all sorts is the same in the preview and on the site. With the environment's `COMMONMARK`, the `spec.txt` of
 * CommonMark, all of its examples are, but for those of raw HTML and of pictures. */
async function commonmark() {
  const texts = [
    "a *b* **c** ~~d~~ `e` \\* &amp; &copy;  \nf", "1. a\n2. b\n\n   c\n3. d", "- a\n  - b\n    1. c\n\n* loose\n\n* list", "> a\n> > b\n\nc", "|a|b|\n|:-:|-:|\n|c `d\\|e`|f|",
    "```js\nlet a = \"<b>\";\n```\n\n    indented", "- [ ] a\n- [x] b", "## A\n\n### B\n\ntext", "> [!WARNING]\n> Careful.", "[a](https://a.example/ \"t\") <https://b.example/> https://c.example/d_e.", "7) seven\n8) eight", "***\n\n---",
    "a\\\nb", "[r]\n\n[r]: https://a.example/x", "*a **b** c* __d__ snake_case_word", "<me@a.example>",
  ];
  if (process.env.COMMONMARK) {
    const spec = readFileSync(process.env.COMMONMARK, "utf8");
    let section = "";
    for (const [, heading, example] of spec.matchAll(/^#+ (.+)$|^`{32} example\n([^]*?)^\.\n[^]*?^`{32}$/gm)) {
      if (heading) section = heading;
      else if (!/HTML|Images|Tabs/.test(section) && !/<[a-z!?/]|!\[/i.test(example)) texts.push(example.replaceAll("→", "\t"));
    }
  }
  const root = join(work, "commonmark");
  mkdirSync(join(root, "content"), { recursive: true });
  writeFileSync(join(root, "longhouse.yaml"), "title: T\ncontact: a@b.example\nmarkdown: {}\n");
  for (const [number, text] of texts.entries()) writeFileSync(join(root, `content/n${number}.md`), `# T\n\n${text}\n\nXENDX\n`);
  run(program, ["build", "--quiet", "--root", root, "--output", join(root, "public")]);
  const page = await open("?kind=question");
  const engine = await page.evaluate(async () => {
    const { preview } = document.querySelector(".preview").dataset;
    globalThis.shows = await (await import(preview)).previewer(document.querySelector(".preview").dataset.engine, (word) => word);
    return preview;
  });
  must(engine, "there is no preview");
  let differ = 0;
  for (const [number, text] of texts.entries()) {
    const path = join(root, `public/n${number}/index.html`);
    if (!existsSync(path)) continue;
    const pair = await page.evaluate(async ([html, text]) => {
      /** What a reader sees: elements that mean something, and texts. */
      const plain = (node) => {
        if (node.nodeType === Node.TEXT_NODE) return node.parentElement?.closest("pre") ? node.data : node.data.replace(/\s+/g, " ");
        const name = node.nodeName.toLowerCase();
        if (/^(svg|button|style)$/.test(name) || node.matches?.(".anchor, .alert-title, [aria-hidden=true]")) return "";
        const inner = [...node.childNodes].map(plain).join("");
        if (name === "a") return /^(https?|mailto):/.test(node.getAttribute("href") ?? "") ? `<a ${node.href}>${inner}</a>` : inner;
        if (/^h\d$/.test(name)) return `<h>${inner}</h>`;
        if (name === "input") return `<input${node.checked ? " checked" : ""}>`;
        if (node.matches?.(".alert")) return `<alert>${inner}</alert>`;
        if (/^(span|div|section|#document-fragment|label|nav)$/.test(name)) return inner;
        const start = name === "ol" && node.start !== 1 ? ` ${node.start}` : "";
        const align = /align-(right|center)/.exec(node.className)?.[0] ?? "";
        return `<${name}${start}${align && ` ${align}`}>${inner}</${name}>`;
      };
      const cut = (text) => text.replace(/> /g, ">").replace(/\s+/g, " ").split("XENDX")[0].replace(/\s*(<\/?(?:p|ul|ol|li|blockquote|h|pre|table|thead|tbody|tr|t[hd][^>]*|hr|br|alert)(?: [^>]*)?>)\s*/g, "$1").trim();
      const site = new DOMParser().parseFromString(html, "text/html");
      const shown = document.createDocumentFragment();
      shown.append(...await globalThis.shows.show(`${text}\n\nXENDX\n`, []));
      const article = site.querySelector("article .text");
      return [cut([...article.childNodes].map(plain).join("")), cut(plain(shown))];
    }, [readFileSync(path, "utf8"), text]);
    if (pair[0] !== pair[1]) differ++;
    same(pair[1], pair[0], `the preview of ${JSON.stringify(text)}`);
  }
  console.log(`${texts.length} texts, ${differ} differ`);
  await shut(page);
}

/** Who came because they have no account finds first what needs none. */
async function account() {
  const order = (page) => page.evaluate(() => [...document.querySelectorAll("[data-way]:not([hidden])")].map((it) => [it.dataset.way, !it.querySelector(".door").classList.contains("second")]));
  const page = await open("?kind=question&account=no");
  await fill(page, { title: "Ways?", text: "x", handle: "ana" });
  await finish(page);
  same(await order(page), [["mail", true], ["download", false], ["copy", false], ["edit", false], ["issue", false]], "without an account the ways are");
  must((await page.getAttribute(".kinds a[href*='kind=story']", "href")).endsWith("&account=no"), "another kind forgets it");
  await page.goto(`${host.origin}${BASE}/write/?kind=question`);
  await finish(page);
  same((await order(page)).map(([way]) => way), ["edit", "issue", "mail", "download", "copy"], "with one they are");
  await shut(page);
}

/** What comes along when one pastes is left out, and nothing else. */
async function pasted() {
  const page = await open("?kind=idea");
  await fill(page, { title: "Zero\u200b width\ufeff and \u202ebidi\u202c", text: "a\u200bb\u2060cd, می‌خواهم, ไทย\u200bไทย, 👩‍🌾, x\u200dy, \u2066i\u2069, tab\there\u0001.\n\nLeft\u200e.\n\nשלום\u200f!", handle: "ana" });
  const file = await finish(page);
  const shown = await publish(file);
  same(shown.title, "Zero width and bidi", "the title is shown");
  sees(shown, ["abcd, می‌خواهم, ไทย\u200bไทย, 👩‍🌾, xy, i, tab here.", "Left.", "שלום\u200f!"]);
  await shut(page);
}

/** A picture goes beside the text, under a name that a page can have, as what it is. */
async function picture() {
  const page = await open("?kind=question");
  await fill(page, { title: "What is this lamp?", text: "It blinks.\n\n", topic: "sensors", handle: "ana" });
  const choose = async (name, buffer) => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("[data-for~=question] [data-tool=picture]")]);
    await chooser.setFiles({ name, mimeType: "image/jpeg", buffer });
  };
  await page.locator("[name=text]").press("Control+End");
  await choose("Bild: Ä/1 (Kopie).JPG".replace("/", "_"), PNG);
  await page.waitForFunction(() => document.querySelector("[name=text]").value.includes("]("));
  await page.keyboard.insertText("a lamp");
  same(await page.inputValue("[name=text]"), "It blinks.\n\n![a lamp](bild-ä_1-kopie.png)", "the text");
  await choose("photo.heic", Buffer.from("....ftypheic....."));
  await page.waitForFunction(() => document.querySelector("[data-said]").textContent.includes("photo.heic"));
  const file = await finish(page);
  same(file.path, "content/questions/what-is-this-lamp/index.md", "a text with a picture belongs to");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("[data-pictures] a[download]")]);
  same(download.suggestedFilename(), "bild-ä_1-kopie.png", "the picture is called");
  must((await page.getAttribute("[data-pictures] a[target]", "href")).endsWith("/upload/main/content/questions/what-is-this-lamp"), "there is no place to put the picture");
  const shown = await publish(file, undefined, [`content/questions/what-is-this-lamp/${download.suggestedFilename()}`, readFileSync(await download.path())]);
  same(shown.pictures.filter(([alt]) => alt === "a lamp"), [["a lamp", 1]], "the picture on the page");
  // After a reload its file is gone, and the page says so; the text is not.
  await page.reload();
  must((await page.inputValue("[name=text]")).includes("bild-ä_1-kopie.png"), "the text forgot the picture");
  await finish(page);
  must((await page.textContent("[data-pictures]")).includes("choose it again"), "nothing is said of the picture that is gone");
  // Beside an answer stand those of others.
  await page.goto(`${host.origin}${BASE}/write/?kind=answer&to=how-deep`);
  await page.waitForSelector("[data-question]:not([hidden])");
  await fill(page, { text: "So. ", handle: "zoe" });
  await page.locator("[name=text]").press("Control+End");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("[data-for~=question] [data-tool=picture]")]);
  await chooser.setFiles({ name: "a.png", mimeType: "image/png", buffer: PNG });
  await page.waitForFunction(() => document.querySelector("[name=text]").value.includes("]("));
  const answer = await finish(page);
  must(answer.text.includes("](zoe-a.png)"), answer.text);
  await publish(answer, "/questions/how-deep/", ["content/questions/sensors/how-deep/zoe-a.png", PNG]);
  await shut(page);
}

/** Every way to hand the text over carries it whole. */
async function ways() {
  const page = await open("?kind=question");
  const text = "100 % of `it`, a+b & c=d #1 \"x\" ~ ü 東\n\n````md\n```\nx\n```\n````";
  await fill(page, { title: "Ways & means: 100 %?", text, handle: "ana" });
  const file = await finish(page);
  const href = async (way) => new URL(await page.getAttribute(`[data-way=${way}] a`, "href"));
  const edit = await href("edit");
  same(`${edit.origin}${edit.pathname}`, "https://github.com/quillfern-example/community/new/main", "the editor");
  same(edit.searchParams.get("filename"), "content/questions/ways-means-100.md", "the editor's file");
  same(edit.searchParams.get("value"), file.text, "the editor's text");
  must(!edit.href.includes("+"), "a space is a plus, which not every program reads");
  const issue = await href("issue");
  same(issue.searchParams.get("title"), "Ways & means: 100 %?", "the issue's title");
  must(issue.searchParams.get("body").endsWith(`\n\n\`\`\`\`\`markdown\n${file.text}\`\`\`\`\`\n`), `the issue's text: ${issue.searchParams.get("body")}`);
  const mail = await href("mail");
  same(mail.pathname, "community@quillfern.example", "the letter goes to");
  must(mail.searchParams.get("body").replaceAll("\r\n", "\n").endsWith(file.text), `the letter: ${mail.searchParams.get("body")}`);
  await page.click("[data-way=copy] button");
  await page.waitForFunction(() => document.querySelector("[data-said]").textContent);
  same(await page.evaluate(() => navigator.clipboard.readText()), file.text, "the clipboard");
  // The editor is opened beside the page, with the text on the clipboard too.
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await page.context().route("https://github.com/**", (route) => route.fulfill({ body: "<title>editor</title>", contentType: "text/html" }));
  const [editor] = await Promise.all([page.waitForEvent("popup"), page.click("[data-way=edit] a")]);
  await editor.close();
  await page.bringToFront();
  same(await page.evaluate(() => navigator.clipboard.readText()), file.text, "the clipboard after opening the editor");
  // What is typed on changes the file at once.
  await page.locator("[name=title]").fill("Other means?");
  same((await href("edit")).searchParams.get("filename"), "content/questions/other-means.md", "the editor's file after a change");
  await shut(page);
}

/** A text too long for an address is copied, and the editor opens empty; a letter says what is missing. */
async function long() {
  const page = await open("?kind=question");
  await fill(page, { title: "How long?", text: "Wörter 東京 und mehr davon.\n".repeat(400), handle: "ana" });
  const { text } = await finish(page);
  for (const way of ["edit", "issue"]) {
    const address = await page.getAttribute(`[data-way=${way}] a`, "href");
    must(address.length < 6000, `the address of ${way} has ${address.length} bytes`);
    must(!(new URL(address).searchParams.get("value")), "the editor does not open empty");
  }
  must(await page.locator("[data-long]").isVisible(), "nobody says that it is too long");
  const mail = await page.getAttribute("[data-way=mail] a", "href");
  must(mail.length <= 2000, `the letter's address has ${mail.length} bytes`);
  must(new URL(mail).searchParams.get("body").includes("in the attached file"), "the letter does not say what is missing");
  must(text.length > 10_000, "the file was cut");
  await shut(page);
}

/** Other hosts have other addresses, and some take no text in them. */
async function hosts() {
  const known = {
    gitlab: ["{host: gitlab, url: https://git.example/x/y, branch: next/one}", "/x/y/-/new/next/one/content/questions", { file_name: "größe.md" }, false, "/x/y/-/issues/new"],
    gitea: ["{host: gitea, url: https://git.example/x/y}", "/x/y/_new/main/content/questions", { filename: "größe.md" }, true, "/x/y/issues/new"],
    custom: ["{new_url: \"https://git.example/n/{path}?b={branch}&t={content}&{other}\"}", "/n/content/questions/größe.md", { b: "main" }, true, null],
    bitbucket: ["{url: https://bitbucket.org/x/y, path: a b}", "/x/y/create-file/main/a b/content/questions", { filename: "größe.md" }, false, null],
  };
  for (const [name, [repository, path, parameters, filled, issue]] of Object.entries(known)) {
    const root = join(work, name);
    mkdirSync(join(root, "content/questions"), { recursive: true });
    writeFileSync(join(root, "content/questions/a.md"), "# A?\n\nText.\n");
    writeFileSync(join(root, "longhouse.yaml"), `base_url: https://example.org/\nrepository: ${repository}\n`);
    run(program, ["build", "--quiet", "--root", root, "--output", join(work, `${name}-public`)]);
    const other = await serve(join(work, `${name}-public`));
    const page = await open("?kind=question", {}, { origin: other.origin });
    await fill(page, { title: "Größe", text: "100 % & more?", handle: "ana" });
    const { text } = await finish(page);
    const url = new URL(await page.getAttribute("[data-way=edit] a", "href"));
    same(decodeURIComponent(url.pathname), path, `${name}: the path`);
    for (const [key, value] of Object.entries(parameters)) same(url.searchParams.get(key), value, `${name}: ${key}`);
    same([...url.searchParams.values()].includes(text), filled, `${name}: the text in the address`);
    same(await page.locator("[data-long]").isVisible(), !filled, `${name}: that the editor opens empty`);
    same(await page.locator("[data-way=issue]").isVisible(), issue !== null, `${name}: an issue`);
    if (issue) {
      const address = new URL(await page.getAttribute("[data-way=issue] a", "href"));
      same(address.pathname, issue, `${name}: the issue's path`);
      must([...address.searchParams.values()].some((it) => it.includes(text)), `${name}: the issue's text`);
    }
    must(await page.locator("[data-way=mail]").count() === 0, `${name}: mail to nobody`);
    await shut(page);
    other.close();
  }
}

/** What was typed survives a reload and the end of the browser; it goes only when told to, and comes back. */
async function kept() {
  const page = await open("?kind=story");
  await fill(page, { title: "Kept?", problem: "One\ntwo", customer: "Acme", who: "Bo", when: "2026-01-02", sentiment: "critical", handle: "ana" });
  await page.waitForFunction(() => Object.entries(localStorage).some(([key, it]) => key.includes("story") && it.includes("critical")));
  const typed = () => page.evaluate(() => Object.fromEntries(["title", "problem", "customer", "who", "when", "sentiment", "handle"].map((name) => [name, document.querySelector(`[name=${name}]`).value])));
  const before = await typed();
  await page.reload();
  same(await typed(), before, "after a reload");
  must(await page.locator("[name=who]").isVisible(), "the fields of the consent are gone");
  same(await page.evaluate(() => localStorage.getItem("longhouse.handle")), "ana", "the name is kept as");
  // A crash gives no time to say goodbye: another page with the same memory.
  const state = await page.context().storageState();
  const again = await open("?kind=story", { storageState: state });
  same(await again.inputValue("[name=title]"), "Kept?", "after a crash");
  // Each kind has its own draft, the name is the same.
  await again.goto(`${host.origin}${BASE}/write/?kind=idea`);
  same([await again.inputValue("[name=title]"), await again.inputValue("[name=handle]")], ["", "ana"], "another kind begins with");
  await shut(again);
  await page.click("[data-clear]");
  same((await typed()).title, "", "after starting over");
  await page.click(".undo");
  same(await typed(), before, "after bringing it back");
  await page.reload();
  same(await typed(), before, "and after a reload");
  await page.click("[data-clear]");
  await page.reload();
  same((await typed()).title, "", "started over, and reloaded");
  same((await typed()).handle, "ana", "the name is not forgotten");
  await shut(page);
  // A browser that keeps nothing says so, and the form works.
  const forgetful = await open("?kind=question", {}, { store: () => { Object.defineProperty(window, "localStorage", { get() { throw new Error("no"); } }); } });
  await fill(forgetful, { title: "Nothing kept?", text: "So.", handle: "ana" });
  await forgetful.waitForFunction(() => document.querySelector("[data-said]").textContent.includes("save drafts"));
  await finish(forgetful);
  await shut(forgetful);
}

/** While the title is typed the page shows what is there already. */
async function search() {
  const page = await open("?kind=question");
  await page.locator("[name=title]").pressSequentially("sensor offline after battery", { delay: 5 });
  await page.waitForSelector("[data-similar]:not([hidden]) a");
  const first = page.locator("[data-similar] a").first();
  must((await first.getAttribute("href")).startsWith(`${BASE}/questions/sensor-offline-after-battery/`), `the first that is like it is ${await first.getAttribute("href")}`);
  must(/page/.test(await page.textContent("[data-heard]")), "a screen reader is not told");
  same(await page.evaluate(() => document.activeElement.name), "title", "the keys are in");
  // A file that would take the address of what was found gets another name.
  await fill(page, { title: "Sensor offline after battery", text: "x", handle: "ana" });
  await page.waitForTimeout(500);
  same((await finish(page)).path, "content/questions/sensor-offline-after-battery-2.md", "a name that is taken");
  await page.locator("[name=title]").fill("");
  await page.waitForSelector("[data-similar]", { state: "hidden" });
  await shut(page);
  // A host in trouble: the form goes on.
  host.alter = (path) => (path.includes("/search/") ? { status: 500, bytes: Buffer.from("") } : undefined);
  const trouble = await open("?kind=question", {}, { quiet: true });
  await fill(trouble, { title: "Sensor offline after battery", text: "x", handle: "ana" });
  await finish(trouble);
  must(await trouble.locator("[data-similar]").isHidden(), "a broken search shows hits");
  await shut(trouble);
  host.alter = () => undefined;
}

/** Who comes without a question chooses one. */
async function chosen() {
  const page = await open("?kind=answer");
  await fill(page, { which: "how deep", text: "Kept?", handle: "ana" });
  await page.waitForSelector("[data-similar]:not([hidden]) a");
  await page.click("[data-similar] a[href*='to=how-deep']");
  await page.waitForSelector("[data-question]:not([hidden])");
  must(page.url().endsWith("/write/?kind=answer&to=how-deep"), `it leads to ${page.url()}`);
  await shut(page);
}

/** Once loaded it needs nobody; and a question that was seen before is known without a network. */
async function offline() {
  const page = await open("?kind=answer&to=how-deep", {}, { quiet: true });
  await page.waitForSelector("[data-question]:not([hidden])");
  await page.context().setOffline(true);
  await fill(page, { text: "Written on a train.", handle: "ana" });
  same((await finish(page)).path, "content/questions/sensors/how-deep/ana.md", "offline it belongs to");
  await page.context().setOffline(false);
  host.alter = (path) => (path.includes("/questions/") ? { status: 503, bytes: Buffer.from("") } : undefined);
  await page.reload();
  await page.waitForFunction(() => document.querySelector("[data-said]").textContent.includes("can’t be shown"));
  same((await finish(page)).path, "content/questions/sensors/how-deep/ana.md", "with a host in trouble it belongs to");
  host.alter = () => undefined;
  await shut(page);
}

/** Without JavaScript the page says what else there is. */
async function noScript() {
  const page = await open("?kind=question", { javaScriptEnabled: false });
  must(await page.locator("form.write").isHidden(), "a form that does nothing is shown");
  must((await page.innerText("main")).includes("needs JavaScript"), "nobody says why there is no form");
  must(await page.locator(".ways a[href^='https://github.com/']").count() === 4, "the editor's doors are missing");
  must(await page.locator(".ways a[href^='mailto:']").count() === 1, "the address is missing");
  if (pictures) await page.screenshot({ path: join(pictures, "no-script.png") });
  await shut(page);
}

/** All of it with keys alone. */
async function keyboard() {
  const page = await open("?kind=question");
  await page.focus("[name=title]");
  await page.keyboard.type("Only keys?");
  await page.waitForTimeout(600);
  const stops = [];
  for (let stop = 0; stop < 30; stop++) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate(() => document.activeElement.dataset.tool ?? document.activeElement.name ?? document.activeElement.textContent);
    stops.push(now);
    if (now === "link") {
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      same(await page.evaluate(() => document.activeElement.dataset.tool), "code", "arrows lead to");
      await page.keyboard.press("End");
      same(await page.evaluate(() => document.activeElement.dataset.tool), "picture", "End leads to");
      await page.keyboard.press("ArrowRight");
      same(await page.evaluate(() => document.activeElement.dataset.tool), "link", "behind the last comes");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      same(await page.evaluate(() => [document.activeElement.name, document.activeElement.value]), ["text", "- "], "Enter puts in");
      await page.keyboard.type("one");
      await page.keyboard.press("Control+z");
    } else if (now === "text") {
      await page.keyboard.insertText("typed");
    } else if (now === "handle") {
      await page.keyboard.type("ana");
      await page.keyboard.press("Enter");
      break;
    }
  }
  await page.waitForSelector("[data-ready]:not([hidden])");
  same(await page.evaluate(() => document.activeElement.matches("[data-ready]")), true, "the keys go to what is ready");
  await page.keyboard.press("Tab");
  same(await page.evaluate(() => document.activeElement.closest("[data-way]")?.dataset.way), "edit", "the next stop is");
  await shut(page);
}

/** What the buttons put in. */
async function tools() {
  const page = await open("?kind=question");
  const box = page.locator("[name=text]");
  const press = async (tool, text, from, to) => {
    await box.fill(text);
    await box.evaluate((it, [from, to]) => it.setSelectionRange(from, to), [from, to]);
    await page.click(`[data-for~=question] [data-tool=${tool}]`);
    return box.evaluate((it) => [it.value, it.value.slice(it.selectionStart, it.selectionEnd)]);
  };
  same(await press("link", "see here now", 4, 8), ["see [here](https://) now", "https://"], "a link on words");
  same(await press("link", "https://a.example/", 0, 18), ["[link text](https://a.example/)", "link text"], "a link on an address");
  same(await press("list", "a\nb", 0, 3), ["- a\n- b", ""], "a list");
  same(await press("code", "run x now", 4, 5), ["run `x` now", "`x`"], "code");
  same(await press("code", "a`b", 0, 3), ["`` a`b ``", "`` a`b ``"], "code with a backtick");
  same(await press("code", "a\nb", 0, 3), ["```\na\nb\n```\n", "a\nb"], "lines of code");
  // The browser takes it back like anything that was typed.
  await box.fill("word");
  await press("code", "word", 0, 4);
  await page.keyboard.press("Control+z");
  same(await box.inputValue(), "word", "taken back");
  // An address that nobody filled in is no link.
  await fill(page, { title: "Links?", text: "See [here](https://) and [there](https://a.example/x).", handle: "ana" });
  must((await finish(page)).text.includes("See here and [there](https://a.example/x)."), "a link without an address stays");
  await shut(page);
}

/** Text and addresses of strangers are text. */
async function hostile() {
  const evil = "<img src=x onerror=\"pwned()\">\"><script>pwned()</script>";
  const page = await open(`?kind=question&title=${encodeURIComponent(evil)}&to=${encodeURIComponent(evil)}`);
  same(await page.inputValue("[name=title]"), evil, "the title from the address");
  await fill(page, { text: evil, handle: evil });
  const file = await finish(page);
  must(/^content\/questions\/[^/<>"]+\.md$/.test(file.path), `it belongs to ${file.path}`);
  await page.evaluate(() => localStorage.setItem(Object.keys(localStorage).find((key) => key.includes("write")), "{\"typed\":{\"title\":[1]},\"pictures\":{}}"));
  await page.evaluate(() => localStorage.setItem("longhouse.write:/some/where/:idea:", "no JSON"));
  await page.goto(`${host.origin}${BASE}/write/?kind=idea`);
  must(await page.locator("form.write").isVisible(), "a draft that cannot be read ends the form");
  await page.goto(`${host.origin}${BASE}/write/?kind=__proto__`);
  same(await page.textContent("h1"), "Ask a question", "an unknown kind is");
  await shut(page);
}

/** Each kind, on a phone and wide, light and dark, as axe sees it. */
async function looks() {
  for (const [width, height] of [[390, 844], [1280, 900]]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const kind of ["question", "answer", "story", "how-to", "idea"]) {
        const page = await open(`?kind=${kind}${kind === "answer" ? "&to=how-deep" : ""}`, { viewport: { width, height }, colorScheme });
        if (kind === "answer") await page.waitForSelector("[data-question]:not([hidden])");
        const texts = { question: { title: "Sensor offline after battery", text: "It was on last week." }, answer: { text: "Ten centimetres." }, story: { title: "All beds lived", outcome: "All of them.", customer: "Acme Ltd", who: "Ana Silva", when: "2026-11-21" }, "how-to": { title: "Change the battery", steps: "Open it.\nTurn it." }, idea: { title: "Dark mode", text: "At night." } };
        await fill(page, { ...texts[kind], handle: "ana" });
        if (kind === "question") await page.waitForSelector("[data-similar]:not([hidden]) a");
        for (const state of ["form", "ready"]) {
          if (state === "ready") await page.click("form.write .acts button:not([data-clear])");
          await page.evaluate(axe);
          const found = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
          for (const { id, nodes } of found.violations) for (const node of nodes.slice(0, 3)) say(`${kind} ${width} ${colorScheme} ${state} ${id}: ${node.html.slice(0, 160)} ${node.failureSummary.split("\n").slice(1).join(" ").slice(0, 200)}`);
          checks++;
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          must(wide <= 0, `${kind} ${width} is ${wide} px too wide`);
          if (pictures) await page.screenshot({ path: join(pictures, `${kind}.${state}.${width}.${colorScheme}.png`), fullPage: true });
        }
        await shut(page);
      }
    }
  }
}
