// Rule: what a page can find out about its own device, by trying it. It judges nothing: the server does.
import { Live, sleep } from "../common/live.js";

const SOCKET_PATIENCE = 10000;   // ms for a WebSocket to open
const PATIENCE = 6000;           // ms for one answer, and for the device's own storage
const PINGS = 5;
const MEGABYTE = 1048576;

/** {link, latency_ms, offset_ms}; `clock` learns the server's time on the way. */
export async function measureLink(paths, csrf, clock) {
  const live = new Live({ acts: paths, csrf, clock, prefix: "practice_", enter: async () => true });
  live.start();
  try {
    const link = await wayOf(live);
    const trips = link === "none" ? [] : await pings(live);
    return {
      link: trips.length ? link : "none", latency_ms: trips.length ? median(trips) : null,
      offset_ms: trips.length ? Math.round(Date.now() - clock.now()) : null,
    };
  } finally {
    live.stop();
  }
}

/** A socket when one opens in time, else plain requests when one is answered. */
async function wayOf(live) {
  const end = performance.now() + SOCKET_PATIENCE;
  while (!live.connected && performance.now() < end) await sleep(100);
  if (live.connected) return "socket";
  return await answered(live) ? "http" : "none";
}

async function pings(live) {
  const trips = [];
  for (let turn = 0; turn < PINGS; turn += 1) {
    const since = performance.now();
    if (await answered(live)) trips.push(Math.round(performance.now() - since));
  }
  return trips;
}

function answered(live) {
  const asked = live.act("beat", {}).then((answer) => answer.ok === true, () => false);
  return Promise.race([asked, sleep(PATIENCE).then(() => false)]);
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** {store, room_mb}: what gives back what was written to it. */
export async function measureStorage() {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  const room = estimate ? Math.floor((estimate.quota - estimate.usage) / MEGABYTE) : null;
  const kept = await Promise.race([tryDatabase().catch(() => false), sleep(PATIENCE).then(() => false)]);
  return { store: kept ? "database" : trySimple() ? "simple" : "none", room_mb: room };
}

async function tryDatabase() {
  const name = "device-check";
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
  const database = await done(opening);
  const writing = database.transaction("kept", "readwrite");
  writing.objectStore("kept").put("written", "word");
  await new Promise((resolve, reject) => { Object.assign(writing, { oncomplete: resolve, onerror: reject, onabort: reject }); });
  const word = await done(database.transaction("kept").objectStore("kept").get("word"));
  database.close();
  indexedDB.deleteDatabase(name);
  return word === "written";
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function trySimple() {
  try {
    localStorage.setItem("device-check", "1");
    localStorage.removeItem("device-check");
    return true;
  } catch {
    return false;
  }
}

/** {features, worker, width}: what the browser has; by trying, never by its name. */
export function measureBrowser() {
  return {
    features: [window.fetch, window.Promise, window.AbortController, window.HTMLDialogElement?.prototype.showModal,
      window.WebSocket, Element.prototype.replaceChildren].every(Boolean),
    worker: window.isSecureContext && Boolean(navigator.serviceWorker && window.caches),
    width: Math.max(1, Math.round(document.documentElement.clientWidth)),
  };
}

/** {battery, charging}; null where the browser does not tell. */
export async function measureBattery() {
  const battery = await navigator.getBattery?.().catch(() => null);
  return { battery: battery ? Math.round(battery.level * 100) : null, charging: battery ? battery.charging : null };
}
