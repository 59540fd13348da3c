// Looks at a built site: takes pictures of every kind of page, phone and desktop, light and dark, and says
// what axe finds, what the console complains about, what a page asks of anybody else, what does not fit, and
// what a keyboard, larger letters, a printer or few colours do not get.
//
//   longhouse build --root example-site -o /tmp/site
//   node tests/browser/look.mjs /tmp/site /tmp/pictures [--quick] [--structure] [/questions/ …]
//
// Without paths it takes all pages of a small site, and of a large one the shortest and the longest of each
// folder. With --quick it takes no pictures, and looks at one page of each kind only where one stands for all.
// With --structure it leaves out axe. It ends with 1 if there was anything to say.

import { createServer } from "node:http";
import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, resolve, sep } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SMALL = 80;
const SIZES = [[390, 844], [1280, 900]];
const SCHEMES = ["light", "dark"];
const AT_ONCE = 3;
/** What a question with five answers may weigh with its style sheet, its scripts and what it says to search engines, in
 * bytes as sent. */
const WEIGHT = 32 * 1024;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const options = process.argv.slice(2);
const quick = options.includes("--quick");
const structure = options.includes("--structure");
const [site, ...rest] = options.filter((option) => !option.startsWith("--"));
// Without pictures there is no folder for them.
const pictures = quick ? undefined : rest.shift();
if (!site || (!quick && !pictures)) {
  console.error("usage: node look.mjs SITE PICTURES [--quick] [--structure] [PATH …]");
  process.exit(2);
}

const root = resolve(site);
const base = basePath();
const server = createServer(answer).listen(0, "127.0.0.1");
await new Promise((ready) => server.once("listening", ready));
const origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
const all = pages(root, "/");
const paths = rest.length ? rest : choose(all);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let problems = 0;
if (!quick) mkdirSync(pictures, { recursive: true });

for (const [width, height] of SIZES) {
  for (const colorScheme of SCHEMES) {
    // Dark changes colours and wide changes places: seen by themselves, both together bring nothing new.
    if (quick && colorScheme === "dark" && width !== SIZES[0][0]) continue;
    await each({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" }, paths, look, `${width} ${colorScheme}`);
  }
}
// WCAG 1.4.10: no page is wider than 320 px. 1.4.12: larger spaces between letters and lines cut nothing off.
await each({ viewport: { width: 320, height: 640 } }, paths, narrow, "320");
const some = quick ? oneOfEach(paths) : paths;
// A desktop at 200 % has half the width.
await each({ viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }, some, zoomed, "200 %");
await each({ viewport: { width: 390, height: 844 }, forcedColors: "active", reducedMotion: "reduce" }, some, forced, "forced colours");
await each({ viewport: { width: 700, height: 990 }, reducedMotion: "no-preference" }, some, printed, "print");
for (const [width, height] of SIZES) {
  await each({ viewport: { width, height }, reducedMotion: "reduce" }, walks(), walk, `keyboard ${width}`);
}
weigh();
await browser.close();
server.close();
console.log(`${paths.length} pages: ${problems} problems`);
process.exit(problems ? 1 : 0);

/** Opens pages, a few at once, and looks at each in one way. */
async function each(settings, paths, look, name) {
  const context = await browser.newContext(settings);
  const queue = [...paths];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let path = queue.shift(); path; path = queue.shift()) {
      const page = await context.newPage();
      const say = (what) => { problems++; console.log(`${path} ${name}: ${what}`); };
      page.on("console", (message) => message.type() === "error" && say(`console: ${message.text()}`));
      page.on("pageerror", (error) => say(`script: ${error.message}`));
      page.on("request", (request) => !request.url().startsWith(origin) && say(`asks ${request.url()}`));
      // What is still on its way when the page is left, such as the index of the search, has not failed.
      page.on("requestfailed", (request) => request.failure()?.errorText !== "net::ERR_ABORTED" && say(`failed: ${request.url()}`));
      await page.goto(origin + base + path, { waitUntil: "load" });
      await look(page, say, path, settings);
      await page.close();
    }
  }));
  await context.close();
}

/** A page as it is: does it fit, what does axe say, a picture. */
async function look(page, say, path, { viewport: { width }, colorScheme }) {
  await fits(page, say);
  // The whole page at once: what sticks to the lower edge then stands where it belongs.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, 600) });
  if (!structure) await inspect(page, say, RULES);
  await picture(page, path, `${width}.${colorScheme}`);
}

/** A page on the narrowest screen, then with the spaces that a reader may want. */
async function narrow(page, say, path) {
  await fits(page, say);
  await picture(page, path, "320");
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
    document.adoptedStyleSheets = [sheet];
  });
  await fits(page, (what) => say(`with larger spaces ${what}`));
  for (const cut of await page.evaluate(clipped)) say(`with larger spaces cuts off ${cut}`);
}

/** A page at twice its size. */
async function zoomed(page, say, path) {
  await fits(page, say);
  await picture(page, path, "zoom");
}

/** A page in the few colours that a reader chose: what can be pressed must have an edge, and nothing moves. */
async function forced(page, say, path) {
  const bare = await page.evaluate(() => [...document.querySelectorAll("button, input:not([type=checkbox]), summary, .door")]
    .filter((it) => it.checkVisibility() && it.getBoundingClientRect().width > 1)
    .filter((it) => {
      const style = getComputedStyle(it);
      return style.borderTopStyle === "none" && it.tagName !== "SUMMARY" && !it.closest(".search");
    })
    .map((it) => it.outerHTML.slice(0, 120)));
  for (const it of bare) say(`no edge around ${it}`);
  const moving = await page.evaluate(() => document.getAnimations().length);
  if (moving) say(`${moving} things move although the reader wants none to`);
  await picture(page, path, "forced");
}

/** A page on paper: no controls, dark on white, nothing beside the sheet, addresses of links to elsewhere. */
async function printed(page, say, path) {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await fits(page, say);
  const found = await page.evaluate(() => {
    const seen = (it) => it.checkVisibility() && it.getBoundingClientRect().height > 0;
    const luminance = (color) => {
      const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
      return (r * 0.2126 + g * 0.7152 + b * 0.0722) / 255;
    };
    const body = getComputedStyle(document.querySelector("main"));
    return {
      controls: [...document.querySelectorAll("nav, form, button, .door, .skip")].filter(seen).map((it) => it.outerHTML.slice(0, 80)),
      ink: luminance(body.color),
      pale: [...document.querySelectorAll("main a, main code, .initials")].filter(seen).filter((it) => {
        const { color, backgroundColor: ground } = getComputedStyle(it);
        return luminance(color) > 0.5 || luminance(ground.replace("rgba(0, 0, 0, 0)", "white")) < 0.5;
      }).map((it) => it.outerHTML.slice(0, 80)),
      text: document.querySelector("main").innerText.trim().length,
    };
  });
  for (const it of found.controls) say(`shows a control: ${it}`);
  for (const it of found.pale.slice(0, 3)) say(`pale, or on a dark ground: ${it}`);
  if (found.ink > 0.4) say("the ink is pale");
  if (!found.text) say("nothing is left of the text");
  await picture(page, path, "print");
}

/** Goes through a page by keyboard: every stop is seen, in order, none is a trap; the skip link skips. */
async function walk(page, say) {
  const stop = () => page.evaluate(() => {
    const it = document.activeElement;
    if (!it || it === document.body) return null;
    window.longhouseStops ??= new Map();
    const seen = window.longhouseStops.has(it);
    if (!seen) window.longhouseStops.set(it, window.longhouseStops.size);
    // A link that goes over two lines has two boxes, and other words in what surrounds both.
    const box = it.getClientRects()[0] ?? it.getBoundingClientRect();
    const style = getComputedStyle(it);
    const [x, y] = [Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1), box.y + box.height / 2];
    const top = document.elementFromPoint(x, y);
    const last = window.longhouseLast;
    window.longhouseLast = it;
    return {
      name: `${it.tagName.toLowerCase()} ${(it.innerText || it.getAttribute("aria-label") || it.name || "").trim().slice(0, 40)}`,
      seen, inMain: !!it.closest("main"), isSkip: it.classList.contains("skip"),
      after: !last || !!(last.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_FOLLOWING),
      outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      inView: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      hidden: top && !it.contains(top) && !top.contains(it) && y > 0 && y < innerHeight ? top.outerHTML.slice(0, 60) : null,
      x: box.x, y: box.y + scrollY, column: ((column) => column?.dataset.state ?? column?.className ?? "")(it.closest("aside, .contents, .filters, .beside, .board > section")), fixed: [".doors", ".contents", ".tree"].map((name) => it.closest(name)).some((box) => box && getComputedStyle(box).position === "sticky"),
    };
  });
  await page.evaluate(() => getSelection().removeAllRanges());
  let before = null;
  let stops = 0;
  for (; stops < 400; stops++) {
    await page.keyboard.press("Tab");
    const now = await stop();
    if (!now || (now.seen && before && stops > 1)) {
      if (now?.seen && before?.name === now.name) say(`${now.name} keeps the focus`);
      break;
    }
    if (stops === 0 && !now.isSkip) say(`the first stop is ${now.name}, not the link that skips`);
    if (!now.outlined) say(`the focus on ${now.name} is not outlined`);
    if (!now.inView) say(`the focus on ${now.name} is out of sight`);
    else if (now.hidden) say(`the focus on ${now.name} is behind ${now.hidden}`);
    if (!now.after) say(`${now.name} comes out of order`);
    // What stands in a column beside begins above the end of the one before it.
    const isBeside = before && (now.column !== before.column || Math.abs(now.x - before.x) > 200);
    if (before && !isBeside && !now.fixed && !before.fixed && now.y < before.y - 300) say(`${now.name} is ${Math.round(before.y - now.y)} px above the stop before it`);
    before = now;
  }
  const reachable = await page.evaluate(() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary, select, textarea")]
    .filter((it) => it.checkVisibility({ visibilityProperty: true }) && it.tabIndex >= 0 && !it.disabled && !window.longhouseStops.has(it))
    .map((it) => it.outerHTML.slice(0, 100)));
  if (stops < 400) for (const it of reachable.slice(0, 5)) say(`no key leads to ${it}`);
  await page.reload();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const then = await stop();
  if (then && !then.inMain && await page.evaluate(() => !!document.querySelector("main a[href], main button, main input"))) say(`the link that skips leads to ${then.name}`);
}

/** What a question with five answers weighs, as a host sends it. */
function weigh() {
  const answers = (page) => (readFileSync(page.file, "utf8").match(/ id="answer-[^"]*"/g) ?? []).length;
  const question = questions().map((page) => ({ ...page, answers: answers(page) })).sort((a, b) => Math.abs(a.answers - 5) - Math.abs(b.answers - 5) || b.size - a.size)[0];
  if (!question) return;
  const html = readFileSync(question.file, "utf8");
  const linked = [...html.matchAll(/<(?:link rel="(?:stylesheet|modulepreload)" href|script[^>]* src)="([^"]+)"/g)].map((found) => found[1]);
  const sent = (file) => gzipSync(readFileSync(file), { level: 6 }).length;
  /** @type {[string, number][]} */
  const parts = [["page", sent(question.file)], ...linked.map((url) => /** @type {[string, number]} */ ([url.split("/").pop().split(".").at(-1), sent(join(root, url.slice(base.length)))]))];
  const sum = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  console.log(`${question.path} with ${question.answers} answers: ${sum} bytes compressed (${parts.map(([name, bytes]) => `${name} ${bytes}`).join(", ")})`);
  if (question.answers <= 8 && sum > WEIGHT) { problems++; console.log(`${question.path}: weighs more than ${WEIGHT} bytes`); }
}

/** Whether a page is as wide as its window. */
async function fits(page, say) {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const out = [...document.body.querySelectorAll("*")].find((it) => it.getBoundingClientRect().right > clientWidth + 1 && !it.closest("pre, .table, .skip, nav"));
    return `${scrollWidth - clientWidth} px too wide${out ? `: ${out.outerHTML.slice(0, 100)}` : ""}`;
  });
  if (wide) say(`is ${wide}`);
}

/** What axe finds. */
async function inspect(page, say, rules) {
  await page.evaluate(axe);
  const found = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), rules);
  for (const violation of found.violations) {
    for (const node of violation.nodes.slice(0, 3)) say(`${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary.split("\n").slice(1).join(" ").slice(0, 240)}`);
  }
}

/** Texts that do not fit into what holds them. Runs in the page. */
function clipped() {
  const cut = [];
  for (const it of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(it);
    // A beginning that ends with dots is cut off on purpose, and whole on its own page.
    if (style.webkitLineClamp !== "none" || it.closest(".hidden") || !it.checkVisibility() || it.matches("input, textarea, video, img, svg, svg *")) continue;
    const x = ["hidden", "clip"].includes(style.overflowX) && it.scrollWidth > it.clientWidth + 1;
    const y = ["hidden", "clip"].includes(style.overflowY) && it.scrollHeight > it.clientHeight + 1;
    if ((x || y) && it.innerText?.trim()) cut.push(it.outerHTML.slice(0, 100));
  }
  return cut;
}

async function picture(page, path, suffix) {
  if (quick) return;
  const name = path.replace(/\.html$/, "").replace(/^\/|\/$/g, "").replaceAll("/", "_") || "home";
  await page.screenshot({ path: join(pictures, `${name}.${suffix}.png`), fullPage: true });
}

/** Where a keyboard goes: home, and the question with the most on it. */
function walks() {
  if (rest.length) return rest;
  const known = questions().sort((a, b) => a.size - b.size);
  const middle = known[Math.floor(known.length * 0.8)];
  return ["/", ...(middle ? [middle.path] : [])];
}

/** The pages of questions. */
function questions() {
  return all.filter((page) => /^\/questions\/[^/]+\/$/.test(page.path) && page.path !== "/questions/unanswered/");
}

/** Every page below a folder, without those that lead elsewhere at once; they are looked at when asked for. */
function pages(folder, path) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return pages(full, `${path}${encodeURIComponent(entry.name)}/`);
    if (extname(entry.name) !== ".html") return [];
    if (/http-equiv="refresh"/.test(readFileSync(full, "utf8").slice(0, 4000))) return [];
    return [{ path: entry.name === "index.html" ? path : path + entry.name, file: full, size: statSync(full).size }];
  });
}

/** All of a few pages; of many the shortest and the three longest of each folder. */
function choose(all) {
  if (all.length <= SMALL) return all.map((page) => page.path).sort();
  return [...groups(all).values()].flatMap((some) => {
    some.sort((a, b) => a.size - b.size);
    return [...new Set([some[0], ...some.slice(-3)])].map((page) => page.path);
  }).sort();
}

/** One page of each folder. */
function oneOfEach(paths) {
  return [...groups(paths.map((path) => ({ path }))).values()].map((some) => some.at(-1).path);
}

function groups(all) {
  const folders = new Map();
  for (const page of all) folders.set(folderOf(page), [...(folders.get(folderOf(page)) ?? []), page]);
  return folders;
}

function folderOf(page) {
  const parts = page.path.split("/").filter(Boolean);
  return parts.length > 1 ? parts[0] : page.path;
}

/** The path below which the site was built, from where its home page finds its style sheet. */
function basePath() {
  const sheet = /<link rel="stylesheet" href="([^"]*)\/assets\//.exec(readFileSync(join(root, "index.html"), "utf8"));
  return sheet?.[1] ?? "";
}

/** Serves the site as a plain static host would. */
function answer(request, response) {
  const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json", ".xml": "application/xml" };
  let path = decodeURIComponent(new URL(request.url, origin).pathname);
  if (base && !path.startsWith(`${base}/`)) return response.writeHead(404).end();
  path = path.slice(base.length);
  if (path.endsWith("/")) path += "index.html";
  const file = resolve(join(root, path));
  if (!file.startsWith(root + sep)) return response.writeHead(403).end();
  try {
    /** @type {Buffer | string} */
    let bytes = readFileSync(file);
    // A page that leads elsewhere stays, so that one can look at what a reader sees whom it does not take along.
    if (extname(file) === ".html") bytes = bytes.toString().replace(/<meta http-equiv="refresh"[^>]*>/, "");
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}
