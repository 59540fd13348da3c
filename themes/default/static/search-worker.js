// Search in the reader's browser: fetches the engine and what it needs of the index, and asks it.
//
// It is a classic worker without dependencies. Whoever wants to search makes one and tells it where things are;
// only then is anything fetched:
//
//   const worker = new Worker("/assets/search-worker.….js");
//   worker.postMessage({ engine: "/assets/search-engine.….gz", index: "/search/index.json" });
//
// Who has read the manifest while the worker was on its way may give it along as `manifest`, and saves a round trip.
// It is used once; read it with `fetch(index, { cache: "no-cache" })`, and leave it out if that is not `ok`.
//
// Then it may be asked as often as one types:
//
//   worker.postMessage({ id: 1, query: "reset password", limit: 10, filters: { kind: "question", tag: ["login"],
//     product: "cloud", lang: "en", is: "answered" }, counts: true, shown: [] });
//
// Everything but `id` and `query` may be left out. A filter is a facet of the site with a value, or with several all of
// which a page must have; `tags`, `products` and `answered: true` are understood as well. `shown` are the `documents` of the
// answer to what had been typed before: these pages count a little more. Each question is answered once, by its `id`:
//
//   { id, hits, documents, doubtful, counts, suggestions, excluded, loosened, rounds, bytes }
//     hits         [{ url, title, kind, score, coverage, snippet, marks, by? }]: text and ranges, never HTML. `url` is a path
//                  from the root of the host, with the fragment of the answer that fits. `marks` are ranges of the
//                  snippet in Unicode scalars: cut `[...snippet]`, not the string.
//     documents    the numbers of these pages in the index, for `shown`
//     doubtful     whether even the best hit covers so little of the question that the answer is perhaps not there
//     counts       with `counts: true` [{ field, value, count }]: how many of the best hundred hits a filter leaves
//     suggestions  when nothing was found, [{ from, to }]: words that are spelt nearly like one of the query
//     excluded     parts of the query, as they were typed with their minus, for which pages were left out
//     loosened     phrases of the query that no page has as they are, without quotes: their words were searched for
//     rounds       how many times pieces had to be fetched for it
//     bytes        how many bytes were fetched for it, as the host sent them
//   { id, error: "unavailable", reason }
//     reason       "offline", "missing" (the host has no such file), "damaged", "version" or "unsupported"
//   { id, error: "dropped" }
//     A newer question came before this one was answered.
//
// A message `{ ready: true }` comes once the index is open, and `{ error: "unavailable", reason }` if it cannot be.
// After a failure the next question tries again from the beginning.
"use strict";

const VERSION = 3;
const HOT = 0xffffffff;
const HEAD = 12;
const DONE = 0;
const MISSING = 1;
// So many bytes of pieces may be kept before the engine begins anew.
const MEMORY = 96 * 1024 * 1024;
// So many times a question may find pieces missing. A plain one does three times.
const ROUNDS = 12;
// A host that takes longer than this is not there.
const PATIENCE = 30_000;

class Unavailable extends Error {
  /** @param {string} reason @param {unknown} [cause] */
  constructor(reason, cause) {
    super(reason, { cause });
    this.reason = reason;
  }
}

/** @type {{ engine: URL, index: URL } | null} */
let places = null;
/** @type {Manifest | null | undefined} */
let given = null;
/** @type {Promise<Engine> | null} */
let opening = null;
/** @type {Promise<WebAssembly.Module> | null} */
let module = null;
/** @type {SearchQuestion & { id: number } | null} */
let waiting = null;
let busy = false;
// Whether the browser's cache may answer. What was found wrong is fetched from the host the next time.
/** @type {RequestCache} */
let cache = "default";

self.onmessage = ({ data }) => {
  if (data && typeof data.engine === "string") {
    places = { engine: new URL(data.engine, self.location.href), index: new URL(data.index, self.location.href) };
    given = data.manifest;
    open().then(() => self.postMessage({ ready: true }), (error) => self.postMessage(failure(error)));
  } else if (data && data.id !== undefined) {
    if (waiting) self.postMessage({ id: waiting.id, error: "dropped" });
    waiting = data;
    if (!busy) work();
  }
};

/** Answers what is waiting until nothing is. */
async function work() {
  busy = true;
  while (waiting) {
    const question = waiting;
    waiting = null;
    try {
      const answer = await ask(question);
      self.postMessage(answer ?? { id: question.id, error: "dropped" });
    } catch (error) {
      self.postMessage({ id: question.id, ...failure(error) });
    }
  }
  busy = false;
}

/** @type {(error: unknown) => { error: string, reason: string }} */
function failure(error) {
  return { error: "unavailable", reason: error instanceof Unavailable ? error.reason : "damaged" };
}

/** The answer to a question, or nothing if a newer one is waiting.
 * @type {(question: SearchQuestion & { id: number }) => Promise<object | null>} */
async function ask(question) {
  const spent = { rounds: 0, bytes: 0 };
  const request = encode({ facets: facets(question.filters ?? {}), query: String(question.query ?? ""),
    limit: question.limit ?? 10, counts: question.counts === true, shown: question.shown ?? [] });
  for (let tries = 0; ; tries++) {
    try {
      const answer = await answered(await open(), request, spent);
      cache = "default";
      return answer && { id: question.id, ...answer, ...spent };
    } catch (error) {
      // The site may have been published anew since the index was opened: then its pieces are gone. Or something
      // wrong lies in the browser's cache.
      opening = null;
      const reason = error instanceof Unavailable ? error.reason : "";
      module = reason === "damaged" ? null : module;
      cache = "reload";
      if (tries > 0 || reason === "offline" || reason === "unsupported") throw error;
    }
  }
}

/** @type {(index: Engine, request: Uint8Array, spent: Spent) => Promise<object | null>} */
async function answered(index, request, spent) {
  while (true) {
    const state = index.call("ask", request);
    if (state === DONE) {
      const answer = JSON.parse(new TextDecoder().decode(index.output()));
      if (index.held > MEMORY) opening = null;
      return answer;
    }
    if (state !== MISSING || spent.rounds === ROUNDS) throw new Unavailable("damaged");
    if (waiting) return null;
    const output = index.output();
    const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
    const numbers = Array.from({ length: output.length / 4 }, (_, place) => view.getUint32(place * 4, true));
    spent.rounds++;
    const pieces = await Promise.all(numbers.map((number) => piece(index.folder, number, spent)));
    numbers.forEach((number, place) => {
      index.held += pieces[place].length;
      if (index.call("give", pieces[place], number) !== DONE) throw new Unavailable("damaged");
    });
  }
}

/** The engine with the index open, fetched when it is first wanted. */
function open() {
  if (!places) return Promise.reject(new Unavailable("unsupported"));
  if (!opening) {
    opening = begin(places);
    // What failed is tried again the next time.
    opening.catch(() => { opening = null; });
  }
  return opening;
}

/** @type {(places: { engine: URL, index: URL }) => Promise<Engine>} */
async function begin(places) {
  if (typeof WebAssembly !== "object" || typeof DecompressionStream !== "function") throw new Unavailable("unsupported");
  const compiled = engine(places.engine);
  compiled.catch(() => {});
  const manifest = given ?? await fetched(places.index, { cache: "no-cache" }).then((response) => response.json())
    .catch((error) => { throw error instanceof Unavailable ? error : new Unavailable("damaged", error); });
  given = null;
  if (manifest?.version !== VERSION) throw new Unavailable("version");
  if (!/^[0-9a-f]{16}$/.test(manifest.folder)) throw new Unavailable("damaged");
  const folder = new URL(`../assets/search/${manifest.folder}/`, places.index);
  const [hot, module] = await Promise.all([piece(folder, HOT, { rounds: 0, bytes: 0 }), compiled]);
  const index = new Engine(await WebAssembly.instantiate(module, {}), folder);
  if (index.call("open", hot) !== DONE) throw new Unavailable("damaged");
  return index;
}

/** The compiled engine. It is fetched once, whatever becomes of the index.
 * @type {(url: URL) => Promise<WebAssembly.Module>} */
function engine(url) {
  if (!module) {
    module = load(url);
    module.catch(() => { module = null; });
  }
  return module;
}

/** @type {(url: URL) => Promise<WebAssembly.Module>} */
async function load(url) {
  const response = await fetched(url);
  if (!response.body) throw new Unavailable("damaged");
  const [ahead, all] = response.body.tee();
  const reader = ahead.getReader();
  const { value } = await reader.read().catch((error) => { throw new Unavailable("offline", error); });
  reader.cancel().catch(() => {});
  // A host may have taken the compression for its own, and the browser undone it.
  const packed = value && value[0] === 0x1f && value[1] === 0x8b;
  const stream = packed ? all.pipeThrough(new DecompressionStream("gzip")) : all;
  try {
    return await WebAssembly.compileStreaming(new Response(stream, { headers: { "content-type": "application/wasm" } }));
  } catch (error) {
    throw new Unavailable(error instanceof WebAssembly.CompileError ? "damaged" : "unsupported", error);
  }
}

/** A running engine. JavaScript hands it bytes through its input and reads its output. */
class Engine {
  /** @param {WebAssembly.Instance} instance @param {URL} folder */
  constructor(instance, folder) {
    this.exports = /** @type {EngineExports} */ (/** @type {unknown} */ (instance.exports));
    this.folder = folder;
    this.held = 0;
  }

  /** @type {(name: "open" | "ask" | "give", input: Uint8Array, number?: number) => number} */
  call(name, input, number = 0) {
    try {
      const at = this.exports.input(input.length);
      new Uint8Array(this.exports.memory.buffer, at, input.length).set(input);
      return this.exports[name](number);
    } catch (error) {
      // A trap: nothing of this instance can be trusted any more.
      throw new Unavailable("damaged", error);
    }
  }

  output() {
    return new Uint8Array(this.exports.memory.buffer, this.exports.output(), this.exports.output_len());
  }
}

/** A piece of the index: the head of its file, and its bytes inflated.
 * @type {(folder: URL, number: number, spent: Spent) => Promise<Uint8Array>} */
async function piece(folder, number, spent) {
  const name = number === HOT ? "hot.bin" : `${number}.bin`;
  const response = await fetched(new URL(name, folder));
  const file = new Uint8Array(await response.arrayBuffer().catch((error) => { throw new Unavailable("offline", error); }));
  spent.bytes += file.length;
  try {
    if (file.length < HEAD) throw new Unavailable("damaged");
    const length = new DataView(file.buffer).getUint32(8, true);
    const bytes = new Uint8Array(HEAD + length);
    bytes.set(file.subarray(0, HEAD));
    const inflater = new DecompressionStream("deflate-raw");
    const writer = inflater.writable.getWriter();
    // What fails here fails on the other side too, where it is seen.
    writer.write(file.subarray(HEAD)).catch(() => {});
    writer.close().catch(() => {});
    const reader = inflater.readable.getReader();
    let at = HEAD;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      // More than it says: `set` throws.
      bytes.set(part.value, at);
      at += part.value.length;
    }
    if (at !== bytes.length) throw new Unavailable("damaged");
    return bytes;
  } catch (error) {
    throw error instanceof Unavailable ? error : new Unavailable("damaged", error);
  }
}

/** @type {(url: URL, options?: RequestInit) => Promise<Response>} */
async function fetched(url, options) {
  let response;
  try {
    response = await fetch(url, { cache, ...options, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    throw new Unavailable("offline", error);
  }
  if (!response.ok) throw new Unavailable(response.status < 500 ? "missing" : "offline");
  return response;
}

/** Filters as the engine takes them: values by facet. @type {(filters: Filters) => Record<string, string[]>} */
function facets(filters) {
  /** @type {Record<string, string>} */
  const names = { tags: "tag", products: "product", answered: "is" };
  const given = Object.entries(filters).filter(([, value]) => value !== undefined && value !== null && value !== false);
  return Object.fromEntries(given.map(([name, value]) =>
    [names[name] ?? name, [value === true ? "answered" : value].flat().map(String)]));
}

/** @type {(request: object) => Uint8Array} */
function encode(request) {
  return new TextEncoder().encode(JSON.stringify(request));
}
