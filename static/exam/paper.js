// Rule: the exam page as a whole: who hears what. It displays; the server decides.
import { ServerClock } from "../common/clock.js";
import { LIBRARY, Unreachable, backoff, jitter, sleep } from "../common/live.js";
import { fill } from "../common/words.js";
import { Watch } from "../attention/watch.js";
import { Banner } from "../messages/banner.js";
import "./comfort.js";
import { Elsewhere } from "./elsewhere.js";
import { dropPaper, keepPaper } from "./keeping.js";
import { Ledger, bare } from "./ledger.js";
import { Outbox } from "./outbox.js";
import { Questions } from "./questions.js";
import { Rescue } from "./rescue.js";
import { Room } from "./room.js";
import { Sender } from "./sender.js";
import { Store } from "./store.js";
import { Strip } from "./strip.js";
import { Submit } from "./submit.js";
import { Timer, spell } from "./timer.js";
import "./zoom.js";

const LEDGER_EVERY = 300000;   // ms between two looks for time that was granted meanwhile
const AFTER_CLOSING = 8000;    // ms after the grace at which a page that heard nothing asks
const REMEMBER_EVERY = 20000;  // ms between two notes of what the next page has to know without a network
const WATCH_EVERY = 500;
const KEEP_AFTER = 4000;       // ms after which the worker is asked whether it holds the whole page

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("words");
const state = read("state");
const csrf = document.querySelector("meta[name=csrf]").content;
const ended = document.getElementById("ended");
let leaving = false;

const store = await Store.open(state.attempt);
const clock = new ServerClock();
const kept = "kept" in document.documentElement.dataset;   // by this device: what it says of time and answers is old
const seen = store.facts.ledger && { ...store.facts };     // the last that an earlier page told the candidate
if (kept) clock.takeKept(Object.assign(state, store.facts));
else clock.takeFromPage(state.now);
const outbox = new Outbox(store, () => clock.now());
outbox.know(state.responses);
const questions = new Questions(outbox, words, () => {
  refresh();
  sender.poke();
});
const strip = new Strip(questions, outbox, words);
const room = new Room({ ...state, paths: words.paths }, csrf, clock, {
  joined, refused,
  closed: leave,
  time: granted,
  seen: (told) => {
    granted(told);
    banner.learn(told.messages);
    watch.turn(told.attention);
  },
  message: (one) => banner.hear(one),
  attention: ({ on }) => watch.turn(on),
  frozen: (released) => elsewhere.taken(released),
  settled: () => sender.poke(true),
  status: turned,
});
const sender = new Sender(outbox, room, {
  changed: refresh,
  over: () => room.look().catch(ignoreUnreachable),
  newer: () => room.live.reenter(),
});
const submit = new Submit(questions, outbox, room, words, { done: leave, stopped: mayWrite });
const ledger = new Ledger(words);
const timer = new Timer(clock, words, (text) => strip.say(text), { zero, running });
const rescue = new Rescue(() => (
  { attempt: state.attempt, paper: state.paper, lease: room.lease || outbox.lease, own: outbox.own, now: clock.now() }));
const banner = new Banner(room, words.messages, (text) => strip.say(text),
  () => document.querySelector(".q:not([hidden]) fieldset"));
const watch = new Watch(room, !kept && state.attention);
const elsewhere = new Elsewhere(room, outbox, words.elsewhere, mayWrite);

if (seen) ledger.learn(seen);
granted(state);
remember();
refresh();
if (!kept) banner.learn(state.messages, true);
if (outbox.kind !== "device") strip.notice(outbox.kind);
elsewhere.enter();
setTimeout(() => keepPaper(words.paths, state.attempt, [LIBRARY.href]), jitter(KEEP_AFTER));

function joined(told) {
  if (!["running", "grace"].includes(told.phase)) return leave();
  const overtaken = outbox.merge(told.responses);
  strip.clear("sign_in_needed", "csrf_missing", "reload");
  if (overtaken.length) strip.notice("overtaken", { list: overtaken.join(", ") });
  elsewhere.settled();
  granted(told);
  banner.learn(told.messages);
  watch.turn(told.attention);
  setTimeout(() => watch.seated());   // the seat counts once the join is settled
  remember();
  refresh();
  return sender.poke(true);
}

/** The deadline as the server tells it; what was added is said, and why. */
function granted(told) {
  const added = ledger.learn(told);
  if (!added) return;
  const { deadline_at, allowed_seconds, extra_seconds } = told;
  Object.assign(state, { deadline_at, allowed_seconds, extra_seconds, ledger: told.ledger });
  timer.set(deadline_at);
  const extra = added.filter(({ kind }) => kind !== "start");
  if (!extra.length) return;
  const time = spell(words, extra.reduce((sum, { seconds }) => sum + seconds, 0));
  strip.notice("granted", { time, reason: extra.map(({ reason }) => bare(reason)).join("; ") });
  remember();
}

/** What this page has to know when it is opened again without a network. */
function remember() {
  const { deadline_at, allowed_seconds, extra_seconds } = state;
  if (!clock.sure) return;
  outbox.remember({ deadline_at, allowed_seconds, extra_seconds, ledger: state.ledger,
                    lease: room.lease || outbox.lease, ...clock.known });
}

function turned(status) {
  strip.turn(status);
  rescue.turn(["socket", "http"].includes(status));
  refresh();
}

function refused(code, sentence) {
  if (code === "storage_unavailable") return undefined;   // the sender tries again, the marks say "not saved"
  if (code === "sign_in_needed") dropPaper();
  if (["sign_in_needed", "csrf_missing"].includes(code)) return strip.notice(code);
  if (code === "foreign_attempt") {
    outbox.sleep();
    questions.freeze(true);
    room.live.stop();
    if (kept) return leave();
    dropPaper();
  }
  return strip.notice("reload", { sentence });
}

/** The closing page is the server's to show. */
async function leave() {
  leaving = true;
  await Promise.race([dropPaper(), sleep(1000)]);
  location.replace(words.paths.room);
}

function mayWrite() {
  questions.freeze(timer.ended || submit.wanted || elsewhere.waits);
  strip.stopped = elsewhere.waits;
  strip.show();
}

function zero() {
  questions.freeze(true);
  submit.dialog.close();
  if (!elsewhere.waits) ended.showModal();
  refresh();
  waitForClosing();
}

/** Time was granted: go on. */
function running() {
  ended.close();
  mayWrite();
}

/** A living socket is told; without one the page asks, more and more seldom. */
async function waitForClosing() {
  const grace = state.deadline_at + state.grace_seconds * 1000 - clock.now();
  for (let turn = 1; timer.ended; turn += 1) {
    const told = turn === 1 && room.live.status === "socket";
    await sleep(told ? Math.max(0, grace) + AFTER_CLOSING + jitter(2000) : backoff(turn));
    if (timer.ended) await room.look().catch(ignoreUnreachable);
  }
}

function refresh() {
  questions.renderAll();
  strip.show();
  if (submit.dialog.open) submit.refresh();
  const n = outbox.unsent().length;
  if (ended.open) document.getElementById("ended-told").textContent = fill(n ? words.unsent : words.all_sent, { n });
  if (rescue.offer(n, timer.left() === 0)) strip.say(words.rescue);
}

function ignoreUnreachable(problem) {
  if (!(problem instanceof Unreachable)) throw problem;
}

ended.addEventListener("cancel", (event) => event.preventDefault());
addEventListener("beforeunload", (event) => {
  if (!leaving && !elsewhere.waits && outbox.unsent().length) event.preventDefault();
});
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && remember());
setInterval(() => outbox.own.size && refresh(), WATCH_EVERY);   // "menunggu" turns into "gagal" by age alone
setInterval(remember, REMEMBER_EVERY);
setInterval(() => room.seated && room.look().catch(ignoreUnreachable), jitter(LEDGER_EVERY));
