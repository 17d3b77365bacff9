// Rule: after closing. What this device still holds is handed over once as evidence and said plainly; and when time
// is granted to an attempt that the clock closed, the page goes back to it at once.
import { Live, backoff, jitter, sleep } from "../common/live.js";
import { fill } from "../common/words.js";
import { dropPaper } from "./keeping.js";
import { Rescue } from "./rescue.js";
import { Store } from "./store.js";

const LOOK_EVERY = 60000;       // ms between two looks whether it was opened again, also while the socket lives
const LOOK_OVER_HTTP = 20000;   // the same without one
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const state = read("state");
const words = read("words");
const csrf = document.querySelector("meta[name=csrf]").content;
const mayReopen = !["submitted", "official"].includes(state.how);
const live = new Live({
  acts: words.paths, csrf, hear: { time: look },
  enter: async (line) => see(await line.act("join", { attempt: state.attempt, take_over: false })),
});

dropPaper();
const store = await Store.open(state.attempt);
const own = missing();
const rescue = new Rescue(() => (
  { attempt: state.attempt, paper: state.paper, lease: store.facts.lease, own, now: Date.now() + (store.facts.ahead || 0) }));
handOver();
if (mayReopen) {
  live.start();
  watch();
}

/** Positions whose own answer is not what the server has. */
function missing() {
  const durable = new Map(state.responses.map((one) => [one.position, one.seq]));
  return new Map([...store.entries].filter(([position, { seq }]) => seq > (durable.get(position) || 0)));
}

function tell(text, n) {
  const place = document.getElementById("left");
  place.textContent = fill(text, { n });
  place.hidden = !n;
}

async function handOver() {
  const items = [...own].filter(([, entry]) => !entry.refused)
    .map(([position, { seq, option, flagged }]) => ({ position, seq, option, flagged }));
  tell(items.length ? words.unsent : words.left, own.size);
  rescue.offer(items.length, true);
  for (let turn = 0; items.length; turn += 1) {
    const payload = { attempt: state.attempt, lease: store.facts.lease, items };
    const answer = await live.http(words.paths.save, payload).catch(() => ({}));
    if (answer.items) break;
    await sleep(backoff(turn, 60000));
  }
  rescue.offer(0, true);
  tell(words.left, own.size);
  if (!mayReopen) await store.forget();
}

/** Back to the paper when it runs again; true, because entering is settled whatever was said. */
function see(told) {
  if (["running", "grace"].includes(told.phase)) location.replace(words.paths.room);
  return true;
}

async function look() {
  see(await live.http(words.paths.state).catch(() => ({})));
}

async function watch() {
  for (;;) {
    await sleep(jitter(live.status === "socket" ? LOOK_EVERY : LOOK_OVER_HTTP));
    await look();
  }
}
