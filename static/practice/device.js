// Rule: the device check. The page measures and reports; good, weak and bad are the server's words, and what stands
// here without its answer is "not checked".
import { ServerClock } from "../common/clock.js";
import { sleep } from "../common/live.js";
import { fill } from "../common/words.js";
import { measureBattery, measureBrowser, measureLink, measureStorage } from "./measures.js";

document.documentElement.dataset.checks = "run";
const REPORT_PATIENCE = 15000;
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("words");
const csrf = document.querySelector("meta[name=csrf]").content;
const again = document.getElementById("again");
const clock = new ServerClock();
clock.takeFromPage(read("state").now);

async function measure() {
  const [link, storage, battery] = await Promise.all([
    measureLink(words.paths, csrf, clock), measureStorage(), measureBattery()]);
  return { ...measureBrowser(), ...link, ...storage, ...battery };
}

/** The server's judgement; null when it was not to be had. */
async function report(facts) {
  const told = fetch(words.paths.device, {
    method: "POST", body: JSON.stringify(facts), cache: "no-store",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRF": csrf },
  }).then((reply) => reply.json()).catch(() => null);
  return Promise.race([told, sleep(REPORT_PATIENCE).then(() => null)]);
}

/** What was measured, as a number that a person can repeat to the office. */
function values(facts) {
  return {
    latency: facts.latency_ms, storage: facts.room_mb, width: facts.width, battery: facts.battery,
    clock: facts.offset_ms === null ? null : Math.abs(Math.round(facts.offset_ms / 1000)),
  };
}

function show(lines, facts) {
  const measured = values(facts);
  for (const [name, outcome] of Object.entries(lines)) {
    const line = document.querySelector(`[data-line=${name}]`);
    line.querySelector(".found").replaceChildren(pill(outcome));
    const known = measured[name] ?? null;
    write(line.querySelector(".value"), known === null ? "" : fill(words.values[name], { n: known }));
    write(line.querySelector(".advice"), words.advice[name][outcome]);
  }
}

/** What an earlier check found says nothing of this one. */
function forget() {
  for (const line of document.querySelectorAll("[data-line]")) {
    line.querySelector(".found").replaceChildren();
    for (const text of line.querySelectorAll("p")) write(text, "");
  }
  document.getElementById("outcome").replaceChildren(pill("unchecked"));
}

function write(place, text) {
  place.textContent = text;
  place.hidden = !text;
}

const pill = (outcome) => document.getElementById(`device-${outcome}`).content.cloneNode(true);
const tell = (text) => { document.getElementById("told").textContent = text; };

async function check() {
  again.hidden = true;
  tell(words.busy);
  const facts = await measure();
  const answer = await report(facts);
  if (answer?.ok) {
    show(answer.lines, facts);
    document.getElementById("outcome").replaceChildren(pill(answer.outcome));
    tell(words.outcome[answer.outcome]);
  } else {
    forget();
    tell(answer?.sentence || words.unsent);
  }
  again.hidden = false;
}

again.addEventListener("click", check);
check();
