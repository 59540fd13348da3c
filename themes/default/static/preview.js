// Shows what becomes of a text while somebody writes it. The program's own parser, as WebAssembly, makes a tree of the
// markdown; elements are made of that here, of this list alone, so nothing that is typed ever becomes HTML. Fetched when
// somebody opens the preview.

import { make } from "./dom.js";

/** What may stand there, and with which attributes. @type {Record<string, string[]>} */
const ELEMENTS = {
  p: [], h1: [], h2: [], h3: [], h4: [], h5: [], h6: [], blockquote: [], aside: ["class"], pre: [], code: ["class"], ul: [], ol: ["start"], li: [],
  table: [], thead: [], tbody: [], tr: [], th: ["class"], td: ["class"], em: [], strong: [], del: [], br: [], hr: [], sup: [], div: ["class"],
  a: ["title"], img: [], input: [],
};

/** An engine that shows texts. @type {(engine: string, say: Say) => Promise<{ show: (text: string, pictures: Picture[]) => Promise<Node[]> }>} */
export async function previewer(engine, say) {
  const { exports } = await WebAssembly.instantiate(await load(engine), {});
  const { memory, input, output, output_len, render } = /** @type {PreviewExports} */ (/** @type {unknown} */ (exports));

  /** @type {(text: string) => Tree[]} */
  const tree = (text) => {
    const bytes = new TextEncoder().encode(text);
    // Making room may move the memory.
    const at = input(bytes.length);
    new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
    render();
    return JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, output(), output_len())));
  };

  return {
    show: async (text, pictures) => {
      const shown = new Map(await Promise.all(pictures.map(async ({ name, file }) => /** @type {const} */ ([name, file && await createImageBitmap(file).catch(() => undefined)]))));
      return tree(text).map((it) => built(it, shown, say));
    },
  };
}

/** @type {(it: Tree, pictures: Map<string, ImageBitmap | undefined>, say: Say, plain?: boolean) => Node} */
function built(it, pictures, say, plain = false) {
  if (typeof it === "string") return plain ? document.createTextNode(it) : linked(it);
  const [name, given, ...children] = it;
  // Nothing is a link in a link or in code.
  const inner = () => children.map((child) => built(child, pictures, say, plain || name === "a" || name === "code"));
  if (!Object.hasOwn(ELEMENTS, name)) return make("span", {}, ...inner());
  if (name === "img") return picture(given.src, String(children[0] ?? ""), pictures.get(given.src));
  if (name === "input") return make("input", { type: "checkbox", disabled: true, checked: given.checked === "true" });
  const attributes = Object.fromEntries(ELEMENTS[name].filter((key) => key in given).map((key) => [key, given[key]]));
  const element = make(/** @type {"p"} */ (name), attributes, ...inner());
  // What stands on the site is known only there: a link into it is shown without leading anywhere.
  if (name === "a" && leads(given.href)) for (const [key, value] of Object.entries({ href: given.href, rel: "ugc nofollow noopener", target: "_blank" })) element.setAttribute(key, value);
  const kind = /^alert alert-(\w+)$/.exec(given.class ?? "")?.[1];
  if (kind) element.prepend(make("p", { class: "alert-title" }, say(`alert_${kind}`)));
  if (name === "table") return make("div", { class: "table" }, element);
  return element;
}

/** A text in which addresses lead where they say. @type {(text: string) => Node} */
function linked(text) {
  const all = document.createDocumentFragment();
  let at = 0;
  for (const { 0: found, index } of text.matchAll(/\bhttps?:\/\/[^\s<]+|[\w.+-]+@(?:[\w-]+\.)+[\w-]*\w/gi)) {
    const trimmed = found.replace(/([?!.,:*_~'"]|&\w+;)+$/, "");
    // A bracket that nothing in the address opens belongs to the text.
    const address = trimmed.endsWith(")") && !trimmed.includes("(") ? trimmed.replace(/\)+$/, "") : trimmed;
    const href = /^https?:/i.test(address) ? address : `mailto:${address}`;
    all.append(text.slice(at, index), leads(href) ? make("a", { href, rel: "ugc nofollow noopener", target: "_blank" }, address) : address);
    at = index + address.length;
  }
  all.append(text.slice(at));
  return all;
}

/** Whether an address leads somewhere that the site would link to. @type {(href: string) => boolean} */
function leads(href) {
  return URL.canParse(href) && /^(https?|mailto):$/.test(new URL(href).protocol);
}

/** A picture that was chosen; of any other what it shows, for nothing is fetched from elsewhere.
 * @type {(src: string, alt: string, image: ImageBitmap | undefined) => HTMLElement} */
function picture(src, alt, image) {
  if (!image) return make("span", { class: "hint" }, alt || src);
  const canvas = make("canvas", { role: "img", "aria-label": alt || src, width: image.width, height: image.height });
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return canvas;
}

/** The compiled engine, which a host may have unpacked. @type {(url: string) => Promise<WebAssembly.Module>} */
async function load(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  const bytes = new Uint8Array(await response.arrayBuffer());
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const stream = new Blob([bytes]).stream();
  return WebAssembly.compile(await new Response(packed ? stream.pipeThrough(new DecompressionStream("gzip")) : stream).arrayBuffer());
}
