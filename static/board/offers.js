// Rule: time that the server itself lost, and that nobody has given back yet, stands above the board as a proposal that
// leads to the sitting. It is asked for again and again, because an outage is measured only when it is over; an answer
// that does not come leaves what is shown.

import { fill } from '../common/words.js';

const EVERY = 30000, PATIENCE = 10000;
const box = document.getElementById('offers');
const list = box.querySelector('ul');
const words = JSON.parse(document.getElementById('board-words').textContent);
let known = '';

async function ask() {
  try {
    const answer = await fetch(box.dataset.at, {
      headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) show((await answer.json()).offers);
  } catch {
    // The board says itself that the server is not heard.
  }
  setTimeout(ask, EVERY);
}

function show(offers) {
  const told = JSON.stringify(offers);
  if (told === known) return;
  known = told;
  box.hidden = offers.length === 0;
  list.replaceChildren(...offers.map(line));
}

function line(offer) {
  const link = document.createElement('a');
  link.href = offer.page;
  link.textContent = fill(words.offer, offer);
  const item = document.createElement('li');
  item.append(link);
  return item;
}

ask();
