// Rule: the numbers on the page of sittings follow the server every 10 s, and always say how old they are.
import { fill } from "../common/words.js";

const EVERY = 10000;
const STALE_AFTER = 30;
const texts = JSON.parse(document.getElementById("texts").textContent);
const age = document.getElementById("age");
const news = document.getElementById("news");
const bars = [...document.querySelectorAll("[data-sitting]")];
let told = 0; // when the shown numbers came, by the clock that nobody sets
let timer = 0;
let refusal = "";

/** Shows how many seats are taken; the label when the sitting has just become full, else nothing. */
function show(bar, taken) {
  const progress = bar.querySelector("progress");
  const becameFull = progress.value < progress.max && taken >= progress.max;
  progress.value = taken;
  bar.querySelector("[data-count]").textContent = `${taken}/${progress.max}`;
  return becameFull ? bar.dataset.label : "";
}

function showAge() {
  const seconds = Math.floor((performance.now() - told) / 1000);
  const stale = seconds > STALE_AFTER;
  age.toggleAttribute("data-stale", stale || Boolean(refusal));
  age.textContent = refusal || fill(stale ? texts.stale : texts.age, { seconds });
}

async function ask() {
  clearTimeout(timer);
  const sent = performance.now();
  try {
    const answer = await fetch(age.dataset.poll, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
    const said = await answer.json();
    refusal = said.ok || answer.status >= 500 ? "" : said.sentence;
    if (said.ok) {
      told = sent;
      const full = bars.map((bar) => show(bar, said.taken[bar.dataset.sitting])).filter(Boolean);
      if (full.length) news.textContent = [...new Set(full)].map((label) => fill(texts.full, { label })).join(" ");
    }
  } catch (lost) {
    // Nothing to do: the age keeps growing on the page, and the next question comes by itself.
  }
  showAge();
  if (!document.hidden) timer = setTimeout(ask, EVERY);
}

setInterval(showAge, 1000);
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));
ask();
