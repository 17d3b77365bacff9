// Rule: the waiting room. It shows the server's time and asks at the instant the server named; the start button
// appears when the server says ready, never because a clock here says so.
import { ServerClock } from "../common/clock.js";
import { Unreachable, backoff, jitter, sleep } from "../common/live.js";
import { fill } from "../common/words.js";
import { Banner } from "../messages/banner.js";
import { installWorker } from "./keeping.js";
import { Room } from "./room.js";

const GATHERED = 1500;    // ms over which the pages of a sitting spread their question
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("words");
let state = read("state");

const clock = new ServerClock();
clock.takeFromPage(state.now);
const room = new Room({ ...state, paths: words.paths }, document.querySelector("meta[name=csrf]").content, clock, {
  joined: see, seen: see,
  message: (one) => banner.hear(one),
  attention: ({ on }) => tellWatched(on),
  refused: (code, sentence) => (code === "sign_in_needed" ? location.reload() : tell(sentence)),
  closed: () => location.replace(words.paths.room),
  status: (status) => tell(status === "offline" ? words.offline : ""),
});
const banner = new Banner(room, words.messages, (text) => { document.getElementById("polite").textContent = text; },
  () => document.querySelector("main"));
const hours = new Intl.DateTimeFormat("id", {
  timeZone: words.zone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

/** The server told the state; what is shown follows from its phase. */
function see(told) {
  const before = state.phase;
  if (told.starts_at !== state.starts_at) {
    location.reload(); // the office moved the sitting: every time on this page is an old one
    return;
  }
  state = told;
  if (!["waiting", "ready", "absent"].includes(told.phase)) {
    location.replace(words.paths.room);
    return;
  }
  for (const part of document.querySelectorAll("[data-when]:not([data-when=rules])")) {
    part.hidden = part.dataset.when !== told.phase;
  }
  document.querySelector("[data-when=rules]").hidden = told.phase === "absent";
  banner.learn(told.messages);
  tellWatched(told.attention);
  if (told.phase !== before) document.getElementById("polite").textContent = words[told.phase];
}

/** Whoever begins knows whether the page tells that it is left. */
function tellWatched(on) {
  document.getElementById("watched").hidden = !on;
}

function tell(text) {
  const place = document.getElementById("told");
  place.hidden = !text;
  place.querySelector("span").textContent = text;
}

/** HH.MM or HH.MM.SS in the office's zone. */
function hour(instant, seconds) {
  const parts = Object.fromEntries(hours.formatToParts(instant).map((part) => [part.type, part.value]));
  return [parts.hour, parts.minute, ...(seconds ? [parts.second] : [])].join(".") + ` ${words.zone_name}`;
}

function span(ms) {
  const total = Math.ceil(ms / 1000);
  const [d, h, m, s] = [Math.floor(total / 86400), Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60, total % 60];
  const text = d ? words.days : h ? words.hours : m ? words.both : words.seconds;
  return fill(text, { d, h, m, s: m ? String(s).padStart(2, "0") : s });
}

function show() {
  const now = clock.now();
  const lasts = (state.allowed_seconds + state.extra_seconds) * 1000;
  write("now", hour(now, true));
  write("finish-at", hour(now + lasts));
  if (state.phase === "waiting") write("until", span(Math.max(0, state.starts_at - now)));
}

function write(id, text) {
  const place = document.getElementById(id);
  if (place.textContent !== text) place.textContent = text;
}

/** Ask at the instant at which time alone changes the phase, spread a little, then again until it has. */
async function ask() {
  for (let turn = 0; state.until;) {
    const due = state.until - clock.now();
    await sleep(due > 0 ? Math.min(due, 60000) : turn ? backoff(turn) : jitter(GATHERED));
    if (state.until === null || state.until > clock.now()) continue;
    turn += 1;
    const told = await room.state().catch((problem) => {
      if (!(problem instanceof Unreachable)) throw problem;
      return {};
    });
    if (told.ok && told.phase !== state.phase) turn = 0;
    if (told.ok) see(told);
    else if (told.code) room.refuse(told);
  }
}

banner.learn(state.messages, true);
show();
setInterval(show, 250);
ask();
room.open();
installWorker(words.paths);
