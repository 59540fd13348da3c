// Does anything that strangers write run in a real browser?
//
//   node hostile.mjs LONGHOUSE        builds a site full of payloads with this program and opens every page
//   node hostile.mjs --write DIR      only writes such a site
//   node hostile.mjs SITE_URL …       opens every page of sites that somebody serves
//
// A browser that finds nothing proves something only if it looked and if it could have found something:
// pages are counted, and a control page, on which the same payloads stand as they are, must be caught.
import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, dirname, extname, join } from "node:path";

// What each payload calls if it runs. The detector also sees dialogs and requests to other origins.
const RUN = "pwned('NAME')";
const ELSEWHERE = "http://elsewhere.invalid/NAME";

// All of our own writing. NAME becomes the payload's own name, so that a finding says whose it is.
const PAYLOADS = {
  script: `<script>${RUN}</script>`,
  "script-source": `<script src="${ELSEWHERE}.js"></script>`,
  "script-case": `<ScRiPt >${RUN}</sCrIpT >`,
  "script-unclosed": `<script>${RUN}//`,
  "image-error": `<img src=x onerror="${RUN}">`,
  "image-error-slash": `<img/src="x"/onerror="${RUN}">`,
  "image-remote": `<img src="${ELSEWHERE}.png" alt="remote">`,
  "image-set": `<img srcset="${ELSEWHERE}.png 1x" src="data:,">`,
  "markdown-image": `![remote](${ELSEWHERE}.png)`,
  "markdown-image-breakout": `![x](x"onerror="${RUN})`,
  "markdown-title-breakout": `[x](https://y.example "\\" autofocus tabindex=1 onfocus=${RUN} x=\\"")`,
  "svg-load": `<svg onload="${RUN}"></svg>`,
  "svg-script": `<svg><script>${RUN}</script></svg>`,
  "svg-animate": `<svg><a><animate attributeName=href values="javascript:${RUN}" /><text x=20 y=20>x</text></a></svg>`,
  "svg-use": `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><image href='1' onerror='${RUN}'/></svg>#x"/></svg>`,
  "math-style": `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${RUN}&gt;">`,
  "style-import": `<style>@import url(${ELSEWHERE}.css);</style>`,
  "style-breakout": `<style><img src="</style><img src=x onerror=${RUN}>">`,
  "style-attribute": `<p style="background:url(${ELSEWHERE}.png)">styled</p>`,
  stylesheet: `<link rel="stylesheet" href="${ELSEWHERE}.css">`,
  preload: `<link rel="preload" as="image" href="${ELSEWHERE}.png">`,
  base: `<base href="http://elsewhere.invalid/">`,
  refresh: `<meta http-equiv="refresh" content="0;url=${ELSEWHERE}">`,
  iframe: `<iframe src="${ELSEWHERE}"></iframe>`,
  "iframe-srcdoc": `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  object: `<object data="${ELSEWHERE}"></object>`,
  embed: `<embed src="${ELSEWHERE}">`,
  "video-error": `<video><source onerror="${RUN}"></video>`,
  "audio-remote": `<audio src="${ELSEWHERE}.mp3" autoplay></audio>`,
  "details-toggle": `<details open ontoggle="${RUN}"><summary>x</summary></details>`,
  "input-focus": `<input autofocus onfocus="${RUN}">`,
  "form-action": `<form action="javascript:${RUN}"><button id="x">x</button></form>`,
  "link-script": `<a href="javascript:${RUN}">x</a>`,
  "link-script-entity": `<a href="&#106;ava&Tab;script&colon;${RUN}">x</a>`,
  "markdown-link-script": `[x](javascript:${RUN})`,
  "markdown-link-case": `[x](JaVaScRiPt:${RUN})`,
  "markdown-link-entity": `[x](&#x6A;avascript:${RUN})`,
  "markdown-link-control": `[x](<\u0001javascript:${RUN}>)`,
  "markdown-link-data": `[x](data:text/html,<script>${RUN}</script>)`,
  "markdown-reference": `[x][NAME]\n\n[NAME]: javascript:${RUN}`,
  "markdown-autolink": `<javascript:${RUN}>`,
  "title-breakout": `</title><script>${RUN}</script>`,
  "attribute-breakout": `"><script>${RUN}</script>`,
  "attribute-breakout-single": `'><img src=x onerror=${RUN}>`,
  "comment-breakout": `--><script>${RUN}</script>`,
  "comment-early": `<!--><img src=x onerror=${RUN}>-->`,
  cdata: `<![CDATA[<script>${RUN}</script>]]>`,
  "json-breakout": `</script><script>${RUN}</script>`,
  "noscript-title": `<noscript><p title="</noscript><img src=x onerror=${RUN}>"></noscript>`,
  template: `<template shadowrootmode="open"><script>${RUN}</script></template>`,
  "code-fence": "```html\"onmouseover=\"" + RUN + "\n<script>" + RUN + "</script>\n```",
  "code-language": "```\"><img/src/onerror=" + RUN + ">\nx\n```",
  "table-cell": `| <img src=x onerror=${RUN}> |\n|---|\n| <script>${RUN}</script> |`,
  footnote: `Text[^NAME].\n\n[^NAME]: <img src=x onerror=${RUN}>`,
  "escaped-twice": `&amp;lt;script&amp;gt;${RUN}&amp;lt;/script&amp;gt; &lt;img src=x onerror=${RUN}&gt;`,
  "template-engine": "{{ 7*7 }} {% include 'base.html' %} ${7*7} <%= 7*7 %>",
  clobber: `<form id="document" name="cookie"><input name="body" id="location"></form><a id="main" name="pwned">x</a>`,
};

const [first, ...rest] = process.argv.slice(2);
if (first === "--write" && rest.length === 1) {
  writeSite(rest[0]);
} else if (first && /^https?:/.test(first)) {
  await visitSites([first, ...rest]);
} else if (first && !first.startsWith("-") && rest.length === 0) {
  await buildAndVisit(first);
} else {
  fail("usage: node hostile.mjs LONGHOUSE | --write DIR | SITE_URL …");
}

// Builds the payloads with the program and serves them without any header, so that the pages alone must do.
async function buildAndVisit(program) {
  const root = mkdtempSync(join(tmpdir(), "longhouse-hostile-"));
  process.on("exit", () => rmSync(root, { recursive: true, force: true }));
  writeSite(root);
  const output = join(root, "public");
  execFileSync(program, ["build", "--quiet", "--root", root, "--output", output], { stdio: ["ignore", "ignore", "ignore"] });
  const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".xml": "text/xml" };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://127.0.0.1").pathname);
    const file = join(output, path.endsWith("/") ? `${path}index.html` : path);
    try {
      const bytes = readFileSync(file);
      response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(bytes);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" }).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  await visitSites([`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`]);
  server.close();
}

// Writes every payload to every place where text can stand: bodies, replies, titles, fields, names, tags.
function writeSite(root) {
  const write = (path, text) => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write("longhouse.yaml", "title: A community of attackers\nbase_url: http://127.0.0.1:4000/\n");
  for (const [name, payload] of Object.entries(PAYLOADS)) {
    const text = payload.replaceAll("NAME", name);
    const line = text.replaceAll(/\s+/g, " ");
    const quoted = JSON.stringify(line);
    write(`content/questions/body-${name}.md`, `# Body\n\n${text}\n\n- ${line}\n\n> ${line}\n\nIn ${line} between.\n\n## Answer\n\n${text}\n`);
    write(`content/questions/body-${name}/ana.md`, `${text}\n`);
    write(`content/questions/body-${name}/ben.md`, `---\ncomment: true\naffiliation: ${quoted}\nauthors: [${quoted}]\n---\n${text}\n`);
    write(`content/questions/title-${name}.md`, `# ${line}\n\n[l](<${line}>) ![i](<${line}>) [t](x "${line}")\n\n## ${line}\n`);
    const fields = ["title", "description", "tags", "versions", "authors", "affiliation", "sponsored", "license", "lang", "reason"];
    const front = (more) => [...fields, ...more].map((field) => `${field}: ${quoted}`).join("\n");
    const entry = (kind, more) => write(`content/${kind}/${name}.md`, `---\n${front(more)}\nstatus: obsolete\n---\n${text}\n`);
    entry("stories", ["industry", "size", "use_case", "problem", "why", "outcome"]);
    entry("how-tos", ["time", "needs", "level"]);
    entry("ideas", ["fulfilled_by", "supporters", "response", "horizon"]);
    entry("announcements", ["places"]);
    entry("people", ["name", "company", "gifts", "interests", "expert_in", "place", "links"]);
    entry("pages", ["menu"]);
    write(`content/links/${name}.md`, `---\n${front(["feed", "place", "when", "response"])}\nurl: https://y.example/?${encodeURIComponent(line)}\n---\n${text}\n`);
    write(`content/questions/topic-${name}/_index.md`, `# ${line}\n\n${text}\n`);
    write(`content/questions/topic-${name}/in-${name}.md`, `# In a topic\n\n![x](${name}.svg)\n`);
    write(`content/questions/topic-${name}/${name}.svg`, `<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN.replace("NAME", name)}"><rect width="1" height="1"/>${line}</svg>`);
  }
  console.log(`${Object.keys(PAYLOADS).length} payloads written to ${root}`);
}

async function visitSites(sites) {
  const playwright = await import("playwright-core").catch(() => null);
  if (!playwright) return fail("playwright-core is not installed: run `npm ci` in tests/browser");
  const { chromium } = playwright;
  const browser = await chromium
    .launch({ executablePath: findBrowser(), args: ["--no-sandbox", "--disable-dev-shm-usage"] })
    .catch((error) => fail(`the browser does not start: ${error.message}`));
  const caught = await visitControl(browser);
  const needed = 20;
  if (caught < needed) {
    fail(`the detector is blind: it caught ${caught} of ${Object.keys(PAYLOADS).length} payloads on the control page, not ${needed}`);
  }
  let documents = 0;
  const findings = [];
  for (const site of sites) {
    const visited = await visitSite(browser, new URL(site), findings);
    if (visited < 5) fail(`only ${visited} pages were found at ${site}`);
    documents += visited;
  }
  await browser.close();
  for (const finding of findings.slice(0, 50)) console.error(finding);
  console.log(`${documents} documents scanned, ${findings.length} findings; the control page gave ${caught}`);
  if (findings.length > 0) process.exit(1);
}

// The payloads as they are, each on a page without our cleaning and without a policy: they must be caught.
async function visitControl(browser) {
  let caught = 0;
  const context = await browser.newContext();
  for (const [name, payload] of Object.entries(PAYLOADS)) {
    const findings = [];
    const page = await watched(context, new URL("http://control.invalid/"), findings);
    await page.route("**/*", (route) =>
      route.request().url() === "http://control.invalid/"
        ? route.fulfill({ contentType: "text/html", body: `<!doctype html><main>${payload.replaceAll("NAME", name)}</main>` })
        : route.abort(),
    );
    await page.goto("http://control.invalid/").catch(() => {});
    await provoke(page, findings, "control").catch(() => {});
    caught += findings.length > 0 ? 1 : 0;
    await page.close();
  }
  await context.close();
  return caught;
}

// Opens every page that can be reached from the home page, the sitemap and the published files.
async function visitSite(browser, site, findings) {
  const context = await browser.newContext({ serviceWorkers: "block" });
  const seen = new Set();
  const queue = [];
  const add = (address) => {
    if (!URL.canParse(address, site)) return;
    const url = new URL(address, site);
    url.hash = "";
    url.search = "";
    if (url.origin !== site.origin || !url.pathname.startsWith(site.pathname) || seen.has(url.href)) return;
    seen.add(url.href);
    queue.push(url.href);
  };
  ["", "404.html", "search/", "tags/", "people/"].forEach((path) => add(new URL(path, site)));
  const sitemap = await (await fetch(new URL("sitemap.xml", site))).text();
  for (const [, address] of sitemap.matchAll(/<loc>([^<]*)<\/loc>/g)) {
    add(site.origin + new URL(address.replaceAll("&amp;", "&")).pathname);
  }
  let visited = 0;
  const work = async () => {
    let page = await watched(context, site, findings);
    for (let address = queue.shift(); address !== undefined; address = queue.shift()) {
      if (/\.(xml|json|txt|csv|zip|pdf|png|jpe?g|gif|webp|avif|mp[34]|webm)$/.test(address)) continue;
      page.address = address;
      const go = () => page.goto(address, { waitUntil: "load", timeout: 30_000 });
      // The page before may have led on at this very moment; the second try is nobody else's.
      const again = (error) => (/interrupted by another navigation/.test(error.message) ? go() : Promise.reject(error));
      const response = await go().catch(again).catch((error) => {
        findings.push(`${address}: does not load: ${error.message.split("\n")[0]}`);
      });
      if (!response) {
        await page.close().catch(() => {});
        page = await watched(context, site, findings);
        continue;
      }
      if (response.status() !== 200 && !address.endsWith("404.html")) {
        findings.push(`${address}: answers ${response.status()}`);
      }
      visited += 1;
      const links = await provoke(page, findings, address).catch((error) => {
        // A page that has moved leads on at once; where it leads is visited by itself.
        if (!/navigation/.test(error.message)) findings.push(`${address}: ${error.message.split("\n")[0]}`);
        return [];
      });
      links.forEach(add);
    }
    await page.close();
  };
  await Promise.all([work(), work(), work(), work()]);
  await context.close();
  return visited;
}

// A page on which nothing happens unseen.
async function watched(context, site, findings) {
  const page = await context.newPage();
  page.address = site.href;
  const say = (what) => findings.push(`${page.address}: ${what}`);
  page.on("dialog", (dialog) => {
    say(`dialog ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on("popup", (popup) => {
    say(`popup ${popup.url()}`);
    popup.close().catch(() => {});
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== site.origin) say(`request to ${url.href}`);
  });
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) say(`stopped by the policy only: ${message.text()}`);
  });
  await page.exposeFunction("reportFinding", say);
  await page.addInitScript(() => {
    const report = (what) => window.reportFinding(what);
    const pwned = (name) => report(`ran ${name}`);
    Object.defineProperty(window, "pwned", { get: () => pwned, set: () => report("ran an assignment") });
  });
  return page;
}

// Touches everything on the page as a reader might, and looks for what would run if touched otherwise.
// Gives back where the page leads.
async function provoke(page, findings, address) {
  const { found, links } = await page.evaluate(() => {
    const found = [];
    const known = ["http:", "https:", "mailto:"];
    // Names that scripts of a page rely on must not mean an element.
    for (const name of ["cookie", "body", "head", "forms", "location", "getElementById", "querySelector"]) {
      if (document[name] instanceof HTMLElement && !["body", "head"].includes(name)) found.push(`document.${name} is shadowed`);
    }
    // A drawing that is opened by itself may have styles; were one to load anything, the request tells.
    const isDrawing = document.documentElement.localName === "svg";
    for (const element of document.querySelectorAll("*")) {
      for (const { name } of element.attributes) {
        if (isDrawing && name === "style") continue;
        if (/^on/i.test(name) || /^(style|srcdoc|formaction|ping)$/i.test(name)) found.push(`<${element.localName} ${name}>`);
      }
      for (const name of ["href", "src", "action", "data", "poster"]) {
        if (!element.hasAttribute(name)) continue;
        const value = element.getAttribute(name);
        let url;
        try {
          url = new URL(value, document.baseURI);
        } catch {
          continue;
        }
        if (!known.includes(url.protocol)) found.push(`<${element.localName} ${name}="${value}">`);
      }
      const isInline = element.localName === "script" && !element.src && element.type !== "application/ld+json";
      if (isDrawing && element.localName === "style") continue;
      if (isInline || /^(style|iframe|frame|object|embed|base|math|portal)$/.test(element.localName)) {
        found.push(`<${element.localName}> on the page`);
      }
      if (element.closest("main") && element.localName !== "a") {
        for (const event of ["mouseover", "mouseenter", "pointerover", "focus", "toggle", "error", "load"]) {
          element.dispatchEvent(new Event(event));
        }
      }
    }
    return { found, links: [...document.querySelectorAll("a[href]")].map((link) => link.href) };
  });
  found.forEach((what) => findings.push(`${address}: ${what}`));
  // What a handler wants to do it does now or never.
  await page.waitForTimeout(10);
  return links;
}

function findBrowser() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [process.env.CHROMIUM, ...folders.flatMap((folder) => names.map((name) => join(folder, name)))];
  const found = candidates.find((candidate) => {
    try {
      accessSync(candidate ?? "", constants.X_OK);
      return Boolean(candidate);
    } catch {
      return false;
    }
  });
  return found ?? fail("there is no browser: install chromium, or name one in CHROMIUM");
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
