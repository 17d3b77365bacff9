// Rule: whoever ticks items always sees how many are ticked before an act is done to them.
import { fill } from "../common/words.js";

const told = document.getElementById("ticked");
const every = document.getElementById("every");
const follow = document.getElementById("follow");
const boxes = [...document.querySelectorAll("[name=chosen]")];

function show() {
  const count = boxes.filter((box) => box.checked).length;
  told.textContent = count ? fill(told.dataset.some, { n: count }) : told.dataset.none;
  follow.hidden = count === 0;
  follow.querySelector("p").textContent = told.textContent;
  every.checked = count === boxes.length;
  every.indeterminate = count > 0 && count < boxes.length;
}

every.addEventListener("change", () => {
  for (const box of boxes) box.checked = every.checked;
  show();
});
for (const box of boxes) box.addEventListener("change", show);
document.getElementById("whole").hidden = false;
show();
