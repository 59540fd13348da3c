// Looks at a built site: takes pictures of every kind of page, phone and desktop, light and dark, and
// says what axe finds, what the console complains about, and what a page asks of anybody else.
//
//   longhouse build --root example-site -o /tmp/site
//   node tests/browser/look.mjs /tmp/site /tmp/pictures [--quick] [/questions/ …]
//
// Without paths it takes all pages of a small site, and of a large one the shortest and the longest of
// each folder. With --quick it takes no pictures. It ends with 1 if there was anything to say.

import { createServer } from "node:http";
import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join, resolve, sep } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SMALL = 80;
const SIZES = [[390, 844], [1280, 900]];
const SCHEMES = ["light", "dark"];

const options = process.argv.slice(2);
const quick = options.includes("--quick");
const [site, pictures, ...asked] = options.filter((option) => !option.startsWith("--"));
if (!site || (!quick && !pictures)) {
  console.error("usage: node look.mjs SITE PICTURES [--quick] [PATH …]");
  process.exit(2);
}

const root = resolve(site);
const server = createServer(answer).listen(0, "127.0.0.1");
await new Promise((ready) => server.once("listening", ready));
const origin = `http://127.0.0.1:${server.address().port}`;
const paths = asked.length ? asked : choose(pages(root, "/"));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let problems = 0;
if (!quick) mkdirSync(pictures, { recursive: true });
for (const [width, height] of SIZES) {
  for (const scheme of SCHEMES) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: "reduce" });
    for (const path of paths) await look(context, path, width, scheme);
    await context.close();
  }
}
await browser.close();
server.close();
console.log(`${paths.length} pages, ${SIZES.length} widths, ${SCHEMES.length} schemes: ${problems} problems`);
process.exit(problems ? 1 : 0);

/** Looks at one page in one size and one scheme. */
async function look(context, path, width, scheme) {
  const page = await context.newPage();
  const say = (what) => { problems++; console.log(`${path} ${width} ${scheme}: ${what}`); };
  page.on("console", (message) => message.type() === "error" && say(`console: ${message.text()}`));
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  page.on("request", (request) => !request.url().startsWith(origin) && say(`asks ${request.url()}`));
  page.on("requestfailed", (request) => say(`failed: ${request.url()}`));
  await page.goto(origin + path, { waitUntil: "load" });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) say(`is ${wide} px too wide`);
  // The whole page at once: what sticks to the lower edge then stands where it belongs.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, 600) });
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  for (const violation of found.violations) {
    for (const node of violation.nodes.slice(0, 3)) say(`${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary.split("\n").slice(1).join(" ").slice(0, 240)}`);
  }
  if (!quick) {
    const name = path.replace(/\.html$/, "").replace(/^\/|\/$/g, "").replaceAll("/", "_") || "home";
    await page.screenshot({ path: join(pictures, `${name}.${width}.${scheme}.png`) });
  }
  await page.close();
}

/** Every page below a folder, as `{path, size}`, without those that lead elsewhere at once. */
function pages(folder, path) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return pages(full, `${path}${encodeURIComponent(entry.name)}/`);
    if (extname(entry.name) !== ".html") return [];
    if (/http-equiv="refresh"/.test(readFileSync(full, "utf8").slice(0, 4000))) return [];
    return [{ path: entry.name === "index.html" ? path : path + entry.name, size: statSync(full).size }];
  });
}

/** All of a few pages; of many the shortest and the three longest of each folder. */
function choose(all) {
  if (all.length <= SMALL) return all.map((page) => page.path).sort();
  const folders = Map.groupBy?.(all, folderOf) ?? groups(all);
  return [...folders.values()].flatMap((some) => {
    some.sort((a, b) => a.size - b.size);
    return [...new Set([some[0], ...some.slice(-3)])].map((page) => page.path);
  }).sort();
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

/** Serves the site as a plain static host would. */
function answer(request, response) {
  const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json", ".xml": "application/xml" };
  let path = decodeURIComponent(new URL(request.url, origin).pathname);
  if (path.endsWith("/")) path += "index.html";
  const file = resolve(join(root, path));
  if (!file.startsWith(root + sep)) return response.writeHead(403).end();
  try {
    const bytes = readFileSync(file);
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}
