// Tabs: all are shown with their labels where no script runs; where one does, they are chosen with a mouse and with keys,
// the same label everywhere and on the next page, and a link to a place in one that is not shown shows it.
//
//   node tests/browser/tabs.mjs target/debug/longhouse
//
// It ends with 1 if there was anything to say.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { launch, run, serve } from "./search-host.mjs";

const [program] = process.argv.slice(2);
if (!program) {
  console.error("usage: node tabs.mjs LONGHOUSE");
  process.exit(2);
}

const tab = (label, text) => `=== "${label}"\n\n    ${text.replaceAll("\n", "\n    ")}\n\n`;
const FILES = {
  "longhouse.yaml": "title: Acme\nbase_url: https://a.example/\n",
  "content/install.md": `# Install\n\n${tab("macOS", "Open the disk.")}${tab("Linux", "Unpack it.\n\n### Rights\n\nMake it runnable.")}\nThen start it.\n\n${tab("macOS", "From the dock.")}${tab("Linux", "From the shell.")}${tab("Windows", "From the menu.")}`,
  "content/remove.md": `# Remove\n\n${tab("macOS", "Drag it out.")}${tab("Linux", "Delete it.")}`,
  "content/once.md": `# Once\n\n${tab("Alone", "Nothing to choose.")}`,
};
const work = mkdtempSync(join(tmpdir(), "longhouse-tabs-"));
for (const [path, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), text);
}
run(program, ["build", "--quiet", "--root", work, "--output", join(work, "public")]);
const host = await serve(join(work, "public"), {}, "");
const browser = await launch();
let [checks, problems] = [0, 0];
const same = (is, wanted, what) => {
  checks++;
  if (JSON.stringify(is) === JSON.stringify(wanted)) return;
  problems++;
  console.log(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`);
};

/** A page whose tabs are ready, and what can be read of it. */
async function open(path, settings = {}) {
  const context = await browser.newContext({ viewport: { width: 900, height: 500 }, ...settings });
  const page = await context.newPage();
  page.on("pageerror", (error) => same(error.message, "", "script"));
  await page.goto(host.origin + path, { waitUntil: "networkidle" });
  const shown = () => page.locator(".tab:visible").evaluateAll((all) => all.map((it) => it.textContent.trim().split("\n").pop().trim()));
  const selected = () => page.locator("[role=tab][aria-selected=true]").allTextContents();
  return { page, shown, selected };
}

try {
  const plain = await open("/install/", { javaScriptEnabled: false });
  same((await plain.page.locator(".tab:visible").count()), 5, "tabs without a script");
  same(await plain.page.locator(".tab-title:visible").allTextContents(), ["macOS", "Linux", "macOS", "Linux", "Windows"], "labels without a script");

  const { page, shown, selected } = await open("/install/");
  same(await shown(), ["Open the disk.", "From the dock."], "what is shown at first");
  same(await page.getByRole("tablist").count(), 2, "lists of tabs");
  await page.getByRole("tab", { name: "Linux" }).first().click();
  same(await selected(), ["Linux", "Linux"], "the same label is chosen everywhere");
  same(await shown(), ["Make it runnable.", "From the shell."], "what the label shows");
  // One stop for the tab key, arrows within.
  await page.keyboard.press("ArrowRight");
  same(await selected(), ["macOS", "macOS"], "over the end");
  await page.keyboard.press("End");
  same(await selected(), ["Linux", "Linux"], "the last one");
  same(await page.evaluate(() => document.activeElement.textContent), "Linux", "the focus goes along");
  await page.keyboard.press("Tab");
  same(await page.evaluate(() => document.activeElement.getAttribute("role")), null, "the tab key leaves the list");
  // A label that the other list has not changes nothing there.
  await page.getByRole("tab", { name: "Windows" }).click();
  same(await selected(), ["Linux", "Windows"], "a label of one list alone");
  // What is not shown is still found in the page.
  same(await page.locator(".tab[hidden=until-found]").count(), 3, "tabs that a search in the page opens");
  await page.goto(`${host.origin}/remove/`, { waitUntil: "networkidle" });
  same(await shown(), ["Delete it."], "the next page remembers");

  const linked = await open("/install/#h-rights");
  same((await linked.selected())[0], "Linux", "a link to a place in a tab");
  same(await linked.page.locator("#h-rights").isVisible(), true, "the place is seen");
  const once = await open("/once/");
  same(await once.page.getByRole("tablist").count(), 0, "one tab is no choice");
  console.log(`${checks} checks, ${problems} problems`);
} finally {
  await browser.close();
  host.close();
}
process.exit(problems ? 1 : 0);
