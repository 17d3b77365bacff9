// Rule: the page Seleksi Mitra. Rows come in through the feed, are merged, and are drawn at most once per
// frame; once a second time itself is drawn. Nothing here decides anything about an exam.

import { ServerClock } from '../common/clock.js';
import { arrange } from './arrange.js';
import { Feed } from './feed.js';
import { Freshness } from './freshness.js';
import { merge } from './rows.js';
import { tally } from './standing.js';
import { Table } from './table.js';
import { Tiles } from './tiles.js';
import { Tools } from './tools.js';
import { keepView, readView } from './view.js';

const at = (id) => document.getElementById(id);
const brought = (id) => JSON.parse(at(id).textContent);
const facts = brought('board-facts'), words = brought('board-words');
const states = (kind) => document.querySelector(`[data-state="${kind}"]`).content.firstElementChild.cloneNode(true);

const rows = new Map();
const clock = new ServerClock(() => feed && feed.check());
const names = new Intl.Collator(facts.language, { numeric: true });
const hour = new Intl.DateTimeFormat(facts.language, {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false, timeZone: facts.zone,
});
const table = new Table(at('rows'), at('row'), words, states, facts);
const tools = new Tools(words, choose);
const tiles = new Tiles(at('tiles'), at('tile'), states, (tile) => choose({ ...view, tile: view.tile === tile ? '' : tile }));
const freshness = new Freshness(words, `/login?next=${encodeURIComponent(location.pathname)}`);
let feed = null;
let view = readView();
let due = false;

function hear(told, toldAt) {
  const now = clock.now();
  for (const id of merge(rows, told, toldAt)) table.put(rows.get(id), now);
  soon();
}

function choose(wanted) {
  view = wanted;
  keepView(view);
  soon();
}

function soon() {
  if (due) return;
  due = true;
  requestAnimationFrame(draw);
}

function draw() {
  due = false;
  const now = clock.now(), all = [...rows.values()], loaded = feed.asOf !== null;
  const shown = arrange(all, view, now, names);
  table.show(shown);
  tools.offer(all, names);
  tools.show(view, shown.length, all.length);
  if (loaded) tiles.show(tally(all, view.sitting, now), view.tile);
  at('loading').hidden = loaded;
  at('empty').hidden = !loaded || all.length > 0;
  at('none').hidden = all.length === 0 || shown.length > 0;
}

function tick() {
  feed.beat();
  const now = clock.now();
  let moved = false;
  for (const row of rows.values()) moved = table.age(row, now) || moved;
  if (moved) soon();
  if (feed.asOf !== null) at('hour').textContent = `${hour.format(now)} ${facts.zone_name}`;
  freshness.show(feed, [...rows.values()], now);
}

feed = new Feed(facts, clock, hear);
setInterval(tick, 1000);
window.addEventListener('hashchange', () => choose(readView()));
tick();
