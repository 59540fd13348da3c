// Makes the open page the new one in place. What the server did not change is left as the reader has it: open
// details, typed text, playing films, and all that scripts made of it. So each node is remembered as it was sent, and
// only what was sent differently now is touched. The changing itself does idiomorph.

import { Idiomorph } from "./idiomorph.js";

/** From a node of the page to the same node as it was sent last. What scripts made has none.
 * @type {WeakMap<Node, Node>} */
const sent = new WeakMap();
/** Blocks that are told apart by their text while the page is changed get names that begin so. */
const NAME = "longhouse-block-";
const BLOCKS = "p, li, pre, h1, h2, h3, h4, h5, h6, blockquote, table, tr, dl, dt, dd, details, figure, section, article, div, ul, ol, aside, img, video, audio, iframe, form, input, textarea";
/** A style sheet that does not come is not waited for longer, in milliseconds. */
const PATIENCE = 3000;

/** Remembers the page as it was sent. Has to come before any script changes it. */
export function remember() {
  pair(document.documentElement, document.documentElement.cloneNode(true));
}

/** Makes the page another one. Says `false` where that takes a real reload: scripts and policies cannot be changed.
 * @type {(next: Document) => boolean} */
export function become(next) {
  if (executed(document) !== executed(next) || policy(document) !== policy(next)) return false;
  document.dispatchEvent(new CustomEvent("longhouse:before-update", { detail: { document: next } }));
  const active = document.activeElement;
  attributes(document.documentElement, next.documentElement);
  head(next);
  const forget = nameBlocks(next);
  try {
    // What morphing would itself warn of in the console, two elements of one id, is the theme's own concern.
    Idiomorph.morph(document.body, next.body, { head: { style: "none" }, callbacks });
  } finally {
    forget();
  }
  if (active instanceof HTMLElement && active.isConnected && document.activeElement !== active) active.focus({ preventScroll: true });
  return true;
}

/** Puts one node in the place of another that was sent. @type {(old: Node, fresh: Node) => void} */
export function replaceSent(old, fresh) {
  const copy = sent.get(old);
  if (copy) sent.set(fresh, copy);
}

/** Remembers a node, and all in it, by its copy. @type {(live: Node, copy: Node) => void} */
function pair(live, copy) {
  sent.set(live, copy);
  let other = copy.firstChild;
  for (let child = live.firstChild; child && other; child = child.nextSibling) {
    pair(child, other);
    other = other.nextSibling;
  }
}

// What is being changed: idiomorph asks for each attribute by its name alone.
/** @type {{ was?: Node, next?: Node }} */
let now = {};

/** @type {import("./idiomorph.js").Callbacks} */
const callbacks = {
  beforeNodeMorphed(live, next) {
    const was = sent.get(live);
    if (was?.isEqualNode(next)) return false;
    if (live instanceof Text) {
      rewrite(live, next.textContent ?? "");
      sent.set(live, next);
      return false;
    }
    if (isScript(live) || (live instanceof Element && live.localName === "noscript")) return false;
    now = { was, next };
    return true;
  },
  afterNodeMorphed(live, next) {
    sent.set(live, next);
  },
  beforeNodeAdded: (node) => !isScript(node),
  afterNodeAdded(node) {
    // One that was made empty and filled is known already, and so is what was moved into it.
    if (!sent.has(node)) pair(node, node.cloneNode(true));
  },
  beforeNodeRemoved: (node) => !isMade(node),
  beforeAttributeUpdated: (name, live) => mayChange(name, live, now.was, now.next),
};

/** Whether an attribute is the server's to change: not if it was sent as it is, and what stands there is a reader's or
    a script's doing. Of both copies only elements have attributes.
 * @type {(name: string, live: Element, was: Node | undefined, next: Node | undefined) => boolean} */
function mayChange(name, live, was, next) {
  if (was instanceof Element && next instanceof Element && was.getAttribute(name) === next.getAttribute(name)) return false;
  const isWritten = live instanceof HTMLInputElement || live instanceof HTMLTextAreaElement || live instanceof HTMLOutputElement;
  if (name === "value" && isWritten && live.value !== live.defaultValue) return false;
  return !(name === "checked" && live instanceof HTMLInputElement && live.checked !== live.defaultChecked);
}

/** Whether a script made an element out of nothing that was sent. @type {(node: Node) => boolean} */
function isMade(node) {
  if (node.nodeType !== Node.ELEMENT_NODE || sent.has(node)) return false;
  const walker = document.createTreeWalker(node);
  while (walker.nextNode()) if (sent.has(walker.currentNode)) return false;
  return true;
}

/** Changes a text where it differs, so that what is selected around that stays so.
 * @type {(text: Text, to: string) => void} */
function rewrite(text, to) {
  const from = text.data;
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let end = 0;
  while (end < shorter - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end++;
  text.replaceData(start, from.length - start - end, to.slice(start, to.length - end));
}

/** @type {(live: Element, next: Element) => void} */
function attributes(live, next) {
  const was = sent.get(live);
  for (const name of new Set([...live.getAttributeNames(), ...next.getAttributeNames()])) {
    if (!mayChange(name, live, was, next)) continue;
    const value = next.getAttribute(name);
    if (value === null) live.removeAttribute(name);
    else live.setAttribute(name, value);
  }
  sent.set(live, next);
}

/** What stands in the head, in order. A style sheet goes when those that take its place are there: no flash.
 * @type {(next: Document) => void} */
function head(next) {
  const old = [...document.head.children].filter((node) => sent.has(node));
  const loading = [];
  const leaving = new Set(old);
  /** @type {Element | undefined} */
  let last;
  for (const node of [...next.head.children]) {
    const known = old.find((live) => leaving.has(live) && sent.get(live)?.isEqualNode(node)) ?? (isScript(node) ? old.find(isScript) : undefined);
    if (known) {
      leaving.delete(known);
      last = known;
    } else if (!isScript(node)) {
      const fresh = document.importNode(node, true);
      pair(fresh, fresh.cloneNode(true));
      if (isSheet(fresh)) loading.push(loaded(fresh));
      if (last) last.after(fresh);
      else document.head.prepend(fresh);
      last = fresh;
    }
  }
  for (const node of leaving) {
    if (isScript(node)) continue;
    if (isSheet(node)) Promise.all(loading).then(() => node.remove());
    else node.remove();
  }
}

/** Ready when a style sheet is there, or will not come. @type {(link: Element) => Promise<unknown>} */
export function loaded(link) {
  return new Promise((ready) => {
    link.addEventListener("load", ready);
    link.addEventListener("error", ready);
    setTimeout(ready, PATIENCE);
  });
}

/** Gives blocks that are the same before and after a common name, so that one put in between does not become the
    next one, and that one the one after it. Gives back what takes the names away again.
 * @type {(next: Document) => () => void} */
function nameBlocks(next) {
  /** @type {(was: Node | undefined) => string} */
  const text = (was) => (was instanceof Element ? `${was.localName} ${was.getAttribute("src") ?? ""} ${was.textContent}` : "");
  const live = once(document.body, (element) => text(sent.get(element)));
  const coming = once(next.body, text);
  /** @type {Element[]} */
  const named = [];
  for (const [key, element] of live) {
    const other = coming.get(key);
    const was = sent.get(element);
    if (!other || !(was instanceof Element) || !was.isEqualNode(other)) continue;
    const name = `${NAME}${named.length}`;
    const three = [element, was, other];
    for (const one of three) one.setAttribute("id", name);
    named.push(...three);
  }
  return () => {
    for (const element of named) if (element.getAttribute("id")?.startsWith(NAME)) element.removeAttribute("id");
  };
}

/** The blocks without an id below an element whose key only one of them has.
 * @type {(root: Element, key: (element: Element) => string) => Map<string, Element>} */
function once(root, key) {
  /** @type {Map<string, Element>} */
  const found = new Map();
  const twice = new Set();
  for (const element of root.querySelectorAll(BLOCKS)) {
    const text = element.hasAttribute("id") ? "" : key(element);
    if (found.has(text)) twice.add(text);
    if (text) found.set(text, element);
  }
  for (const text of twice) found.delete(text);
  return found;
}

/** @type {(node: Node) => boolean} */
function isSheet(node) {
  return node instanceof HTMLLinkElement && node.relList.contains("stylesheet");
}

/** Whether something is a script that runs, rather than data. @type {(node: Node) => boolean} */
function isScript(node) {
  return node instanceof Element && node.localName === "script" && ["", "module", "text/javascript"].includes(node.getAttribute("type") ?? "");
}

/** The scripts of a page, without those of the preview. @type {(page: Document) => string} */
function executed(page) {
  return [...page.querySelectorAll("script")]
    .filter((script) => isScript(script) && !script.hasAttribute("data-state"))
    .map((script) => `${script.type} ${script.getAttribute("src") ?? script.text}`)
    .join("\n");
}

/** @type {(page: Document) => string} */
function policy(page) {
  const policies = page.querySelectorAll("meta[http-equiv='Content-Security-Policy' i]");
  return [...policies].map((meta) => meta.getAttribute("content")).join("\n");
}
