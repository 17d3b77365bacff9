// Rule: the running paper opens without a network. Every page comes from the server when it answers within a few
// seconds; only a page that the server marked with X-Keep (the attempt) is kept, with what belongs to it, and any other
// answer to the same address throws it away. It knows nothing of answers or time; the page asks the server as soon as
// it can.

const KEPT = "exam-paper";
const PAGE = new URL(registration.scope).pathname;   // of the exam, or of a practice
const PATIENCE = 4000;    // ms for the server before the kept page is shown
const GONE = [401, 403, 404];

const fresh = new Set();  // clients whose page came from the server: what they load is kept
const shown = new Set();  // clients whose page was kept: what they load was kept with it
let keeping = Promise.resolve();

addEventListener("install", () => skipWaiting());

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === PAGE) event.respondWith(page(event));
  } else if (/^\/static\/|^\/(exam|practice)\/picture\//.test(pathname)) event.respondWith(part(event));
});

addEventListener("message", (event) => event.waitUntil(complete(event.data)));

/** The page of the server; the kept one when the server is away, broken or too slow. */
async function page(event) {
  const asked = ask(event.request, event.resultingClientId);
  event.waitUntil(asked.then(() => keeping, () => {}));
  const kept = await find(PAGE);
  if (!kept) return asked;
  const answer = await Promise.race([asked.catch(() => null), new Promise((late) => setTimeout(late, PATIENCE))]);
  if (answer && answer.status < 500) return answer;
  shown.add(event.resultingClientId);
  return kept;
}

async function ask(request, client) {
  const answer = await fetch(request);
  const attempt = answer.headers.get("X-Keep");
  if (attempt) {
    fresh.add(client);
    keeping = keep(attempt, answer.clone()).catch(() => {});
  } else if (answer.ok || GONE.includes(answer.status)) await caches.delete(KEPT);
  return answer;
}

/** Put the page by; it is marked, so that it knows that what it says of time and answers is old. */
async function keep(attempt, answer) {
  const before = await find(PAGE);
  if (before && before.headers.get("X-Keep") !== attempt) await caches.delete(KEPT);
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const text = (await answer.text()).replace("<html ", "<html data-kept ");
  await (await caches.open(KEPT)).put(PAGE, new Response(text, { headers }));
}

/** A style, a script or a picture. */
async function part(event) {
  const { request, clientId } = event;
  const kept = shown.has(clientId) && await find(request.url);
  if (kept) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok && fresh.has(clientId)) {
      const copy = answer.clone();
      keeping = keeping.then(() => put(request.url, copy)).catch(() => {});
      event.waitUntil(keeping);
    }
    return answer;
  } catch (problem) {
    const other = await find(request.url);
    if (other) return other;
    throw problem;
  }
}

/** An open paper says what it consists of; what is missing is fetched once more. */
async function complete({ attempt, files }) {
  await keeping;
  const before = await find(PAGE);
  const known = before && before.headers.get("X-Keep") === attempt;
  if (!known) {
    const answer = await fetch(PAGE, { headers: { Accept: "text/html" } });
    if (answer.headers.get("X-Keep") !== attempt) return;
    await keep(attempt, answer);
  }
  for (const file of files) {
    if (known && await find(file)) continue;
    const answer = await fetch(file).catch(() => null);
    if (answer && answer.ok) await put(file, answer);
  }
}

/** Only beside its page: a page that was thrown away in this moment takes its last part along. */
async function put(address, answer) {
  if (!await caches.has(KEPT)) return;
  await (await caches.open(KEPT)).put(address, answer);
  if (!await find(PAGE)) await caches.delete(KEPT);
}

/** By its path alone: a picture that was asked for again carries another query. */
function find(address) {
  return caches.match(address, { cacheName: KEPT, ignoreSearch: true, ignoreVary: true });
}
