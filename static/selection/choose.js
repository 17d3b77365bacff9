// Owns the live seats on the page of sittings: asks every 5 s, shows how old the answer is, never takes a seat.

(() => {
  const EVERY = 5000;
  const STALE_AFTER = 15;
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const age = document.getElementById("age");
  const news = document.getElementById("news");
  const cards = [...document.querySelectorAll("[data-sitting]")];
  let asked = null; // when the shown numbers were asked for, by both clocks of the browser
  let refusal = ""; // what the server said when it would not tell the seats
  let timer = 0;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  // One clock stops while a phone sleeps, the other jumps when it is set: the older age is the honest one.
  const clocks = () => ({ steady: performance.now(), wall: Date.now() });
  const secondsSince = (then) => {
    const now = clocks();
    return Math.max(0, Math.floor(Math.max(now.steady - then.steady, now.wall - then.wall) / 1000));
  };

  // Shows one card and returns what a person who does not see it should hear.
  function showCard(card, left) {
    const known = left !== undefined;
    const part = (name) => card.querySelector(`[data-${name}]`);
    const before = { full: !part("full").hidden, over: !part("over").hidden };
    part("over").hidden = known;
    part("full").hidden = !known || left > 0;
    part("choose").hidden = !known || left <= 0;
    if (known) {
      const capacity = Number(card.dataset.capacity);
      part("left").textContent = fill(texts.left, { left, capacity });
      card.querySelector(".meter rect").setAttribute("width", (100 * (capacity - left)) / capacity);
    }
    const said = (text) => fill(text, { when: card.dataset.when });
    if (!part("full").hidden && !before.full) return [said(texts.now_full)];
    return !part("over").hidden && !before.over ? [said(texts.now_over)] : [];
  }

  function showAge() {
    if (refusal) age.textContent = refusal;
    else if (asked) {
      const seconds = secondsSince(asked);
      age.textContent = fill(seconds > STALE_AFTER ? texts.stale : texts.age, { seconds });
    }
  }

  async function ask() {
    clearTimeout(timer);
    const sent = clocks();
    try {
      const answer = await fetch(age.dataset.poll, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout ? AbortSignal.timeout(8000) : undefined,
      });
      const told = await answer.json();
      refusal = told.ok || answer.status >= 500 ? "" : told.sentence;
      if (told.ok) {
        asked = sent;
        const changes = cards.flatMap((card) => showCard(card, told.left[card.dataset.sitting]));
        if (changes.length) news.textContent = changes.join(" ");
      }
    } catch (lost) {
      // Nothing to do: the age keeps growing on the page, and the next question comes by itself.
    }
    showAge();
    // A little disorder keeps a hall full of phones from asking at the same instant after an outage.
    if (!document.hidden) timer = setTimeout(ask, EVERY + Math.random() * 500);
  }

  setInterval(showAge, 1000);
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));
  window.addEventListener("online", ask);
  ask();
})();
