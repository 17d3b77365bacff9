// Rule: an import goes on at the server whoever looks; this page only asks how far it is, and goes to its result.
import { fill } from "../common/words.js";

const EVERY = 700;
const words = JSON.parse(document.getElementById("import-words").textContent);
const box = document.getElementById("progress");
const bar = box.querySelector("progress");
const telling = box.querySelector("[data-telling]");
const form = box.querySelector("[data-import]");
let asking = 0;

function tell(sentence) {
  if (telling.textContent !== sentence) telling.textContent = sentence;
}

function go(page) {
  clearTimeout(asking);
  if (location.pathname === page && !location.search) location.reload();
  else location.assign(page);
}

function show(said) {
  if (said.state === "done") return go(said.page);
  if (said.state === "importing") {
    bar.max = said.total;
    bar.value = said.done;
    tell(said.done < said.total ? fill(words.preparing, said) : words.saving);
  }
  return undefined;
}

async function ask() {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    const said = await answer.json();
    if (!said.ok) return stop(said.sentence);
    if (said.state === "open" && !waits) return location.reload();
    show(said);
  } catch (lost) {
    tell(words.lost);
  }
  asking = setTimeout(ask, EVERY);
  return undefined;
}

function stop(sentence) {
  clearTimeout(asking);
  bar.hidden = true;
  tell(sentence);
  telling.setAttribute("role", "alert");
  if (form) form.querySelector("button").disabled = false;
}

/** Whether this page has asked for the import itself and its answer is still out. */
let waits = false;

async function bringIn(event) {
  event.preventDefault();
  const content = new FormData(form);
  waits = true;
  form.querySelector("button").disabled = true;
  bar.hidden = false;
  bar.removeAttribute("value");
  telling.setAttribute("role", "status");
  box.querySelector("[data-sending]").hidden = false;
  tell(words.waiting);
  asking = setTimeout(ask, EVERY);
  try {
    const answer = await fetch(form.action, { method: "POST", body: content, headers: { Accept: "application/json" } });
    const said = await answer.json();
    if (said.ok) go(said.page);
    else stop(said.sentence);
  } catch (lost) {
    tell(words.lost); // the server may have it all the same: asking goes on
  }
  waits = false;
}

form?.addEventListener("submit", bringIn);
if ("running" in box.dataset) ask();

const every = document.querySelector("[data-every]");
if (every) {
  const ticks = () => document.querySelectorAll("input[form=choices][name=item]");
  document.querySelector("[data-whole]").hidden = false;
  every.addEventListener("change", () => ticks().forEach((one) => (one.checked = every.checked)));
}
