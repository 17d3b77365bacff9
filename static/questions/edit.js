// Rule: the preview is the server's own, made anew a moment after the last key; what was typed is never touched.
import { fill } from "../common/words.js";
import "./frame.js";

const AFTER = 500;
const form = document.getElementById("editor");
const frame = document.getElementById("view");
const fresh = document.getElementById("fresh");
const file = document.getElementById("file");
const before = form.elements.picture.value;
let timer = 0;
let round = 0;
let chosen = false; // a picture that the server has not seen yet

/** The form as it stands; a picture travels only when it has just been chosen. */
function content(picture) {
  const given = new FormData(form);
  if (!picture) given.delete("file");
  return given;
}

function show(said) {
  if (frame.getAttribute("srcdoc") !== said.html) frame.setAttribute("srcdoc", said.html);
  form.elements.picture.value = said.picture;
  fresh.textContent = said.problems.length
    ? fill(fresh.dataset.bad, { list: said.problems.join(" ") })
    : fresh.dataset.new;
}

async function ask() {
  const mine = ++round;
  const picture = chosen;
  try {
    const answer = await fetch(form.dataset.preview, {
      method: "POST", body: content(picture),
      headers: { Accept: "application/json", "X-CSRF": document.querySelector("meta[name=csrf]").content },
    });
    const said = await answer.json();
    if (mine !== round) return;
    if (said.ok) {
      chosen = chosen && !picture;
      show(said);
    } else fresh.textContent = said.sentence;
  } catch (lost) {
    if (mine === round) fresh.textContent = fresh.dataset.old;
  }
}

form.addEventListener("input", (event) => {
  if (event.target === file) {
    chosen = file.files.length > 0;
    form.elements.picture.value = before;
  }
  clearTimeout(timer);
  timer = setTimeout(ask, AFTER);
});
document.getElementById("look").hidden = true;
