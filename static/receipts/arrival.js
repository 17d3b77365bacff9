// Rule: a receipt that is not there yet takes its place by itself; it is asked for more and more seldom.
import { backoff, sleep } from "../common/live.js";

const SELDOM = 30000; // ms at most between two looks, before the jitter
const place = () => document.getElementById("receipt");

for (let turn = 1; place().dataset.receipt === "awaited"; turn += 1) {
  await sleep(backoff(turn, SELDOM));
  const found = await ask(place().dataset.from).catch(() => null);
  if (found?.dataset.receipt === "here") place().replaceWith(found);
}

/** The same place of the candidate's own page as it is now; nothing when this browser was signed out meanwhile. */
async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("receipt");
}
