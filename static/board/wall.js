// Rule: what a projector shows: how many, how it goes, what time it is and how old the numbers are; nobody's name.

import { ServerClock } from '../common/clock.js';
import { Feed } from './feed.js';
import { Freshness } from './freshness.js';
import { Progress } from './progress.js';
import { tally, TILES } from './standing.js';

const at = (id) => document.getElementById(id);
const brought = (id) => JSON.parse(at(id).textContent);
const copy = (selector) => document.querySelector(selector).content.firstElementChild.cloneNode(true);
const facts = brought('board-facts'), words = brought('board-words');
const hour = new Intl.DateTimeFormat(facts.language, {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false, timeZone: facts.zone,
});

let feed = null;
const clock = new ServerClock(() => feed && feed.check());
const freshness = new Freshness(words, `/login?next=${encodeURIComponent(location.pathname)}`);
const numbers = new Map(TILES.map((tile) => {
  const sum = copy('#sum');
  sum.append(copy(`[data-state="${tile}"]`));
  sum.classList.toggle('is-bad', sum.querySelector('.state-bad') !== null);
  at('sums').append(sum);
  return [tile, sum];
}));

/** Once a second: numbers, clock and age. */
function tick() {
  feed.beat();
  const now = clock.now(), rows = [...feed.rows.values()];
  freshness.show(feed, rows, now);
  if (feed.asOf === null) return;
  at('hour').textContent = `${hour.format(now)} ${facts.zone_name}`;
  const sums = tally(rows, '', now);
  for (const [tile, sum] of numbers) {
    const number = sum.querySelector('.tile-n'), told = String(sums[tile]);
    if (number.textContent !== told) number.textContent = told;
    sum.classList.toggle('is-zero', sums[tile] === 0);
  }
}

feed = new Feed(facts, clock, () => {});
new Progress(at('progress'), words, facts);
setInterval(tick, 1000);
tick();
