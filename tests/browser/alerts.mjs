// Alerts: on every page for readers who chose their place or product, gone in the minute in which they end, also below a
// sub-path; without a script their end is said; and no page asks for anything while nothing is urgent.
//
//   node tests/browser/alerts.mjs target/debug/longhouse [PICTURES]
//
// It ends with 1 if there was anything to say.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { launch, run, serve } from "./search-host.mjs";

const [program, pictures] = process.argv.slice(2);
if (!program) {
  console.error("usage: node alerts.mjs LONGHOUSE [PICTURES]");
  process.exit(2);
}

const alert = (title, fields) => `---\ndate: 2026-07-01\nseverity: urgent\n${fields}\n---\n# ${title}\nText.\n`;
const FILES = {
  "longhouse.yaml": "title: Acme\nbase_url: https://a.example/help/\ntimezone: Europe/Lisbon\nproducts: [{id: kiln, name: The Kiln}]\nteam: {mia: staff}\n",
  "content/announcements/lisbon.md": alert("Lisbon is off", "places: [Lisbon]\nproducts: [kiln]\nexpires: 2026-07-03T18:00"),
  "content/announcements/later.md": alert("Lisbon goes off again", "places: [Lisbon]\nstarts: 2026-07-03T19:00\nexpires: 2026-07-05T18:00"),
  "content/announcements/porto.md": alert("Porto is off", "places: [Porto]\nexpires: 2026-07-04"),
  "content/questions/one.md": "---\ndate: 2026-01-01\n---\n# One?\n",
};
const EVERYBODY = alert("Unplug the old kiln", "expires: 2026-07-03T17:30");
/** Eleven in the morning in Lisbon, on the day on which the first alert ends. */
const NOW = new Date("2026-07-03T10:00:00Z");
const EPOCH = { SOURCE_DATE_EPOCH: String(NOW.getTime() / 1000) };
Object.assign(process.env, EPOCH);

const work = mkdtempSync(join(tmpdir(), "longhouse-alerts-"));
const write = (root, files) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
};
/** Builds a site, and serves it below `/help`. */
const site = async (name, files) => {
  write(join(work, name), files);
  run(program, ["build", "--quiet", "--root", join(work, name), "--output", join(work, name, "public")]);
  return serve(join(work, name, "public"), {}, "/help");
};
const some = await site("some", FILES);
const all = await site("all", { ...FILES, "content/announcements/all.md": EVERYBODY });
const calm = await site("calm", {
  ...Object.fromEntries(Object.entries(FILES).filter(([path]) => !path.includes("announcements"))),
  "content/announcements/over.md": alert("This is over", "expires: 2026-07-02"),
});
const browser = await launch();
let [checks, problems] = [0, 0];
const same = (is, wanted, what) => {
  checks++;
  if (JSON.stringify(is) === JSON.stringify(wanted)) return;
  problems++;
  console.log(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`);
};

/** A reader with a clock of their own. */
async function reader(host, settings = {}) {
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, ...settings });
  const page = await context.newPage();
  await page.clock.install({ time: NOW });
  /** @type {string[]} */
  const asked = [];
  page.on("pageerror", (error) => same(error.message, "", "script"));
  page.on("console", (said) => { if (said.type() === "error") same(said.text(), "", "console"); });
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const go = async (path) => {
    asked.length = 0;
    await page.goto(`${host.origin}/help${path}`, { waitUntil: "networkidle" });
  };
  const banners = () => page.locator("aside.alerts a").allTextContents();
  const picture = async (name) => { if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) }); };
  return { page, asked, go, banners, picture };
}

try {
  if (pictures) mkdirSync(pictures, { recursive: true });
  const { page, asked, go, banners, picture } = await reader(some);
  await go("/questions/one/");
  same(await banners(), [], "nobody chose anything");
  same(asked.filter((path) => path.includes("alerts")), [], "what concerns nobody here is not asked for");
  await go("/");
  same(await page.locator(".banner:visible a").allTextContents(), ["Lisbon goes off again", "Lisbon is off", "Porto is off"], "the home page names all");
  same(await page.locator(".banner").nth(1).locator(".choice button").allTextContents(), ["Lisbon", "The Kiln"], "one chooses on the banner");
  same(await banners(), [], "and not twice");
  await page.locator(".banner").nth(1).getByRole("button", { name: "Lisbon" }).press("Enter");
  same(await page.evaluate(() => document.activeElement.textContent), "Lisbon", "the focus stays");
  same(await page.locator("[aria-pressed=true]").allTextContents(), ["Lisbon", "Lisbon"], "what is chosen is chosen everywhere");
  await picture("home");

  await go("/questions/one/");
  same(await banners(), ["Lisbon is off"], "on every page, if it has begun");
  same(await page.locator("aside.alerts .count").allTextContents(), ["until 3 July 2026, 18:00 WEST"], "until when");
  same(asked.filter((path) => path.includes("alerts.json")), ["/help/alerts.json"], "one request, below the sub-path");
  await picture("question");
  // An open page changes in the minute in which an alert ends, and in which another begins.
  await page.clock.pauseAt(new Date("2026-07-03T16:59:59Z"));
  same(await banners(), ["Lisbon is off"], "a second before its end");
  await page.clock.runFor("00:01");
  same(await banners(), [], "in the moment of its end");
  await page.clock.runFor("01:00:00");
  same(await banners(), ["Lisbon goes off again"], "when another begins");
  await go("/");
  same(await page.locator(".banner:visible a").allTextContents(), ["Lisbon goes off again", "Porto is off"], "the home page, later");
  await go("/announcements/later/");
  same(await banners(), [], "a page does not announce itself");
  await page.locator("[data-alert]").getByRole("button", { name: "Lisbon" }).click();
  await go("/questions/one/");
  same(await banners(), [], "chosen no more");

  const everybody = await reader(all, { viewport: { width: 390, height: 700 }, colorScheme: "dark" });
  await everybody.go("/questions/one/");
  same(await everybody.banners(), ["Unplug the old kiln"], "for everybody");
  same(await everybody.page.locator("aside.alerts .choice").count(), 0, "nothing to choose");
  await everybody.picture("everybody");
  await everybody.page.evaluate(() => localStorage.setItem("longhouse:concerns", "no list"));
  await everybody.go("/questions/one/");
  same(await everybody.banners(), ["Unplug the old kiln"], "what is kept may be anything");

  const plain = await reader(some, { javaScriptEnabled: false });
  await plain.go("/");
  const first = await plain.page.locator(".banner").nth(1).textContent();
  same(first.replace(/\s+/g, " "), "urgent Lisbon is off Lisbon, The Kiln, until 3 July 2026, 18:00 WEST", "without a script");

  const quiet = await reader(calm);
  await quiet.page.addInitScript(() => localStorage.setItem("longhouse:concerns", '["place:lisbon"]'));
  for (const path of ["/", "/questions/one/", "/announcements/over/"]) {
    await quiet.go(path);
    same(quiet.asked.filter((it) => it.includes("alerts")), [], `${path} asks for nothing while nothing is urgent`);
    same(await quiet.page.locator(".banner:visible").count(), 0, `${path} shows nothing that is over`);
  }
  console.log(`${checks} checks, ${problems} problems`);
} finally {
  await browser.close();
  for (const host of [some, all, calm]) host.close();
}
process.exit(problems ? 1 : 0);
