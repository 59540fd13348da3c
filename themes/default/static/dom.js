// What the scripts of the theme share. A page loads it once for all of them.

/**
 * An element with attributes and children. What is null or false is left out; a function listens to events.
 * @type {Make}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * Says words with their places filled. One that counts has a form for each plural category.
 * @type {(words: Words) => Say}
 */
export const speaker = (words) => (word, filled = {}) => {
  let text = words[word] ?? "";
  if (typeof text === "object") {
    const category = new Intl.PluralRules(document.documentElement.lang).select(Number(filled.count));
    text = text[category] ?? text.other;
  }
  return text.replace(/\{(\w+)\}/g, (_, name) => String(filled[name] ?? ""));
};

/**
 * Calls back when nothing happened for a while.
 * @type {(act: () => void, milliseconds: number) => () => void}
 */
export function resting(act, milliseconds) {
  /** @type {number | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
}

/**
 * The name of a file made of a title: small letters and digits of any script with hyphens between them, in at most so
 * many bytes. It is empty where a title has neither. The address that the site makes of it follows rules of its own.
 * @type {(title: string, longest?: number) => string}
 */
export function fileName(title, longest = 120) {
  const name = title.normalize("NFKC").toLowerCase()
    // What shows nothing and parts nothing is left out, and so is the dot of a Turkish capital.
    .replace(/(?![\u200b-\u200d])\p{DI}|(?<=i)\u0307/gu, "")
    .replace(/^\p{M}+|[^\p{L}\p{N}\p{M}_.]+\p{M}*/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    // Windows keeps these for devices.
    .replace(/^(con|prn|aux|nul|(com|lpt)\d)(?=\.|$)/, "$1-page");
  const { read } = new TextEncoder().encodeInto(name, new Uint8Array(longest));
  return name.slice(0, read).replace(/[-.]+$/, "").normalize();
}
