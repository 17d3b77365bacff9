// Rule: the page Seleksi Mitra. Rows come in through the feed and are painted where they stand at most once per frame;
// once a second time itself is painted, and rows find their places. Nothing here decides anything about an exam.

import { ServerClock } from '../common/clock.js';
import { Acts } from './acts.js';
import { arrange, settle } from './arrange.js';
import { Cells } from './cells.js';
import { Feed } from './feed.js';
import { Freshness } from './freshness.js';
import { Grid } from './grid.js';
import { Groups } from './groups.js';
import { Keys } from './keys.js';
import { Photos } from './photos.js';
import { Progress } from './progress.js';
import { Selection } from './selection.js';
import { tally } from './standing.js';
import { Steady } from './steady.js';
import { Tiles } from './tiles.js';
import { Tools } from './tools.js';
import { keepView, readView } from './view.js';

const at = (id) => document.getElementById(id);
const brought = (id) => JSON.parse(at(id).textContent);
const facts = brought('board-facts'), words = brought('board-words');
for (const option of document.querySelectorAll('#act [name=kind] option')) words[`incident_${option.value}`] = option.text;
const copy = (selector) => document.querySelector(selector).content.firstElementChild.cloneNode(true);
const states = (kind) => copy(`[data-state="${kind}"]`);

const names = new Intl.Collator(facts.language, { numeric: true });
const hour = new Intl.DateTimeFormat(facts.language, {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false, timeZone: facts.zone,
});
const clock = new ServerClock(() => feed && feed.check());
const cells = new Cells(words, states, facts, facts.items);
const groups = new Groups(words, () => steady.force());
const photos = new Photos(facts.photo);
const selection = new Selection(() => { grid.remark(); tools.choose(selection.size, shown.length); });
const grid = new Grid(at('rows'), {
  cells, facts: (id) => feed.rows.get(id), clock: () => clock.now(), mark, head: (name) => tools.head(name),
  part: (name) => copy(`[data-cell="${name}"]`), group: (element, name) => groups.form(element, name), onRest: rest,
});
const steady = new Steady(grid, place);
const tools = new Tools(words, choose, selection, () => shown.map((row) => row.id));
const tiles = new Tiles(at('tiles'), at('tile'), states, (tile) => choose({ ...view, tile: view.tile === tile ? '' : tile }));
const freshness = new Freshness(words, `/login?next=${encodeURIComponent(location.pathname)}`);
let feed = null, view = readView();
let shown = [], laid = [], places = new Map(), due = false, unsettled = true;

const keys = new Keys(grid, selection, {
  order: () => laid.filter((id) => !id.startsWith('group:')), place: (id) => places.get(id) ?? 0, search: at('q'),
  open: (id) => location.assign(facts.candidate + id),
});

function hear({ changed, gone }) {
  unsettled ||= gone.length > 0 || changed.some((id) => feed.rows.get(id).place === undefined);
  selection.remove(gone);
  if (at('loading').hidden) steady.want();
  else steady.force(); // the first rows wait for nothing
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; grid.paint(clock.now()); });
}

function choose(wanted) {
  view = wanted;
  keepView(view);
  steady.force();
}

/** Everything that follows from which rows there are and how they stand. */
function place() {
  const now = clock.now(), all = [...feed.rows.values()], loaded = feed.asOf !== null;
  if (unsettled) settle(all, names);
  unsettled = false;
  shown = arrange(all, view, now, names);
  lay(groups.lay(shown, view.group, now));
  tools.offer(all, names);
  tools.show(view, shown.length, all.length, selection.size);
  if (loaded) tiles.show(tally(all, view.sitting, now), view.tile);
  at('loading').hidden = loaded;
  at('empty').hidden = !loaded || all.length > 0;
  at('none').hidden = all.length === 0 || shown.length > 0;
  at('rows').hidden = shown.length === 0;
}

function lay(wanted) {
  const moved = wanted.length !== laid.length || wanted.some((id, n) => id !== laid[n]);
  laid = wanted;
  if (moved) places = new Map(laid.map((id, n) => [id, n]));
  at('rows').hidden = laid.length === 0;
  if (moved) grid.show(laid);
  if (moved && grid.atRest) setTimeout(rest);
}

/** How a row looks because of the proctor: chosen, under the cursor, a bar with its counts. */
function mark(element) {
  if (element.grouped) return groups.tell(element);
  const id = element.viewed.row.id, chosen = selection.has(id);
  if (element.viewed.chosen !== chosen) element.setAttribute('aria-selected', String(element.viewed.chosen = chosen));
  return element.classList.toggle('is-cursor', keys.cursor === id);
}

function rest() {
  steady.turn();
  photos.look(grid.inSight);
  grid.offer(keys.cursor);
}

function tick() {
  feed.beat();
  const now = clock.now();
  grid.paint(now);
  steady.want();
  if (grid.atRest) photos.look(grid.inSight); // of rows that got a face meanwhile
  if (feed.asOf !== null) at('hour').textContent = `${hour.format(now)} ${facts.zone_name}`;
  freshness.show(feed, [...feed.rows.values()], now);
}

/** A press on the first cell chooses; with shift, everybody between. */
function press(event) {
  const element = event.target.closest('.tabulator-row');
  if (!element || !element.viewed || !event.target.closest('.c-pick')) return;
  const id = element.viewed.row.id;
  if (event.shiftKey) selection.reach(id, shown.map((row) => row.id));
  else selection.toggle(id);
}

feed = new Feed(facts, clock, hear);
at('rows').addEventListener('click', press);
new Acts(words, facts.acts, () => [...selection.ids], () => feed.check());
new Progress(at('progress'), words, facts);
setInterval(tick, 1000);
window.addEventListener('hashchange', () => choose(readView()));
tick();
