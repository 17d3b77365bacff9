// Rule: an export is made by the server whoever looks; this page only asks how far it is, and shows it when it is ready.
const EVERY = 1000;

async function ask(line) {
  let said = null;
  try {
    const answer = await fetch(line.dataset.progress, { headers: { Accept: "application/json" } });
    said = await answer.json();
  } catch (lost) {
    said = null; // the server is away: the next question may find it
  }
  if (said && (!said.ok || said.state === "ready" || said.state === "failed")) {
    location.reload();
    return;
  }
  if (said && said.total) {
    const bar = line.querySelector("progress");
    bar.max = said.total;
    bar.value = said.done;
  }
  setTimeout(ask, EVERY, line);
}

document.querySelectorAll("[data-progress]").forEach((line) => setTimeout(ask, EVERY, line));
