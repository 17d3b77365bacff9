// Rule: time that was lost in an outage, and that nobody has given back yet, stands above the board as a proposal: whom it
// struck, from what evidence, and one button that gives it back. It is asked for again and again, because an outage is
// measured only when it is over; an answer that does not come leaves what is shown.

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
  const link = made('a', fill(words.offer, offer));
  link.href = offer.page;
  const item = document.createElement('li');
  item.append(link, made('p', offer.evidence), people(offer), giving(offer));
  return item;
}

function made(kind, text) {
  const one = document.createElement(kind);
  one.textContent = text;
  return one;
}

function people(offer) {
  const rest = offer.count - offer.people.length;
  const names = offer.people.map((one) => made('li', `${one.name}: ${one.time}`));
  if (rest > 0) names.push(made('li', `+ ${rest}`));
  const list = document.createElement('ul');
  list.className = 'offer-people';
  list.append(...names);
  return list;
}

// An ordinary form: the answer is the page of the sitting, where it stands that it was given.
function giving(offer) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = offer.grant;
  const csrf = document.querySelector('meta[name=csrf]').content;
  for (const [name, value] of Object.entries({ csrf, outage: offer.outage })) {
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name, value });
    form.append(field);
  }
  const button = made('button', offer.button);
  button.className = 'btn btn-primary';
  form.append(button);
  return form;
}

ask();
