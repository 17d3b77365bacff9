// Rule: a picture of the paper can be seen large, and one that did not arrive is fetched again.
import { backoff } from "../common/live.js";

const dialog = document.getElementById("zoom");
const large = dialog.querySelector("img");

for (const button of document.querySelectorAll(".pic")) {
  const small = button.querySelector("img");
  let turn = 0;
  const again = () => {
    turn += 1;
    const address = small.src.split("&try=")[0];
    setTimeout(() => { small.src = `${address}&try=${turn}`; }, backoff(turn, 30000));
  };
  small.addEventListener("error", again);
  if (small.complete && !small.naturalWidth) again();
  button.addEventListener("click", () => {
    large.src = small.src;
    large.alt = small.alt;
    dialog.showModal();
  });
}
