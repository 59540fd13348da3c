// Hearing of changes. Browsers allow six connections to one host, so all tabs share one stream: the tab that holds a
// lock listens and tells the others. Where there are no locks (a phone that reads the preview over the network has
// none), a tab listens for itself while it is seen.

import { base } from "./place.js";

const name = `longhouse ${base}`;
const channel = new BroadcastChannel(name);
// What a tab that was opened later has to hear first.
/** @type {Hello | undefined} */
let hello;
/** @type {EventSource | undefined} */
let source;

/** Calls `hear` with everything that is said: the preview is there, something changed, the preview is away.
 * @type {(hear: Hear) => void} */
export function listen(hear) {
  /** @type {Hear} */
  const tell = (message) => {
    channel.postMessage(message);
    hear(message);
  };
  channel.onmessage = ({ data }) => {
    if (data.kind !== "ask") hear(data);
    else if (source && hello) channel.postMessage(hello);
  };
  if (navigator.locks) {
    channel.postMessage({ kind: "ask" });
    // The tab that has the lock keeps it until it is closed.
    navigator.locks.request(name, () => new Promise(() => open(tell)));
    return;
  }
  const look = () => {
    if (document.visibilityState === "visible") open(hear);
    else close();
  };
  document.addEventListener("visibilitychange", look);
  look();
}

/** @type {(tell: Hear) => void} */
function open(tell) {
  if (source) return;
  source = new EventSource(`${base}_longhouse/events`);
  source.addEventListener("hello", ({ data }) => {
    const said = { kind: "hello", ...JSON.parse(data) };
    hello = said;
    tell(said);
  });
  source.addEventListener("update", ({ data }) => {
    const update = { kind: "update", ...JSON.parse(data) };
    if (hello) hello.number = update.number;
    tell(update);
  });
  source.addEventListener("error", () => {
    tell({ kind: "away" });
    if (source?.readyState !== EventSource.CLOSED) return;
    // The browser has given up: it was answered, but not by a stream.
    close();
    setTimeout(() => open(tell), 1000);
  });
}

function close() {
  source?.close();
  source = undefined;
}
