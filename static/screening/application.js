// Rule: everything on the page of an application works without this script; with it, ticks are kept without loading the
// page anew, the files can be turned and enlarged, and both hands stay on the keyboard.
import { Files } from "./files.js";
import { Lines } from "./lines.js";
import { listen } from "./keys.js";

const sheet = document.getElementById("sheet");
const csrf = document.querySelector('meta[name="csrf"]').content;
sheet.classList.add("scr-live");

const files = new Files(document.getElementById("files"));
const lines = new Lines(sheet, csrf, (kind) => files.show(kind));
listen(lines, files);

// A claim ends ten minutes after the last sign of a person: an idle page does not keep an application from others.
const EVERY = 120000;
let active = true;
for (const sign of ["keydown", "pointerdown", "scroll"]) addEventListener(sign, () => { active = true; }, { passive: true, capture: true });
setInterval(() => {
  if (!active || !(sheet.hasAttribute("data-mine") || lines.ticked)) return;
  active = false;
  fetch(sheet.dataset.claim, { method: "POST", headers: { Accept: "application/json", "X-CSRF": csrf } }).catch(() => { active = true; });
}, EVERY);

const first = document.querySelector("[aria-invalid=true]") ?? document.getElementById("problem") ?? document.getElementById("confirm");
if (first) first.focus();
else if (!location.hash) lines.toFirstOpen();
