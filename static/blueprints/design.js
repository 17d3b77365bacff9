// Rule: what the bank makes of the plan is the server's own word, asked for anew a moment after the last key.
const AFTER = 500;
const form = document.getElementById("plan");
const weighed = document.getElementById("weighed");
const spoken = document.getElementById("spoken");
const stale = document.getElementById("stale");
let timer = 0;
let round = 0;

async function ask() {
  const mine = ++round;
  const given = new FormData(form);
  given.set("act", "check");
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: given,
      headers: { Accept: "application/json", "X-CSRF": document.querySelector("meta[name=csrf]").content },
    });
    const said = await answer.json();
    if (mine !== round) return;
    if (said.ok) {
      weighed.innerHTML = said.html;
      spoken.textContent = weighed.querySelector(".plan-total")?.textContent ?? "";
    }
    stale.textContent = said.ok ? "" : said.sentence;
  } catch (lost) {
    if (mine === round) stale.textContent = stale.dataset.old;
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, AFTER);
});
document.getElementById("count").hidden = true;
