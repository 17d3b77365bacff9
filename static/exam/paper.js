// Rule: the exam page as a whole: who hears what. It displays; the server decides.
import { ServerClock } from "../common/clock.js";
import { PATIENCE, Unreachable, backoff, jitter, sleep } from "../common/live.js";
import { fill } from "../common/words.js";
import "./comfort.js";
import { Outbox } from "./outbox.js";
import { Questions } from "./questions.js";
import { Room } from "./room.js";
import { Sender } from "./sender.js";
import { Strip } from "./strip.js";
import { Submit } from "./submit.js";
import { Timer } from "./timer.js";
import "./zoom.js";

const LEDGER_EVERY = 300000;   // ms between two looks for time that was granted meanwhile
const AFTER_CLOSING = 8000;    // ms after the grace at which a page that heard nothing asks

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const state = read("state");
const words = read("words");
const csrf = document.querySelector("meta[name=csrf]").content;
const ended = document.getElementById("ended");
const elsewhere = document.getElementById("elsewhere");
let leaving = false;

const clock = new ServerClock();
clock.takeFromPage(state.now);
const outbox = new Outbox(state.attempt, state.responses);
const questions = new Questions(outbox, words, () => {
  refresh();
  sender.poke();
});
const strip = new Strip(questions, outbox, words);
const room = new Room({ ...state, paths: words.paths }, csrf, clock, {
  joined, frozen, refused,
  closed: leave,
  seen: (seen) => timer.set(seen),
  settled: () => sender.poke(true),
  status: (status) => { strip.turn(status); refresh(); },
});
const sender = new Sender(outbox, room, {
  changed: refresh,
  over: () => room.look().catch(ignoreUnreachable),
  newer: () => room.live.reenter(),
});
const submit = new Submit(questions, outbox, room, words, leave);
const timer = new Timer(clock, words, (text) => strip.say(text), { zero, running });
timer.set(state);
strip.turn(room.live.status);
refresh();
if (!outbox.kept) strip.notice("memory");

function joined(told) {
  if (["submitted", "closed"].includes(told.phase)) return leave();
  if (!["running", "grace"].includes(told.phase)) return location.reload();
  if (outbox.asleep) outbox.wake();
  const overtaken = outbox.merge(told.responses);
  outbox.keepLease(told.lease);
  timer.set(told);
  strip.clear();
  if (overtaken.length) strip.notice("overtaken", { list: overtaken.join(", ") });
  if (elsewhere.open) elsewhere.close();
  questions.freeze(timer.ended || submit.wanted);
  refresh();
  sender.poke(true);
}

/** What was not sent under the old lease is handed over once: refused, but kept as evidence. */
function frozen() {
  const items = outbox.unsent();
  if (items.length) room.save(items).catch(ignoreUnreachable);
  outbox.sleep();
  questions.freeze(true);
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  elsewhere.showModal();
}

function refused(code, sentence) {
  if (["sign_in_needed", "csrf_missing"].includes(code)) return strip.notice(code);
  if (code === "storage_unavailable") return undefined;   // the sender tries again, the marks say "not saved"
  if (code === "foreign_attempt") {
    outbox.sleep();
    questions.freeze(true);
    room.live.stop();
  }
  return strip.notice("reload", { sentence });
}

/** The closing page is the server's to show. */
function leave() {
  leaving = true;
  location.replace(words.paths.room);
}

function zero() {
  questions.freeze(true);
  submit.dialog.close();
  if (!room.frozen) ended.showModal();
  refresh();
  waitForClosing();
}

/** Time was granted: go on. */
function running() {
  ended.close();
  questions.freeze(room.frozen);
}

/** A living socket is told; without one the page asks, more and more seldom. */
async function waitForClosing() {
  const grace = timer.state.deadline_at + state.grace_seconds * 1000 - clock.now();
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
}

function ignoreUnreachable(problem) {
  if (!(problem instanceof Unreachable)) throw problem;
}

elsewhere.addEventListener("cancel", (event) => event.preventDefault());
ended.addEventListener("cancel", (event) => event.preventDefault());
document.getElementById("here").addEventListener("click", async () => {
  if (!await room.takeOver()) strip.say(words.not_reached, "here-told");
});
addEventListener("beforeunload", (event) => {
  if (!leaving && !room.frozen && outbox.unsent().length) event.preventDefault();
});
setInterval(() => outbox.own.size && refresh(), PATIENCE / 5);   // "menunggu" turns into "gagal" by age alone
setInterval(() => room.seated && room.look().catch(ignoreUnreachable), jitter(LEDGER_EVERY));
