// Walks a first contribution as somebody does who has never seen the project: with the documentation open, a browser,
// the example site, and a git host on loopback. The names of buttons and files are those that the documentation says;
// what it leaves out, nobody here knows.
//
//   cargo build && node tests/browser/contribute.mjs target/debug/longhouse [PICTURES]
//
// It ends with 1 if there was anything to say.

import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { gitHost } from "./git-host.mjs";
import { launch, run, scratch, serve } from "./search-host.mjs";

const [program, pictures] = process.argv.slice(2);
if (!program) {
  console.error("usage: node contribute.mjs LONGHOUSE [PICTURES]");
  process.exit(2);
}
if (pictures) mkdirSync(pictures, { recursive: true });

let problems = 0;
let checks = 0;
let part = "";
const say = (what) => { problems++; console.log(`${part}: ${what}`); };
/** Says what is wrong unless it holds. */
const must = (holds, what) => { checks++; if (!holds) say(what); return holds; };

const ROSA = { login: "rosa-l", name: "Rosa Lind" };
const BEN = { login: "ben-k", name: "Ben Kato" };
const QUESTION = "Can a Leaf: \"stand\" in a pot of #4 size?";
const ANSWER = "Mine does, since October with 4.2. Put it 3 cm from the edge.";

const field = (page, name) => page.locator(`[name=${name}]`);

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const work = scratch();
const community = join(work, "community");
const built = join(work, "public");
const folder = join(work, "host");
cpSync(join(root, "example-site"), community, { recursive: true });
const config = readFileSync(join(community, "longhouse.yaml"), "utf8");
const git = await begin();
run(program, ["build", "--quiet", "--root", join(root, "docs"), "--base-url", "http://127.0.0.1/docs/", "--output", join(work, "docs")]);
build();
mkdirSync(folder);
// The site is the host's root; the documentation stands below it.
symlinkSync(join(work, "docs"), join(folder, "docs"));
const host = await serve(built);
const manual = await serve(folderOfDocs());
const browser = await launch();
try {
  for (const [name, settings] of Object.entries({
    wide: { viewport: { width: 1280, height: 900 } },
    "phone without scripts": { viewport: { width: 390, height: 844 }, javaScriptEnabled: false },
  })) {
    try {
      await walk(name, settings);
    } catch (error) {
      say(error.stack ?? error);
    }
  }
  console.log(`${checks} checks, ${problems} problems`);
} finally {
  await browser.close();
  for (const it of [host, manual, git]) it.close();
  rmSync(work, { recursive: true, force: true });
}
process.exit(problems ? 1 : 0);

/** The repository of the community, on the git host, and the site's word of it. */
async function begin() {
  const begun = await gitHost(community, "/quillfern-example/community");
  writeFileSync(join(community, "longhouse.yaml"), config.replace("https://github.com/quillfern-example/community", begun.url));
  spawnSync("git", ["-c", "user.name=M", "-c", "user.email=m@example.org", "-c", "commit.gpgSign=false", "commit", "--quiet", "-am", "Say where the repository is"], { cwd: community });
  return begun;
}

function folderOfDocs() {
  symlinkSync(join(work, "docs/assets"), join(folder, "assets"));
  return folder;
}

/** Publishes what is merged. */
function build() {
  run(program, ["build", "--quiet", "--root", community, "--base-url", "http://127.0.0.1:4000/", "--output", built]);
}

/** What the check of a pull request says: nothing. Then somebody merges it, and the site is published. */
function accept(pull) {
  git.checkout(pull);
  const { stdout, status } = spawnSync(program, ["check", "--root", community, "--format", "json"], { encoding: "utf8", maxBuffer: 1 << 26 });
  const found = JSON.parse(stdout || "[]").map((it) => `${it.file}:${it.line} ${it.rule}: ${it.message}`);
  must(status === 0 && found.length === 0, `the check of ${pull.path} says ${found.join("; ")}`);
  git.merge(pull);
  build();
}

/** A page of the documentation: its steps, each with what stands in bold and as code, and the bold words of a section. */
async function read(page, path) {
  await page.goto(`${manual.origin}/docs${path}`);
  return page.evaluate(() => {
    const texts = (from, name) => [...from.querySelectorAll(name)].map((it) => it.textContent);
    const steps = [...document.querySelectorAll(".steps > ol > li, .steps > div > ol > li")];
    const sections = {};
    let title = "";
    for (const element of document.querySelectorAll("main h2, main p, main pre")) {
      if (element.tagName === "H2") title = element.textContent.trim();
      else (sections[title] ??= []).push(...texts(element, "strong"));
    }
    return { steps: steps.map((step) => ({ text: step.textContent, bold: texts(step, "strong"), code: texts(step, "code") })), sections };
  });
}

/** Somebody's browser, in which they are signed in at the git host. */
async function person(settings) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...settings });
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  page.on("pageerror", (error) => say(`script: ${error.message}`));
  return page;
}

/** Presses the buttons of the git host that the documentation names, in their order. The host's own may end with dots. */
async function press(page, names) {
  for (const name of names) await page.getByRole("button", { name: new RegExp(`^${name}(\\.\\.\\.)?$`) }).click();
}

/** Follows the last two steps: commit and pull request. Gives the pull request. */
async function propose(page, steps, name) {
  const before = git.pulls.length;
  const [commit, request] = steps.slice(-2);
  // The names on GitHub stand first, those on other hosts behind.
  await press(page, commit.bold.filter((it, at) => commit.bold.indexOf(it) === at).slice(0, 2));
  const [create] = request.bold;
  await press(page, [create]);
  must(/\btwice|once more|again\b/.test(request.text), "the documentation does not say that the button has to be pressed twice");
  await press(page, [create]);
  must(git.pulls.length === before + 1, `${name}: there is no pull request`);
  return git.pulls.at(-1);
}

async function look(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${part.replaceAll(" ", "-")}.${name}.png`) });
}

/** All of it: a question, an answer to it, and the word that it worked. */
async function walk(name, settings) {
  part = name;
  const number = Number(name !== "wide");
  const stem = `leaf-in-a-pot-${number}`;
  const guide = await person(settings);
  const first = await read(guide, "/how-tos/first-contribution/");
  const second = await read(guide, "/how-tos/answer-a-question/");
  await guide.context().close();

  // Rosa asks. She begins on the home page.
  git.user = ROSA;
  const rosa = await person(settings);
  await rosa.goto(`${host.origin}/`);
  const [ask, rename, write] = first.steps;
  await look(rosa, "home");
  await rosa.getByRole("link", { name: ask.bold[0], exact: true }).first().click();
  await rosa.waitForURL(`${git.url}/new/**`);
  await look(rosa, "editor");
  const [given, example] = rename.code;
  must((await field(rosa, "filename").inputValue()).endsWith(`/${given}`), `the file is called ${await field(rosa, "filename").inputValue()}, not ${given} as the documentation says`);
  const path = example.replace(/[^/]+\.md$/, `${stem}.md`);
  await field(rosa, "filename").fill(path);
  const template = await field(rosa, "value").inputValue();
  const sign = write.code[0].trim();
  must(template.split("\n").some((line) => line.startsWith(`${sign} `)), `no line begins with ${sign}, as the documentation says: ${template}`);
  // What stands below it is there to be replaced.
  const asked = template.replace(new RegExp(`^${sign} [^]*$`, "m"), `${sign} ${QUESTION}\n\nI have one with 20 cm. The rim is in the way.\n`);
  await field(rosa, "value").fill(asked);
  const question = await propose(rosa, first.steps, "question");
  await look(rosa, "pull");
  accept(question);
  await rosa.goto(`${host.origin}/`);
  const title = rosa.getByRole("link", { name: QUESTION, exact: true }).first();
  await rosa.goto(`${host.origin}/questions/unanswered/`);
  await title.click();
  must(await rosa.textContent("h1") === QUESTION, `the question is shown as ${await rosa.textContent("h1")}`);
  must((await rosa.textContent("main")).includes(ROSA.name), "the question does not say who asked");
  const address = rosa.url();
  await look(rosa, "question");

  // Ben answers.
  git.user = BEN;
  const ben = await person(settings);
  await ben.goto(address);
  await ben.getByRole("link", { name: second.steps[0].bold[0], exact: true }).first().click();
  await ben.waitForURL(`${git.url}/new/**`);
  await called(ben, second.steps, stem, BEN);
  await field(ben, "value").fill(`${ANSWER}\n`);
  accept(await propose(ben, [...second.steps.slice(0, -1), ...first.steps.slice(-2)], "answer"));
  await ben.goto(address);
  const answer = ben.locator(`#answer-${BEN.login}`);
  must((await answer.textContent()).includes(ANSWER) && (await answer.textContent()).includes(BEN.name), "the answer or its author is not shown");
  await look(ben, "answer");
  await ben.context().close();

  // It worked for Rosa.
  git.user = ROSA;
  await rosa.goto(address);
  const names = second.sections[Object.keys(second.sections).find((it) => /worked/.test(it))];
  const links = await rosa.locator(`#answer-${BEN.login} a`).allTextContents();
  const helped = names.find((bold) => links.some((link) => link.startsWith(bold)));
  if (must(helped, `below the answer stands ${links.join(", ")}, and none of ${names.join(", ")} as the documentation says`)) {
    await rosa.locator(`#answer-${BEN.login} a`).filter({ hasText: helped }).first().click();
    await rosa.waitForURL(`${git.url}/new/**`);
    await called(rosa, second.steps, stem, ROSA);
    must((await field(rosa, "value").inputValue()).includes(`confirms: ${BEN.login}\n`), "the file does not say whose answer worked");
    accept(await propose(rosa, first.steps, "confirmation"));
    await rosa.goto(address);
    must((await rosa.locator(`#answer-${BEN.login}`).textContent()).includes(`Worked for ${ROSA.name}`), "the page does not say that it worked");
    must(/Worked for 1/.test(await rosa.textContent(".verdict")), `the verdict is ${await rosa.textContent(".verdict")}`);
    await look(rosa, "worked");
  }
  await rosa.context().close();
  if (name === "wide") await form(settings);
}

/** The file of a reply is called after its author; a page that knows their name has done it. */
async function called(page, steps, stem, user) {
  const nobody = steps.flatMap((step) => step.code).find((it) => it.startsWith("your-"));
  const given = await field(page, "filename").inputValue();
  must(given.endsWith(`/${stem}/${nobody.replace(/\.md$/, "")}.md`) || given.endsWith(`/${stem}/${user.login}.md`), `the file of a reply is ${given}, not ${nobody}`);
  await field(page, "filename").fill(given.replace(/[^/]+$/, `${user.login}.md`));
}

/** Who fills in the form on the site gets to the same editor, with nothing left to do there. */
async function form(settings) {
  part = "form";
  git.user = ROSA;
  const rosa = await person(settings);
  const { steps } = await read(rosa, "/how-tos/first-contribution/");
  await rosa.goto(`${host.origin}/write/?kind=story`);
  await field(rosa, "title").fill("A pot on the balcony: \"alive\" #1");
  await field(rosa, "outcome").fill("It lived through August.");
  await field(rosa, "handle").fill(ROSA.login);
  await rosa.getByRole("button", { name: "Send" }).click();
  const [editor] = await Promise.all([rosa.waitForEvent("popup"), rosa.locator("[data-way=edit] a").click()]);
  editor.setDefaultTimeout(5000);
  await editor.waitForLoadState();
  accept(await propose(editor, steps, "story"));
  await rosa.goto(`${host.origin}/stories/a-pot-on-the-balcony-alive-1/`);
  must(await rosa.textContent("h1") === "A pot on the balcony: \"alive\" #1", `the story is shown as ${await rosa.textContent("h1")}`);
  must((await rosa.textContent("main")).includes(ROSA.name), "the story does not say who tells it");
  await rosa.context().close();
}
