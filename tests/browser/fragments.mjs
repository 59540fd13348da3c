// An address with a fragment ends at its place: the ids of headings and of places that authors named, with the prefix
// and without it, as git hosts make them, of answers, over a redirect, and of a question that was merged into another.
//
//   node tests/browser/fragments.mjs target/debug/longhouse
//
// It ends with 1 if there was anything to say.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { launch, run, serve } from "./search-host.mjs";

const [program] = process.argv.slice(2);
if (!program) {
  console.error("usage: node fragments.mjs LONGHOUSE");
  process.exit(2);
}

const FILLER = "Some text that is here to make the page long.\n\n".repeat(60);
const FILES = {
  "longhouse.yaml": "title: Acme\nbase_url: https://a.example/some/where/\n",
  "content/questions/pay.md": `# How do I pay?\n\n${FILLER}## By invoice\n\n${FILLER}<a name="Old.Name"></a>\n\nText.\n\n${FILLER}## ⚠️ Limits\n\n${FILLER}## Late {#overdue}\n\n${FILLER}`,
  "content/questions/pay/ana.md": `Like this.\n\n${FILLER}## In the app\n\n${FILLER}`,
  "content/questions/paying.md": `---\nduplicate_of: pay\naliases: [/faq/paying/]\n---\n# How does one pay?\n\nAsked elsewhere.\n\n## By invoice\n\n${FILLER}`,
  "content/questions/paying/ana.md": `Another answer.\n\n${FILLER}`,
  "content/pages/terms.md": `---\naliases: [/old/terms.html]\n---\n# Terms\n\n${FILLER}## Cancelling\n\n${FILLER}`,
};
const HERE = "/questions/pay/";
const CASES = [
  [`${HERE}#h-by-invoice`, "h-by-invoice"],
  [`${HERE}#by-invoice`, "h-by-invoice"],
  [`${HERE}#By-Invoice`, "h-by-invoice"],
  [`${HERE}#user-content-by-invoice`, "h-by-invoice"],
  [`${HERE}#Old.Name`, "h-Old.Name"],
  [`${HERE}#%EF%B8%8F-limits`, "h-\u{fe0f}-limits"],
  [`${HERE}#-limits`, "h-\u{fe0f}-limits"],
  [`${HERE}#h--limits`, "h-\u{fe0f}-limits"],
  [`${HERE}#overdue`, "h-overdue"],
  [`${HERE}#answer-ana`, "answer-ana"],
  [`${HERE}#in-the-app`, "h-ana-in-the-app"],
  [`${HERE}#nothing-like-it`, null],
  [`${HERE}#%E0%A4%A`, null],
  [`${HERE}#top`, null],
  ["/old/terms.html#cancelling", "h-cancelling"],
  ["/questions/paying/#answer-ana", "answer-ana-paying"],
  ["/questions/paying/#by-invoice", "h-paying-by-invoice"],
  ["/faq/paying/#answer-ana", "answer-ana-paying"],
  ["/faq/paying/#h-by-invoice", "h-paying-by-invoice"],
];

const work = mkdtempSync(join(tmpdir(), "longhouse-fragments-"));
for (const [path, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), text);
}
run(program, ["build", "--quiet", "--root", work, "--output", join(work, "public")]);
const base = "/some/where";
const host = await serve(join(work, "public"), {}, base);
const browser = await launch();
let problems = 0;
const say = (what) => { problems++; console.log(what); };
for (const javaScriptEnabled of [true, false]) {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 }, javaScriptEnabled });
  for (const [address, id] of CASES) {
    const page = await context.newPage();
    page.on("pageerror", (error) => say(`${address}: ${error}`));
    page.on("console", (message) => { if (message.type() === "error") say(`${address}: ${message.text()}`); });
    await page.goto(host.origin + base + address, { waitUntil: "load" });
    if (!javaScriptEnabled) {
      // Whoever runs no script still comes to the right page.
      await page.waitForURL((url) => !/paying|terms\.html/.test(url.pathname), { timeout: 10_000 });
      await page.close();
      continue;
    }
    const arrived = (id) => {
      const target = id ? document.getElementById(id) : document.querySelector("h1");
      const top = target?.getBoundingClientRect().top ?? -1;
      return top >= -1 && top < innerHeight && (!id || decodeURIComponent(location.hash.slice(1)) === id);
    };
    const ends = await page.waitForFunction(arrived, id, { timeout: 10_000 }).catch(() => null);
    if (!ends) say(`${address} ends at ${page.url()}, not at ${id ?? "the top"}`);
    if (!id && await page.evaluate(() => scrollY) > 0) say(`${address} does not stay at the top`);
    await page.close();
  }
  await context.close();
}
await browser.close();
host.close();
console.log(`${CASES.length} addresses: ${problems} problems`);
process.exit(problems ? 1 : 0);
