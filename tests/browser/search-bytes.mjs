// Measures what a new reader's first question fetches: the engine of a built site is asked in node, without a browser,
// each question with nothing fetched but the opening data.
//
//   node tests/browser/search-bytes.mjs LONGHOUSE SITE … [--questions FILE] [--parts]
//
// A SITE is a folder with content. Questions of many sorts are made of its titles, misspelt ones among them; a FILE has one
// question a line instead. Counted are the bytes of the pieces as a host sends them that compresses nothing. `--parts` tells
// for each sort which files of the index they belong to.

import { readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync, inflateRawSync } from "node:zlib";
import { misspell, run, scratch, titles } from "./search-host.mjs";

const HOT = 0xffffffff;
const HEAD = 12;
const DONE = 0;
const MISSING = 1;
/** How many questions of each sort are asked. */
const EACH = 40;
const LIMIT = 100_000;

const args = process.argv.slice(2);
const parted = args.includes("--parts");
const file = args.includes("--questions") ? args[args.indexOf("--questions") + 1] : undefined;
const [program, ...sites] = args.filter((arg, at) => !arg.startsWith("--") && args[at - 1] !== "--questions");
if (!program || !sites.length) {
  console.error("usage: node search-bytes.mjs LONGHOUSE SITE … [--questions FILE] [--parts]");
  process.exit(2);
}

async function measure(site, work) {
  const output = join(work, "public");
  run(program, ["build", "--root", site, "--output", output]);
  const engine = await Engine.load(output);
  const asked = file ? { asked: readFileSync(file, "utf8").split("\n").filter((line) => line.trim()) } : sorts(titles(site));
  console.log(`\n${basename(site)}: opening data ${kb(engine.opening)}`);
  console.log("sort                       questions   median      95 %     worst  rounds  worst question");
  const all = [];
  for (const [sort, questions] of Object.entries(asked)) {
    const found = questions.map((question) => engine.ask(question));
    all.push(...found);
    tell(sort, found);
  }
  tell("all", all);
  const over = all.filter(({ bytes }) => bytes > LIMIT).length;
  console.log(`above ${kb(LIMIT)}: ${over} of ${all.length}`);
}

function tell(sort, found) {
  const sorted = found.map(({ bytes }) => bytes).sort((a, b) => a - b);
  const at = (share) => kb(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]).padStart(9);
  const worst = found.find(({ bytes }) => bytes === sorted.at(-1));
  const rounds = Math.max(...found.map(({ rounds }) => rounds));
  console.log(`${sort.padEnd(26)} ${String(found.length).padStart(9)}${at(0.5)} ${at(0.95)} ${at(1)} ${String(rounds).padStart(7)}  ${worst.question}`);
  if (!parted) return;
  const parts = {};
  for (const [name, bytes] of found.flatMap(({ parts }) => Object.entries(parts))) parts[name] = (parts[name] ?? 0) + bytes / found.length;
  console.log(`    mean: ${Object.entries(parts).sort().map(([name, bytes]) => `${name} ${kb(bytes)}`).join(", ")}`);
  console.log(`    worst: ${Object.entries(worst.parts).sort().map(([name, bytes]) => `${name} ${kb(bytes)}`).join(", ")}`);
}

/** The engine as the worker runs it, with pieces read from the folder of a built site. */
class Engine {
  static async load(output) {
    const assets = run("ls", [join(output, "assets")]).split("\n");
    const name = assets.find((name) => /^search-engine\..*gz$/.test(name));
    const module = await WebAssembly.compile(gunzipSync(readFileSync(join(output, "assets", name))));
    const { folder } = JSON.parse(readFileSync(join(output, "search/index.json"), "utf8"));
    return new Engine(await WebAssembly.instantiate(module, {}), join(output, "assets/search", folder));
  }

  constructor(instance, folder) {
    /** @type {any} Its functions are found by their names. */
    this.exports = instance.exports;
    this.folder = folder;
    this.pieces = new Map();
    const hot = this.piece(HOT);
    this.opening = hot.sent;
    this.names = partsOf(inflateRawSync(hot.bytes.subarray(HEAD)));
  }

  ask(question) {
    this.call("open", this.piece(HOT).whole);
    const spent = { question, bytes: 0, rounds: 0, parts: {} };
    const request = Buffer.from(JSON.stringify({ query: question, limit: 10 }));
    for (;;) {
      const state = this.call("ask", request);
      if (state === DONE) return spent;
      if (state !== MISSING) throw new Error(`${question}: ${this.output()}`);
      const missing = this.output();
      spent.rounds += 1;
      for (let at = 0; at < missing.length; at += 4) {
        const number = missing.readUInt32LE(at);
        const { whole, sent } = this.piece(number);
        spent.bytes += sent;
        spent.parts[this.names[number]] = (spent.parts[this.names[number]] ?? 0) + sent;
        this.call("give", whole, number);
      }
    }
  }

  /** A piece: as it is sent, how many bytes that are, and as the engine takes it. */
  piece(number) {
    const known = this.pieces.get(number);
    if (known) return known;
    const bytes = readFileSync(join(this.folder, number === HOT ? "hot.bin" : `${number}.bin`));
    const whole = Buffer.concat([bytes.subarray(0, HEAD), inflateRawSync(bytes.subarray(HEAD))]);
    const piece = { bytes, sent: bytes.length, whole };
    this.pieces.set(number, piece);
    return piece;
  }

  call(name, bytes, ...rest) {
    const at = this.exports.input(bytes.length);
    new Uint8Array(this.exports.memory.buffer, at, bytes.length).set(bytes);
    return this.exports[name](...rest);
  }

  output() {
    return Buffer.from(new Uint8Array(this.exports.memory.buffer, this.exports.output(), this.exports.output_len()));
  }
}

/** For each piece the endings of the files whose bytes it has, from the hot bundle. */
function partsOf(hot) {
  let at = 0;
  const number = () => {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = hot[at++];
      number += (byte & 0x7f) * scale;
      if (byte < 0x80) return number;
    }
  };
  const files = Array.from({ length: number() }, () => {
    const length = number();
    at += length;
    const name = hot.subarray(at - length, at).toString();
    number();
    return name.split(".").pop();
  });
  const range = () => {
    const file = files[number()];
    number();
    number();
    return file;
  };
  Array.from({ length: number() }, range);
  return Array.from({ length: number() }, () => [...new Set(Array.from({ length: number() }, range))].join("+"));
}

/** Questions of every sort, as readers ask them. */
function sorts(titles) {
  const made = {
    "title": (title) => title,
    "title in a sentence": (title) => `how do I ${title.toLowerCase()}?`,
    "one word": (_, [first]) => first,
    "two words": (_, [first, second]) => `${first} ${second}`,
    "three words": (_, [first, second, third]) => `${first} ${second} ${third}`,
    "word in the making": (_, [first]) => first.slice(0, 4),
    "one misspelt word": (_, [first]) => misspell(first),
    "two words, one misspelt": (_, [first, second]) => `${misspell(first)} ${second}`,
    "two misspelt words": (_, [first, second]) => `${misspell(first)} ${misspell(second)}`,
    "misspelt in a sentence": (_, [first, second, third]) => `how can I ${second} the ${misspell(first)} with ${third}?`,
    "quotes": (_, [first, second]) => `"${first} ${second}"`,
    "two titles": (title, _, other) => `${title} ${other}`,
  };
  const chosen = Array.from({ length: EACH }, (_, number) => titles[Math.floor(((number + 0.5) * titles.length) / EACH)]);
  const questions = ([sort, make]) => [sort, chosen.map((title, number) => {
    const [first = "words", second = "other", third = "more"] = title.split(/[^\p{L}\p{N}+#.-]+/u).filter((word) => word.length > 3);
    return make(title, [first, second, third], chosen[(number + 1) % EACH]);
  })];
  return Object.fromEntries(Object.entries(made).map(questions));
}

function kb(bytes) {
  return `${(bytes / 1000).toFixed(1)} KB`;
}

const work = scratch();
try {
  for (const site of sites) await measure(site, work);
} finally {
  rmSync(work, { recursive: true, force: true });
}
