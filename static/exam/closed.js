// Rule: after closing. What this device still holds is handed over once as evidence and said plainly; and when time
// is granted to an attempt that the clock closed, the page goes back to it.
import { backoff, jitter, sleep } from "../common/live.js";
import { fill } from "../common/words.js";
import { forget, readLeft } from "./outbox.js";

const REOPENED_EVERY = 60000;
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const state = read("state");
const words = read("words");
const left = readLeft(state.attempt);
const csrf = document.querySelector("meta[name=csrf]").content;

async function ask(path, payload) {
  const reply = await fetch(path, {
    method: payload ? "POST" : "GET", body: payload && JSON.stringify(payload), cache: "no-store",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF": csrf },
  });
  return reply.json();
}

function tell(text, n) {
  const place = document.getElementById("left");
  place.textContent = fill(text, { n });
  place.hidden = !n;
}

/** Positions whose own answer is not what the server has. */
function missing() {
  const durable = new Map(state.responses.map((one) => [one.position, one.seq]));
  return Object.entries(left.own).map(([position, entry]) => ({ position: Number(position), ...entry }))
    .filter((entry) => entry.seq > (durable.get(entry.position) || 0));
}

async function handOver() {
  const entries = missing();
  const unsent = entries.filter((entry) => !entry.refused)
    .map(({ position, seq, option, flagged }) => ({ position, seq, option, flagged }));
  tell(unsent.length ? words.unsent : words.left, entries.length);
  for (let turn = 0; unsent.length; turn += 1) {
    const answer = await ask(words.paths.save, { attempt: state.attempt, lease: left.lease, items: unsent })
      .catch(() => ({}));
    if (answer.items) break;
    await sleep(backoff(turn, 60000));
  }
  tell(words.left, entries.length);
  if (state.phase === "submitted" || !entries.length) forget(state.attempt);
}

async function watch() {
  while (state.phase === "closed") {
    await sleep(jitter(REOPENED_EVERY));
    const told = await ask(words.paths.state).catch(() => ({}));
    if (told.phase === "running") location.replace(words.paths.room);
  }
}

handOver();
watch();
