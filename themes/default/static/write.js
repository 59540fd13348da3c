// The page on which people write: makes of a form the file that `longhouse new` would begin, and hands it over. All of
// it happens here: nothing is sent anywhere, and what is typed stays in this browser. What the page knows of the site,
// the fields and headings of its files among it, stands in the form; what somebody typed is put into the page as text,
// never as HTML.

import { fileName, make, resting, speaker } from "./dom.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-write]"));
/** @type {WriteSettings} */
const settings = JSON.parse(form.dataset.write ?? "");
const say = speaker(settings.words);
const parameters = new URLSearchParams(location.search);
const KINDS = ["question", "answer", "story", "how-to", "idea"];
const kind = KINDS.find((name) => name === parameters.get("kind")) ?? "question";
const to = kind === "answer" ? fileName(parameters.get("to") ?? "", 250) : "";
const [, folder, list, template] = settings.kinds.find(([name]) => name === kind) ?? settings.kinds[0];
const HANDLE = "longhouse.handle";
const DRAFT = `longhouse.write:${settings.home}:${kind}:${to}`;
// The search is asked, and what was typed is kept, when the keys rest for so many milliseconds.
const REST = 300;
const KEEP = 150;
// Mail programs cut longer letters off, in bytes of the address.
const LETTER = 1900;

/** A part of the form, which is always there. @type {(selector: string) => HTMLElement} */
const find = (selector) => /** @type {HTMLElement} */ (form.querySelector(selector));
/** @type {(selector: string) => HTMLElement[]} */
const all = (selector) => [...form.querySelectorAll(selector)].map((it) => /** @type {HTMLElement} */ (it));
/** @type {(name: string) => HTMLInputElement} */
const field = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
/** What stands in a field of one line. @type {(name: string) => string} */
const line = (name) => clean(field(name).value).replace(/\s+/g, " ").trim();

// The file.

const RIGHT_TO_LEFT = "\\u0590-\\u061b\\u061d-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}";
const JOINS = "\\u0590-\\u1dff\\u2190-\\u2c5f\\u2c80-\\u2fff\\u3040-\\ufeff\\ufff0-\\u{10ffff}";
const HIDDEN = [
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2060-\u206f\ufeff]/g,
  /(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b/g,
  new RegExp(`(?<![${JOINS}])[\\u200c\\u200d]|[\\u200c\\u200d](?![${JOINS}])`, "gu"),
];
const WITHOUT_RIGHT_TO_LEFT = new RegExp(`^[^\\n${RIGHT_TO_LEFT}]+$`, "gmu");

/** A text without the invisible characters that come along when one pastes, and that a check would report.
 * @type {(text: string) => string} */
function clean(text) {
  let cleaned = (text.toWellFormed?.() ?? text).replace(/\r\n?/g, "\n");
  for (const hidden of HIDDEN) cleaned = cleaned.replace(hidden, "");
  return cleaned.replace(WITHOUT_RIGHT_TO_LEFT, (line) => line.replace(/[\u200e\u200f\u061c]/g, ""));
}

/** A title as a heading that shows it as it was typed: what markdown would take for a sign of its own gets a backslash.
 * @type {(title: string) => string} */
function heading(title) {
  const letter = /[\p{Alphabetic}\p{N}]/u;
  const escaped = title
    .replace(/\\(?=[!-/:-@[-`{-~])|[`*~]|\$(?!\d)|\{(?=[#.:%{])|:(?=[a-z][\w+-]*:)|<(?=[a-z/!?])|&(?=#?\w+;)|\](?=[[(])|\[(?=\^)|(?<=\])\[/gi, "\\$&")
    .replace(/_/g, (sign, /** @type {number} */ at) => (letter.test(title[at - 1] ?? " ") && letter.test(title[at + 1] ?? " ") ? sign : `\\${sign}`));
  return `# ${escaped.replace(/(^|\s)(#+)$/, "$1\\$2")}`;
}

/** A value of the front matter: as it is where it can be misunderstood by nobody, else in quotes.
 * @type {(text: string) => string} */
function value(text) {
  return /^[\p{L}_][\p{L}\p{M}\p{N} ._-]*$/u.test(text) || !text ? text : JSON.stringify(text);
}

/** A file with its places filled. What nothing was typed for is left out, and its heading with it.
 * @type {(template: string, values: Record<string, string>) => string} */
function filled(template, values) {
  const parts = template.replace(/^(## .+\n\n)?.*\{(\w+)\}.*\n\n?/gm, (part, _, name) => (values[name] ? part.replace(`{${name}}`, () => values[name]) : ""));
  return `${parts.trimEnd()}\n`;
}

/** A text for a file. Its headings are of level `least` or below, and none is left out; a block of code that was left
 * open is closed, for something else may follow. @type {(text: string, least: number) => string} */
function body(text, least) {
  /** @type {string[]} */
  const made = [];
  let fence = "";
  let last = least - 1;
  /** @type {(typed: number, rest: string) => void} */
  const titled = (typed, rest) => {
    last = Math.min(Math.max(typed, least), last + 1);
    made.push(`${"#".repeat(last)} ${rest.trim()}`);
  };
  for (const line of clean(text).replace(/^\s*\n/, "").trimEnd().split("\n")) {
    const [, mark, rest] = /^ {0,3}(`{3,}(?!.*`)|~{3,})(.*)$/.exec(line) ?? [];
    const [, signs, name] = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line) ?? [];
    const before = made.at(-1) ?? "";
    const isText = /^ {0,3}[^\s>#|]/.test(before) && !/^ {0,3}([-*+]|\d+[.)])( |$)/.test(before);
    if (fence) {
      if (mark?.startsWith(fence) && !rest?.trim()) fence = "";
      made.push(line);
    } else if (mark) {
      fence = mark;
      made.push(line);
    } else if (signs) {
      titled(signs.length, name ?? "");
    } else if (isText && /^ {0,3}=+\s*$/.test(line)) {
      titled(1, made.pop() ?? "");
    } else {
      // A line below a text makes a heading of it, which nobody means who draws a line.
      if (isText && /^ {0,3}-{2,}\s*$/.test(line)) made.push("");
      made.push(line);
    }
  }
  if (fence) made.push(fence);
  // The address of a link that nobody filled in.
  return made.join("\n").replace(/\[([^\]\n]*)\]\(https?:\/\/\)/g, "$1");
}

/** A list of what stands line by line; one that is a list already stays as it is.
 * @type {(text: string, mark: (number: number) => string) => string} */
function items(text, mark) {
  const lines = clean(text).replace(/^\s*\n/, "").trimEnd().split("\n");
  if (!lines[0] || /^ {0,3}(\d+[.)]|[-*+])\s/.test(lines[0])) return body(text, 3);
  /** @type {string[]} */
  const made = [];
  let fence = false;
  let count = 0;
  for (const line of lines) {
    const isFence = /^\s*(```|~~~)/.test(line);
    if (count === 0 || (!fence && !isFence && /^\S/.test(line))) {
      const sign = /^(#|[-+=]{3}|>)/.test(line) ? "\\" : "";
      made.push(`${mark(++count)} ${sign}${line.trim()}`);
    } else if (fence || line.trim()) {
      made.push(line.trim() ? " ".repeat(mark(count).length + 1) + line : "");
    }
    if (isFence) fence = !fence;
  }
  if (fence) made.push(`${" ".repeat(mark(count).length + 1)}\`\`\``);
  return made.join("\n");
}

// Whatever the search showed: no new file takes the address of one of these.
/** @type {Set<string>} */
const taken = new Set();
// The question that is answered: its title and folder, once it was looked at, and the answers on it.
/** @type {Question | null} */
let question = null;
let isMissing = false;
/** @type {Picture[]} */
let pictures = [];

/** A name that nothing has yet, with a number after it if it must be.
 * @type {(name: string, isTaken: (name: string) => boolean, sign?: string) => string} */
function free(name, isTaken, sign = "-") {
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? name : `${name}${sign}${number}`;
    if (!isTaken(numbered)) return numbered;
  }
}

/** The handle of who writes. */
const author = () => fileName(line("handle"), 60);

/** What is typed as a file: its folder in the repository, its name, its text, and the pictures in it. @type {() => Made} */
function file() {
  const by = author() || settings.nameless;
  const title = line("title");
  /** @type {(name: string, least: number) => string} */
  const part = (name, least) => body(field(name).value, least);
  if (kind === "answer") {
    // What looks like front matter is none.
    let text = `${part("text", 2).replace(/^-{3,}[ \t]*(?=\n|$)/, "***").replace(/^\+{3}/, "\\$&")}\n`;
    const used = pictures.filter((it) => text.includes(`](${it.name})`));
    for (const it of used) text = text.replaceAll(`](${it.name})`, `](${by}-${it.name})`);
    const own = used.map((it) => ({ ...it, name: `${by}-${it.name}` }));
    const name = free(by, (name) => question?.answers.includes(name) ?? false, "--");
    return { dir: settings.root + (question?.folder ?? `${folder}/${to}`), name: `${name}.md`, text, title: question?.title ?? to, pictures: own };
  }
  const customer = line("customer");
  const text = filled(template, {
    by, title: heading(title), topic: value(field("topic")?.value ?? ""), text: part("text", 2),
    customer: value(customer), consent: customer && value(["yes", line("who"), field("when").value].join(", ")), sentiment: field("sentiment").value,
    problem: part("problem", 3), why: part("why", 3), outcome: part("outcome", 3),
    time: value(line("time")), needs: items(field("needs").value, () => "-"), steps: items(field("steps").value, (number) => `${number}.`),
  });
  // A title without letters gives no name.
  const name = free(fileName(title) || `${kind}-${new Date().toISOString().slice(0, 10)}`, (name) => taken.has(`${decodeURI(list)}${name}/`));
  const used = pictures.filter((it) => text.includes(`](${it.name})`));
  const dir = `${settings.root}${folder}`;
  // With pictures it is a folder, in which they lie beside the text.
  const place = used.length ? { dir: `${dir}/${name}`, name: "index.md" } : { dir, name: `${name}.md` };
  return { ...place, title, pictures: used, text };
}

// Where it goes.

/** @type {(text: string) => string} */
const encode = (text) => encodeURIComponent(text.toWellFormed?.() ?? text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** An address made of a pattern. After a question mark a slash is data like any other.
 * @type {(pattern: string, values: Record<string, string>) => string} */
function fill(pattern, values) {
  const asked = pattern.indexOf("?");
  return pattern.replace(/\{(\w+)\}/g, (place, name, /** @type {number} */ at) => {
    if (!(name in values)) return place;
    const encoded = encode(values[name]);
    return name === "content" || (asked >= 0 && at > asked) ? encoded : encoded.replace(/%(2F|40|2B|2C)/g, decodeURIComponent);
  });
}

/** Where the file is handed over: for each way its address, and whether the text is too long for it.
 * @type {(made: Made) => Record<string, [string, boolean]>} */
function addresses({ dir, name, text, title }) {
  const path = `${dir}/${name}`;
  const values = { path, dir, file: name, branch: settings.branch ?? "", content: text, title };
  /** @type {(pattern: string, filled: Record<string, string>, empty: Record<string, string>) => [string, boolean]} */
  const bounded = (pattern, filled, empty) => {
    const whole = fill(pattern, filled);
    return whole.length <= settings.longest ? [whole, !pattern.includes("{content}")] : [fill(pattern, empty), true];
  };
  /** @type {Record<string, [string, boolean]>} */
  const found = {};
  if (settings.new) found.edit = bounded(settings.new, values, { ...values, content: "" });
  if (settings.issue) {
    const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longest + 1);
    const intro = `${say("writing_issue", { path: `\`${path}\`` })}\n\n`;
    found.issue = bounded(settings.issue, { ...values, content: `${intro}${fence}markdown\n${text}${fence}\n` }, { ...values, content: intro });
  }
  if (settings.mail) found.mail = [letter(path, name, title, text), false];
  return found;
}

/** A letter that a mail program opens with. What does not fit is left out, and the letter says so.
 * @type {(path: string, name: string, title: string, text: string) => string} */
function letter(path, name, title, text) {
  const site = document.querySelector("[property='og:site_name']")?.getAttribute("content") ?? "";
  const intro = `${say("writing_mail", { site, path })}\n\n`;
  /** @type {(body: string) => string} */
  const address = (body) => `mailto:${settings.mail}${settings.mail?.includes("?") ? "&" : "?"}subject=${encode(title)}&body=${encode(body.replaceAll("\n", "\r\n"))}`;
  const whole = address(intro + text);
  if (whole.length <= LETTER) return whole;
  const note = `\n\n${say("writing_mail_cut", { file: name })}\n`;
  const characters = [...text];
  let [fits, most] = [0, characters.length];
  while (fits < most) {
    const middle = Math.ceil((fits + most) / 2);
    if (address(intro + characters.slice(0, middle).join("") + note).length <= LETTER) fits = middle;
    else most = middle - 1;
  }
  return address(intro + characters.slice(0, fits).join("").trimEnd() + note);
}

// What the page says.

const said = find("[data-said]");
const ready = find("[data-ready]");
/** @type {string | null} */
let handed = null;
const ELSEWHERE = { target: "_blank", rel: "nofollow noopener" };

/** @type {(...children: (string | Node)[]) => void} */
function tell(...children) {
  said.replaceChildren(...children);
}

/** Shows the file and the ways to hand it over, anew with every change. */
function show() {
  if (handed) URL.revokeObjectURL(handed);
  const made = file();
  const found = addresses(made);
  find("[data-path]").textContent = `${made.dir}/${made.name}`;
  /** @type {HTMLTextAreaElement} */ (find("[data-file]")).value = made.text;
  handed = URL.createObjectURL(new Blob([made.text], { type: "text/markdown" }));
  let first = true;
  for (const way of all("[data-way]")) {
    const door = /** @type {HTMLElement} */ (way.querySelector(".door"));
    const [address] = found[way.dataset.way ?? ""] ?? [];
    if (door.tagName === "A") {
      if (way.dataset.way === "download") Object.assign(door, { href: handed, download: made.name });
      else way.hidden = !address;
      if (address) Object.assign(door, { href: address }, way.dataset.way !== "mail" && ELSEWHERE);
    }
    // What comes first is what most people will want.
    door.classList.toggle("second", !first);
    if (!way.hidden) first = false;
  }
  find("[data-long]").hidden = !Object.values(found).some(([, isLong]) => isLong);
  const list = find("[data-pictures]");
  list.hidden = made.pictures.length === 0;
  find("[data-pictures] ul").replaceChildren(...made.pictures.map(({ name, file }) => {
    const item = make("li");
    if (!file) item.append(say("writing_again", { name }));
    else item.append(make("a", { href: URL.createObjectURL(file), download: name }, say("writing_save", { name })));
    if (settings.upload) item.append(" ", make("a", { href: fill(settings.upload, { dir: made.dir, branch: settings.branch ?? "" }), ...ELSEWHERE }, say("writing_upload")));
    return item;
  }));
}

/** Puts the text on the clipboard. */
async function copy() {
  const { text } = file();
  try {
    await navigator.clipboard.writeText(text);
    tell(say("writing_copied"));
  } catch {
    tell(say("writing_not_copied"));
  }
}

// What was typed stays.

/** What is done with the memory of the browser; nothing if it keeps nothing.
 * @type {<T>(act: (storage: Storage) => T) => T | undefined} */
function stored(act) {
  try {
    return act(localStorage);
  } catch {
    return undefined;
  }
}

const NAMES = [...new FormData(form).keys()].filter((name) => name && name !== "handle");

function keep() {
  const typed = Object.fromEntries(NAMES.map((name) => [name, field(name).value]));
  const draft = JSON.stringify({ typed, question, pictures: pictures.map(({ name }) => name) });
  const kept = stored((storage) => {
    storage.setItem(DRAFT, draft);
    if (author()) storage.setItem(HANDLE, author());
    return true;
  });
  if (!kept) tell(say("writing_not_kept"));
}

/** @type {(draft: Draft | null) => void} */
function restore(draft) {
  for (const name of NAMES) field(name).value = draft?.typed?.[name] ?? (name === "sentiment" ? "happy" : "");
  pictures = (draft?.pictures ?? []).map((name) => pictures.find((it) => it.name === name) ?? { name });
  arrange();
  if (!ready.hidden) ready.hidden = true;
}

/** Shows the fields of this kind, and no others. */
function arrange() {
  const isOther = line("customer") !== "";
  for (const part of all("[data-for]")) {
    part.hidden = !part.dataset.for?.split(" ").includes(kind) || (part.dataset.other !== undefined && !isOther);
  }
  find("[data-choose]").hidden = to !== "" && !isMissing;
  for (const control of all("input[name], textarea[name], select")) /** @type {HTMLInputElement} */ (control).disabled = control.closest("[hidden]:not(form)") !== null;
}

// What is there already.

/** Asks the search of the site, if it has one. Where it fails, the form goes on without it.
 * @type {(query: string, filters?: Filters) => Promise<Answer>} */
function ask(query, filters) {
  return new Promise((answer) => {
    document.dispatchEvent(new CustomEvent("longhouse:ask", { detail: { question: { query, limit: 8, filters }, answer } }));
  });
}

const similar = find("[data-similar]");
let turn = 0;

async function look() {
  const query = line(kind === "answer" ? "which" : "title");
  const now = ++turn;
  /** @type {Answer} */
  const answer = [...query].length < 3 ? { hits: [] } : await ask(query, kind === "answer" ? { kind: "question" } : undefined);
  if (now !== turn || answer.error === "dropped") return;
  // Nobody who asks or tells looks for a person.
  const hits = (answer.hits ?? []).filter((hit) => !["person", "link", "page"].includes(hit.kind)).slice(0, 4);
  /** @type {(hit: Hit) => string} */
  const path = (hit) => decodeURI(new URL(hit.url, location.href).pathname);
  /** @type {(hit: Hit) => HTMLElement} */
  const link = (hit) => {
    const chosen = `?${new URLSearchParams({ kind, to: path(hit).slice(decodeURI(list).length).replace("/", "") })}`;
    return make("a", { href: kind === "answer" ? chosen : hit.url }, hit.title);
  };
  hits.forEach((hit) => taken.add(path(hit)));
  similar.hidden = hits.length === 0;
  find("[data-similar] ul").replaceChildren(...hits.map((hit) => make("li", {}, link(hit))));
  const heard = hits.length ? say("writing_similar", { count: hits.length }) : "";
  if (find("[data-heard]").textContent !== heard) find("[data-heard]").textContent = heard;
}

/** Looks at the page of the question: its title, the folder of its answers, and whose there are.
 * @type {() => Promise<XMLHttpRequest | null>} */
function lookUp() {
  return new Promise((found) => {
    const request = new XMLHttpRequest();
    request.open("GET", `${list}${encodeURIComponent(to)}/`);
    // Nothing in a page that is read like this runs or is shown.
    request.responseType = "document";
    request.onload = () => found(request.status < 500 ? request : null);
    request.onerror = () => found(null);
    request.send();
  });
}

async function answering() {
  if (to) {
    const request = await lookUp();
    /** @type {Document | null} */
    const page = request?.status === 200 ? request.response : null;
    const article = /** @type {HTMLElement | null | undefined} */ (page?.querySelector("article.question"));
    const title = page?.querySelector("h1")?.textContent;
    if (page && article && title) {
      const answers = [...page.querySelectorAll("[id^=answer-]")].map((it) => it.id.slice("answer-".length));
      question = { title, folder: article.dataset.replies ?? `${folder}/${to}`, answers };
      if (article.dataset.replies === undefined) tell(say("writing_locked"));
    } else if (request) {
      question = null;
      isMissing = true;
      tell(say("writing_no_question"));
    } else {
      // Offline: what was seen of it last time is good enough.
      question ??= { title: to, folder: `${folder}/${to}`, answers: [] };
      tell(say("writing_unseen"));
    }
    if (question) {
      const named = find("[data-question]");
      named.replaceChildren(`${say("writing_replies_to")} `, make("a", { href: `${list}${encodeURIComponent(to)}/` }, question.title));
      named.hidden = false;
    }
  }
  arrange();
}

// Tools.

/** Puts a text in place of what is chosen, so that the browser can take it back, and chooses part of it.
 * @type {(box: HTMLTextAreaElement, text: string, from: number, to: number) => void} */
function insert(box, text, from, to) {
  const at = box.selectionStart;
  box.focus();
  if (!document.execCommand("insertText", false, text)) {
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  box.setSelectionRange(at + from, at + to);
}

/** @type {Record<string, (box: HTMLTextAreaElement, chosen: string) => void>} */
const TOOLS = {
  link(box, chosen) {
    const isAddress = /^https?:\/\/\S+$/.test(chosen);
    const name = isAddress || !chosen ? say("writing_link") : chosen;
    const address = isAddress ? chosen : "https://";
    const text = `[${name}](${address})`;
    // What is missing is what one types next.
    if (chosen && !isAddress) insert(box, text, name.length + 3, text.length - 1);
    else insert(box, text, 1, name.length + 1);
  },
  list(box, chosen) {
    const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
    const before = !chosen && box.value.slice(start, box.selectionStart).trim() ? "\n" : "";
    const text = before + chosen.split("\n").map((line) => `- ${line}`).join("\n");
    insert(box, text, text.length, text.length);
  },
  code(box, chosen) {
    if (chosen && !chosen.includes("\n")) {
      const [sign, space] = chosen.includes("`") ? ["``", " "] : ["`", ""];
      return insert(box, sign + space + chosen + space + sign, 0, chosen.length + 2 * (sign + space).length);
    }
    const before = box.selectionStart && box.value[box.selectionStart - 1] !== "\n" ? "\n" : "";
    const longest = Math.max(2, ...(chosen.match(/`+/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longest + 1);
    const at = before.length + fence.length + 1;
    return insert(box, `${before}${fence}\n${chosen}\n${fence}\n`, at, at + chosen.length);
  },
  picture(box) {
    target = box;
    find("[data-picture]").click();
  },
};
/** @type {HTMLTextAreaElement | null} */
let target = null;

/** @type {[RegExp, string][]} */
const SORTS = [[/^\x89PNG/, "png"], [/^\xff\xd8\xff/, "jpg"], [/^GIF8/, "gif"], [/^RIFF.{4}WEBP/s, "webp"], [/^.{4}ftypavi[fs]/s, "avif"]];

/** Takes a picture along: its name is made one that a page can have, and it is named in the text.
 * @type {(picture: File) => Promise<void>} */
async function take(picture) {
  const head = String.fromCharCode(...new Uint8Array(await picture.slice(0, 12).arrayBuffer()));
  const sort = SORTS.find(([begins]) => begins.test(head))?.[1];
  if (!sort) return tell(say("writing_picture_refused", { name: picture.name }));
  const stem = free(fileName(picture.name.replace(/\.\w+$/, ""), 100) || "picture", (stem) => pictures.some((it) => it.name === `${stem}.${sort}` && it.file !== undefined));
  const name = `${stem}.${sort}`;
  pictures = [...pictures.filter((it) => it.name !== name), { name, file: picture }];
  if (target && !target.value.includes(`](${name})`)) {
    const shows = say("writing_picture");
    insert(target, `![${shows}](${name})`, 2, shows.length + 2);
  }
  tell(say("writing_picture_here", { name }));
  keep();
  if (!ready.hidden) show();
}

for (const bar of all("[role=toolbar]")) {
  const box = /** @type {HTMLTextAreaElement} */ (bar.parentElement?.querySelector("textarea"));
  const tools = [...bar.querySelectorAll("button")];
  // One stop for the keyboard; arrows lead from one to the next.
  tools.forEach((tool, number) => { tool.tabIndex = number ? -1 : 0; });
  bar.addEventListener("keydown", (event) => {
    const on = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = on === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    const at = tools.findIndex((tool) => tool === document.activeElement);
    const next = { [on]: at + 1, [back]: at - 1 + tools.length, Home: 0, End: tools.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    tools.forEach((tool, number) => { tool.tabIndex = number === next % tools.length ? 0 : -1; });
    tools[next % tools.length].focus();
  });
  bar.addEventListener("click", ({ target: tool }) => {
    const name = tool instanceof HTMLElement && tool.dataset.tool;
    if (name) TOOLS[name](box, box.value.slice(box.selectionStart, box.selectionEnd));
  });
}

// The page begins.

const named = kind.replace("-", "_");
const shown = say(`writing_${named}`);
for (const first of document.querySelectorAll("h1")) first.textContent = shown;
document.title = document.title.replace(/^[^·]*/, `${shown} `);
for (const label of all("[data-label]")) label.textContent = say(`${label.dataset.label}_${named}`);
for (const link of all(".kinds a")) if (link.getAttribute("href") === `?kind=${kind}`) link.setAttribute("aria-current", "page");
/** @type {Draft | null} */
let kept = null;
try {
  kept = JSON.parse(stored((storage) => storage.getItem(DRAFT)) ?? "null");
} catch {
  // What cannot be read is as good as nothing.
}
question = kept?.question ?? null;
restore(kept);
field("handle").value ||= stored((storage) => storage.getItem(HANDLE)) ?? "";
field("title").value ||= parameters.get("title") ?? "";
form.hidden = false;
if (kind === "answer") answering();
if (line("title")) look();

const keepSoon = resting(keep, KEEP);
const lookSoon = resting(look, REST);
form.addEventListener("input", ({ target }) => {
  const { name } = /** @type {HTMLInputElement} */ (target);
  if (name === "title" || name === "which") lookSoon();
  if (name === "customer") arrange();
  keepSoon();
  tell();
  if (!ready.hidden) show();
});
addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => document.hidden && keep());
addEventListener("online", () => { if (kind === "answer") answering(); });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (kind === "answer" && !question) return find("[name=which]").focus();
  keep();
  ready.hidden = false;
  show();
  ready.focus();
  ready.scrollIntoView({ block: "nearest" });
});
ready.addEventListener("click", ({ target }) => {
  const way = /** @type {Element} */ (target).closest(".door")?.closest("[data-way]")?.getAttribute("data-way");
  // Every way but a file puts the text on the clipboard as well: an editor may have opened empty.
  if (way && way !== "download") copy();
});
const chooser = /** @type {HTMLInputElement} */ (find("[data-picture]"));
chooser.addEventListener("change", () => {
  if (chooser.files?.[0]) take(chooser.files[0]);
  chooser.value = "";
});
find("[data-clear]").addEventListener("click", () => {
  const before = { typed: Object.fromEntries(NAMES.map((name) => [name, field(name).value])), pictures: pictures.map(({ name }) => name) };
  const files = pictures;
  restore(null);
  similar.hidden = true;
  stored((storage) => storage.removeItem(DRAFT));
  const undo = make("button", { type: "button", class: "undo" }, say("writing_undo"));
  undo.addEventListener("click", () => {
    pictures = files;
    restore(before);
    keep();
    tell();
    (field("title").disabled ? field("text") : field("title")).focus();
  });
  tell(`${say("writing_cleared")} `, undo);
});
