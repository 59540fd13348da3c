// Takes the pictures of the README: a question of the example site, on a desk and on a phone, light and dark.
//
//   longhouse build --root example-site --output /tmp/site
//   node tests/browser/picture.mjs /tmp/site docs/static

import { createServer } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import { extname, join, resolve, sep } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { chromium } from "playwright-core";

const [site, folder] = process.argv.slice(2);
if (!site || !folder) {
  console.error("usage: node picture.mjs SITE FOLDER");
  process.exit(2);
}
const QUESTION = "/questions/sensor-offline-after-battery/";
const STAGE = { width: 1200, height: 750 };
const DESK = { width: 1200, height: 860 };
/** Letters on a plain ground need no more, and a README should be light. */
const COLOURS = 64;
const PHONE = { width: 390, height: 844 };

const root = resolve(site);
const server = createServer(answer).listen(0, "127.0.0.1");
await new Promise((ready) => server.once("listening", ready));
const address = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}${QUESTION}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

for (const colorScheme of ["light", "dark"]) {
  const desk = await taken({ viewport: DESK, colorScheme });
  const phone = await taken({ viewport: PHONE, colorScheme, isMobile: true, hasTouch: true });
  const page = await browser.newPage({ viewport: STAGE, deviceScaleFactor: 2 });
  const [ground, edge] = colorScheme === "dark" ? ["#121314", "#46474b"] : ["#eceae6", "#c9c4bc"];
  await page.setContent(`<style>
    body { margin: 0; background: ${ground}; overflow: hidden }
    img { position: absolute; border: 1px solid ${edge}; box-sizing: border-box }
    .desk { left: 40px; top: 40px; width: 1004px; border-radius: 8px }
    .phone { right: 40px; top: 112px; width: 274px; border-radius: 24px; outline: 6px solid ${ground} }
  </style><img class="desk" src="${desk}"><img class="phone" src="${phone}">`);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  const bytes = await page.screenshot();
  writeFileSync(join(folder, `question-${colorScheme}.png`), await reduced(page, bytes));
  await page.close();
}
await browser.close();
server.close();

/** A page as a picture, in a data URL. */
async function taken(settings) {
  const context = await browser.newContext({ ...settings, deviceScaleFactor: 2, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(address);
  const bytes = await page.screenshot();
  await context.close();
  return `data:image/png;base64,${bytes.toString("base64")}`;
}

/** A picture with few colours: the most frequent ones, and for every other the nearest of them. */
async function reduced(page, bytes) {
  const { width, height, palette, points } = await page.evaluate(reduce, [bytes.toString("base64"), COLOURS]);
  const from = Buffer.from(points, "base64");
  // Each row begins with the kind of its filter, which is none.
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) from.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("PLTE", Buffer.from(palette.flat())), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

/** A piece of a PNG: its length, name, content and sum. */
function chunk(name, content) {
  const named = Buffer.concat([Buffer.from(name), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** The palette of a picture, and the place in it of every point. Runs in the page. */
async function reduce([base64, colours]) {
  const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const points = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const point of points) counts.set(point, (counts.get(point) ?? 0) + 1);
  const parts = (point) => [point & 255, (point >> 8) & 255, (point >> 16) & 255];
  const far = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  // What is close to a colour that is there already waits, so that no shade takes all the places.
  const palette = [];
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([point]) => parts(point));
  for (let apart = 300; palette.length < colours && apart > 1; apart /= 2) {
    for (const colour of sorted) {
      if (palette.length < colours && palette.every((known) => far(known, colour) > apart)) palette.push(colour);
    }
  }
  const nearest = new Map();
  for (const point of counts.keys()) {
    let best = 0;
    const colour = parts(point);
    for (let at = 1; at < palette.length; at++) if (far(palette[at], colour) < far(palette[best], colour)) best = at;
    nearest.set(point, best);
  }
  let text = "";
  for (const point of points) text += String.fromCharCode(nearest.get(point));
  return { width, height, palette, points: btoa(text) };
}

/** Serves the site as a plain static host would. */
function answer(request, response) {
  const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png" };
  let path = decodeURIComponent(new URL(request.url, "http://127.0.0.1").pathname);
  if (path.endsWith("/")) path += "index.html";
  const file = resolve(join(root, path));
  if (!file.startsWith(root + sep)) return response.writeHead(403).end();
  try {
    const bytes = readFileSync(file);
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}
