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
// What somebody writes to a page that is there, and of which kind that is unless the address says otherwise.
/** @type {Record<string, string>} */
const REPLIES = { answer: "question", comment: "question", confirm: "question", support: "idea", stuck: "how-to" };
const KINDS = ["question", "story", "how-to", "idea", ...Object.keys(REPLIES)];
const kind = KINDS.find((name) => name === parameters.get("kind")) ?? "question";
const replies = Object.hasOwn(REPLIES, kind);
const to = replies ? fileName(parameters.get("to") ?? "", 250) : "";
// The answer that a comment or a confirmation is about, by the name of its file.
const on = replies ? fileName(parameters.get("on") ?? "", 250) : "";
/** @type {(name: string | null) => WriteSettings["kinds"][0] | undefined} */
const known = (name) => settings.kinds.find(([known]) => known === name);
const [of, folder, list, template] = (replies ? known(parameters.get("of")) ?? known(REPLIES[kind]) : known(kind)) ?? settings.kinds[0];
const isAnswer = kind === "answer";
const HANDLE = "longhouse.handle";
const DRAFT = `longhouse.write:${settings.home}:${kind}:${[to, of === REPLIES[kind] ? "" : of, on].join(" ").trim()}`;
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

/** What a reply says before its text: which answer it is about, and what it is. @type {() => string} */
function fields() {
  const stem = on || (of === "question" ? "" : "self");
  const version = line("version");
  const said = {
    comment: of === "question" && ["comment: true", on && `on: ${value(on)}`],
    confirm: stem && [`confirms: ${value(stem)}`, version && `version: ${JSON.stringify(version)}`],
    support: ["supports: true"],
    stuck: of === "question" && ["comment: true"],
  }[kind];
  return said ? ["---", ...said.filter(Boolean), "---"].join("\n") : "";
}

/** What is typed as a file: its folder in the repository, its name, its text, and the pictures in it. @type {() => Made} */
function file() {
  const by = author() || settings.nameless;
  const title = line("title");
  /** @type {(name: string, least: number) => string} */
  const part = (name, least) => body(field(name).value, least);
  if (replies) {
    // What looks like front matter is none.
    const typed = part("text", 2).trimEnd().replace(/^-{3,}[ \t]*(?=\n|$)/, "***").replace(/^\+{3}/, "\\$&");
    let text = `${[fields(), typed].filter(Boolean).join("\n\n")}\n`;
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
const account = parameters.get("account");
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
  // Whoever has no account finds first what needs none.
  if (account === "no") for (const name of ["edit", "issue"]) for (const way of all(`[data-way=${name}]`)) way.parentElement?.append(way);
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

/** What else follows when all of it is another. @type {(() => void) | null} */
let restored = null;

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
  restored?.();
}

/** Shows the fields of this kind, and no others. */
function arrange() {
  const isOther = line("customer") !== "";
  for (const part of all("[data-for]")) {
    part.hidden = !part.dataset.for?.split(" ").includes(kind) || (part.dataset.other !== undefined && !isOther);
  }
  find("[data-choose]").hidden = to !== "" && !isMissing;
  // Who only says that it worked may say no more.
  field("text").required = !["confirm", "support"].includes(kind);
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
  const query = line(replies ? "which" : "title");
  const now = ++turn;
  /** @type {Answer} */
  const answer = [...query].length < 3 ? { hits: [] } : await ask(query, replies ? { kind: of } : undefined);
  if (now !== turn || answer.error === "dropped") return;
  // Nobody who asks or tells looks for a person.
  const hits = (answer.hits ?? []).filter((hit) => !["person", "link", "page"].includes(hit.kind)).slice(0, 4);
  /** @type {(hit: Hit) => string} */
  const path = (hit) => decodeURI(new URL(hit.url, location.href).pathname);
  /** @type {(hit: Hit) => HTMLElement} */
  const link = (hit) => {
    const chosen = new URLSearchParams(parameters);
    chosen.set("to", path(hit).slice(decodeURI(list).length).replace("/", ""));
    return make("a", { href: replies ? `?${chosen}` : hit.url }, hit.title);
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
    const article = /** @type {HTMLElement | null | undefined} */ (page?.querySelector(`article.${of}`));
    const title = page?.querySelector("h1")?.textContent;
    if (page && article && title) {
      const answers = [...page.querySelectorAll("[id^=answer-]")].map((it) => it.id.slice("answer-".length));
      const taken = page.querySelector("[data-taken]")?.getAttribute("data-taken")?.split(" ") ?? [];
      question = { title, folder: article.dataset.replies ?? `${folder}/${to}`, answers: [...answers, ...taken] };
      if (article.dataset.replies === undefined && of === "question") tell(say("writing_locked"));
    } else if (request) {
      question = null;
      isMissing = true;
      tell(say(of === "question" ? "writing_no_question" : "writing_no_page"));
    } else {
      // Offline: what was seen of it last time is good enough.
      question ??= { title: to, folder: `${folder}/${to}`, answers: [] };
      tell(say("writing_unseen"));
    }
    if (question) {
      const named = find("[data-question]");
      named.replaceChildren(`${say(isAnswer ? "writing_replies_to" : "writing_about")} `, make("a", { href: `${list}${encodeURIComponent(to)}/` }, question.title));
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

// Pictures are made at most so many pixels wide and high; other files than these bytes are not made again for less.
const WIDEST = 1600;
const SMALL = 512 * 1024;

/** The parts of a file that are kept: those that show something, without places, names and devices.
 * @type {Record<string, (bytes: Uint8Array<ArrayBuffer>) => BlobPart[] | null>} */
const STRIPPED = {
  png(bytes) {
    const kept = [bytes.slice(0, 8)];
    for (let at = 8; at + 12 <= bytes.length;) {
      const end = at + 12 + new DataView(bytes.buffer, at).getUint32(0);
      if (/^(IHDR|PLTE|IDAT|IEND|tRNS|gAMA|cHRM|sRGB|acTL|fcTL|fdAT)$/.test(String.fromCharCode(...bytes.subarray(at + 4, at + 8)))) kept.push(bytes.slice(at, end));
      at = end;
    }
    return kept;
  },
  gif(bytes) {
    /** @type {(packed: number) => number} */
    const colours = (packed) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);
    /** @type {(at: number) => number} */
    const past = (at) => {
      while (bytes[at]) at += bytes[at] + 1;
      return at + 1;
    };
    let at = 13 + colours(bytes[10]);
    const kept = [bytes.slice(0, at)];
    while (at < bytes.length) {
      const sign = bytes[at];
      if (sign === 0x3b) return [...kept, bytes.slice(at, at + 1)];
      if (sign !== 0x2c && sign !== 0x21) return null;
      const end = sign === 0x2c ? past(at + 11 + colours(bytes[at + 9])) : past(at + 2);
      const name = String.fromCharCode(...bytes.subarray(at + 3, at + 14));
      // How one picture follows another, and how often all do.
      if (sign === 0x2c || bytes[at + 1] === 0xf9 || (bytes[at + 1] === 0xff && /^(NETSCAPE2|ANIMEXTS1)\.0$/.test(name))) kept.push(bytes.slice(at, end));
      at = end;
    }
    return null;
  },
};

/** A picture as it may travel: not too large, and without what a camera wrote into it. What cannot be shown is null.
 * @type {(picture: File, sort: string) => Promise<{ file: Blob, sort: string } | null>} */
async function shrunk(picture, sort) {
  /** @type {ImageBitmap} */
  let image;
  try {
    image = await createImageBitmap(picture, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  const scale = Math.min(1, WIDEST / Math.max(image.width, image.height));
  if (sort === "gif" || (sort === "png" && scale === 1 && picture.size <= SMALL)) {
    const parts = STRIPPED[sort](new Uint8Array(await picture.arrayBuffer()));
    if (parts) return { file: new Blob(parts, { type: picture.type }), sort };
  }
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  // A photograph stays one; whatever may be transparent stays so.
  const type = sort === "jpg" ? "image/jpeg" : sort === "png" || sort === "gif" ? "image/png" : "image/webp";
  /** @type {Blob | null} */
  const made = await new Promise((done) => canvas.toBlob(done, type, 0.85));
  // A browser that cannot write WebP writes PNG.
  return made && { file: made, sort: { "image/jpeg": "jpg", "image/webp": "webp" }[made.type] ?? "png" };
}

/** @type {[RegExp, string][]} */
const SORTS = [[/^\x89PNG/, "png"], [/^\xff\xd8\xff/, "jpg"], [/^GIF8/, "gif"], [/^RIFF.{4}WEBP/s, "webp"], [/^.{4}ftypavi[fs]/s, "avif"]];

/** Takes a picture along: its name is made one that a page can have, and it is named in the text.
 * @type {(picture: File) => Promise<void>} */
async function take(picture) {
  const head = String.fromCharCode(...new Uint8Array(await picture.slice(0, 12).arrayBuffer()));
  const typed = SORTS.find(([begins]) => begins.test(head))?.[1];
  const made = typed && await shrunk(picture, typed);
  if (!made) return tell(say("writing_picture_refused", { name: picture.name }));
  const { file, sort } = made;
  const stem = free(fileName(picture.name.replace(/\.\w+$/, ""), 100) || "picture", (stem) => pictures.some((it) => it.name === `${stem}.${sort}` && it.file !== undefined));
  const name = `${stem}.${sort}`;
  pictures = [...pictures.filter((it) => it.name !== name), { name, file: new File([file], name, { type: file.type }) }];
  if (target && !target.value.includes(`](${name})`)) {
    const shows = say("writing_picture");
    insert(target, `![${shows}](${name})`, 2, shows.length + 2);
  }
  tell(say("writing_picture_here", { name }));
  keep();
  changed();
}

/** Takes several, one after the other, so that each finds its place. @type {(box: HTMLTextAreaElement, found: Iterable<File>) => Promise<void>} */
async function takeAll(box, found) {
  target = box;
  for (const picture of found) {
    // The next one comes behind what was put in.
    const end = box.value.indexOf(")", box.selectionEnd);
    if (box.value.slice(box.selectionEnd).startsWith("](") && end > 0) box.setSelectionRange(end + 1, end + 1);
    await take(picture);
  }
}

for (const box of form.querySelectorAll("textarea[name]")) {
  const area = /** @type {HTMLTextAreaElement} */ (box);
  /** @type {(data: DataTransfer | null) => File[]} */
  const files = (data) => [...data?.files ?? []].filter((file) => file.type.startsWith("image/"));
  area.addEventListener("paste", (event) => {
    // Where a text comes along, as from a table, it is the text that is meant.
    if (event.clipboardData?.types.includes("text/plain") || !files(event.clipboardData).length) return;
    event.preventDefault();
    takeAll(area, files(event.clipboardData));
  });
  area.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  area.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    const dropped = files(event.dataTransfer);
    if (!dropped.length) return tell(say("writing_picture_refused", { name: event.dataTransfer.files[0].name }));
    takeAll(area, dropped);
  });
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

// What becomes of it.

const preview = find("[data-preview]");
const opener = /** @type {HTMLElement} */ (preview.querySelector("button"));
const view = /** @type {HTMLElement} */ (preview.querySelector(".text"));
/** @type {Promise<{ show: (text: string, pictures: Picture[]) => Promise<Node[]> }> | null} */
let previewer = null;

/** Shows the text as it will be, if somebody wants to see it. What shows it is fetched then, and not before. */
async function draw() {
  if (view.hidden) return;
  const made = file();
  try {
    previewer ??= import(preview.dataset.preview ?? "").then((module) => module.previewer(preview.dataset.engine, say));
    const { show } = await previewer;
    const nodes = await show(made.text.replace(/^---\n[^]*?\n---\n/, ""), pictures.map(({ name, file }) => ({ name: replies ? `${author() || settings.nameless}-${name}` : name, file })));
    view.replaceChildren(...nodes);
  } catch {
    // The next attempt begins anew.
    previewer = null;
    view.textContent = say("writing_no_preview");
  }
}

const drawSoon = resting(draw, KEEP);
opener.addEventListener("click", () => {
  view.hidden = !view.hidden;
  opener.setAttribute("aria-expanded", String(!view.hidden));
  form.classList.toggle("previewed", !view.hidden);
  draw();
});

restored = drawSoon;

/** What follows whatever was typed. */
function changed() {
  drawSoon();
  if (!ready.hidden) show();
}

// The page begins.

const named = kind.replace("-", "_");
const shown = say(`writing_${named}`);
for (const first of document.querySelectorAll("h1")) first.textContent = shown;
document.title = document.title.replace(/^[^·]*/, `${shown} `);
for (const label of all("[data-label]")) label.textContent = say(`${label.dataset.label}_${named}`);
find("#w-text-hint").hidden = !find("#w-text-hint").textContent;
if (replies && !isAnswer) for (const label of all("[for=w-which]")) label.textContent = say("writing_which");
for (const link of all(".kinds a")) {
  const href = link.getAttribute("href");
  if (href === `?kind=${kind}`) link.setAttribute("aria-current", "page");
  if (account) link.setAttribute("href", `${href}&${new URLSearchParams({ account })}`);
}
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
field("text").value ||= parameters.get("text") ?? "";
field("version").value ||= parameters.get("version") ?? "";
if (replies) answering();
if (line("title")) look();

const keepSoon = resting(keep, KEEP);
const lookSoon = resting(look, REST);
form.addEventListener("input", ({ target }) => {
  const { name } = /** @type {HTMLInputElement} */ (target);
  if (name === "title" || name === "which") lookSoon();
  if (name === "customer") arrange();
  keepSoon();
  tell();
  changed();
});
addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => document.hidden && keep());
addEventListener("online", () => { if (replies) answering(); });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (replies && !question) return find("[name=which]").focus();
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
  if (chooser.files?.length && target) takeAll(target, [...chooser.files]);
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
