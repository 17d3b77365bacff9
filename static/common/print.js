// Owns printing: a button that prints the page, and folded answers that unfold on paper.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

const unfolded = new Set();

window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) {
    folded.open = true;
    unfolded.add(folded);
  }
});

window.addEventListener("afterprint", () => {
  for (const one of unfolded) one.open = false;
  unfolded.clear();
});
