// Rule: search, sitting, order and headings only change the view; they never touch a row.

import { fill } from '../common/words.js';
import { isFiltered, unfiltered } from './view.js';

const at = (id) => document.getElementById(id);

export class Tools {
  /** `onView(view)` hears each wish of the proctor; `shown()` gives the ids of all rows that pass the filters. */
  constructor(words, onView, selection, shown) {
    Object.assign(this, { words, onView, view: null, known: '', heads: new Map() });
    at('all').addEventListener('click', () => selection.add(shown()));
    at('nobody').addEventListener('click', () => selection.clear());
    at('group').addEventListener('change', () => this.wish({ group: at('group').value }));
    at('tools').addEventListener('submit', (event) => event.preventDefault());
    at('q').addEventListener('input', () => this.wish({ q: at('q').value.trim() }));
    at('sitting').addEventListener('change', () => this.wish({ sitting: at('sitting').value }));
    at('sort').addEventListener('change', () => this.wish({ sort: at('sort').value, down: false }));
    at('clear').addEventListener('click', () => { onView(unfiltered(this.view)); at('q').focus(); });
  }

  /** What stands at the top of a column: a button that sorts, or a word. */
  head(name) {
    const made = document.querySelector(`[data-head="${name}"]`).content.cloneNode(true);
    const sorters = [...made.querySelectorAll('[data-sort]')];
    for (const button of sorters) button.addEventListener('click', () => this.turn(button.dataset.sort));
    const box = document.createElement('div');
    box.className = 'heads';
    box.append(made);
    this.heads.set(name, sorters);
    setTimeout(() => this.arrows());
    return box;
  }

  /** Tell at each heading whether, and which way, it sorts. */
  arrows() {
    if (!this.view) return;
    for (const button of [...this.heads.values()].flat()) {
      const sorts = button.dataset.sort === this.view.sort;
      button.classList.toggle('sorts', sorts);
      button.classList.toggle('is-down', sorts && this.view.down);
      const column = button.closest('[role=columnheader]');
      if (!column) continue;
      const sorter = [...column.querySelectorAll('[data-sort]')].some((one) => one.dataset.sort === this.view.sort);
      column.setAttribute('aria-sort', sorter ? (this.view.down ? 'descending' : 'ascending') : 'none');
    }
  }

  /** How many are chosen, and what can be done about it. */
  choose(n, shown) {
    at('acts').hidden = n === 0;
    const chosen = fill(this.words.chosen, { n });
    if (at('chosen').textContent !== chosen) at('chosen').textContent = n ? chosen : '';
    at('all').textContent = fill(this.words.choose_all, { n: shown });
    at('all').hidden = shown === 0;
  }

  wish(change) {
    this.onView({ ...this.view, ...change });
  }

  /** A heading pressed again turns its order round. */
  turn(sort) {
    this.wish({ sort, down: this.view.sort === sort && !this.view.down });
  }

  show(view, shown, all, chosen) {
    this.view = view;
    this.choose(chosen, shown);
    if (at('q').value.trim() !== view.q) at('q').value = view.q;
    at('sitting').value = view.sitting;
    at('sort').value = view.sort;
    at('group').value = view.group;
    at('clear').hidden = !isFiltered(view);
    const count = fill(this.words.count, { n: shown, all });
    if (at('count').textContent !== count) at('count').textContent = count;
    this.arrows();
  }

  /** The sittings that rows name, each with how many candidates it has. */
  offer(rows, order) {
    const sittings = new Map();
    for (const row of rows) {
      const known = sittings.get(row.sitting) || { label: row.sitting_label, n: 0 };
      sittings.set(row.sitting, { label: row.sitting_label, n: known.n + 1 });
    }
    const offered = [...sittings].sort(([, a], [, b]) => order.compare(a.label, b.label));
    const told = JSON.stringify(offered);
    if (told === this.known) return;
    this.known = told;
    const options = offered.map(([id, facts]) => new Option(fill(this.words.session, facts), id));
    at('sitting').replaceChildren(at('sitting').options[0], ...options);
  }
}
