// Rule: search, sitting, order and headings only change the view; they never touch a row.

import { fill } from '../common/words.js';
import { isFiltered, unfiltered } from './view.js';

const at = (id) => document.getElementById(id);

export class Tools {
  /** `onView(view)` hears each wish of the proctor. */
  constructor(words, onView) {
    Object.assign(this, { words, onView, view: null, known: '' });
    at('tools').addEventListener('submit', (event) => event.preventDefault());
    at('q').addEventListener('input', () => this.wish({ q: at('q').value.trim() }));
    at('sitting').addEventListener('change', () => this.wish({ sitting: at('sitting').value }));
    at('sort').addEventListener('change', () => this.wish({ sort: at('sort').value, down: false }));
    at('clear').addEventListener('click', () => { onView(unfiltered(this.view)); at('q').focus(); });
    for (const head of document.querySelectorAll('[data-sort]')) {
      head.firstElementChild.addEventListener('click', () => this.turn(head.dataset.sort));
    }
  }

  wish(change) {
    this.onView({ ...this.view, ...change });
  }

  /** A heading pressed again turns its order round. */
  turn(sort) {
    this.wish({ sort, down: this.view.sort === sort && !this.view.down });
  }

  show(view, shown, all) {
    this.view = view;
    if (at('q').value.trim() !== view.q) at('q').value = view.q;
    at('sitting').value = view.sitting;
    at('sort').value = view.sort;
    at('clear').hidden = !isFiltered(view);
    const count = fill(this.words.count, { n: shown, all });
    if (at('count').textContent !== count) at('count').textContent = count;
    for (const head of document.querySelectorAll('[data-sort]')) {
      if (head.dataset.sort === view.sort) head.setAttribute('aria-sort', view.down ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
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
