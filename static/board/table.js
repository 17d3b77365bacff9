// Rule: one element per candidate for as long as the page lives; only text that changed is written and
// only rows out of place are moved, so a busy hour costs no more than it tells.

import { fill } from '../common/words.js';
import { standing } from './standing.js';
import { ago, left } from './words.js';

export class Table {
  /** `states(standing)` gives word and icon of a standing, as every page shows them. */
  constructor(body, template, words, states, { items, attempts }) {
    Object.assign(this, { body, template, words, states, items, attempts });
    this.views = new Map();
  }

  /** Show what a row says now; its element is made at the first telling. */
  put(row, now) {
    let view = this.views.get(row.id);
    if (!view) this.views.set(row.id, view = this.make(row));
    write(view.name, row.name);
    write(view.sitting, row.sitting_label);
    write(view.device, row.device);
    this.check(view, row, now);
    write(view.answered, fill(this.words.answered, { n: row.answered, all: this.items }));
    if (view.bar.value !== row.answered) view.bar.value = row.answered;
    this.age(row, now);
  }

  /** How the candidate's device did when it was checked last. */
  check(view, row, now) {
    const found = row.check || 'none';
    if (view.found !== found) view.check.replaceChildren(this.states(`check-${view.found = found}`));
    if (row.checked_at) view.check.title = fill(this.words.checked, { t: ago(this.words, row.checked_at, now) });
  }

  /** What passing time alone changes in a row; true when it stands differently now. */
  age(row, now) {
    const view = this.views.get(row.id);
    write(view.saved, ago(this.words, row.saved_at, now));
    write(view.contact, ago(this.words, row.contact_at, now));
    write(view.left, left(this.words, row, now));
    const stands = standing(row, now);
    if (view.stands === stands) return false;
    view.stands = view.el.dataset.standing = stands;
    view.standing.replaceChildren(this.states(stands));
    return true;
  }

  /** Exactly these rows, in this order. */
  show(rows) {
    const wanted = new Set(rows.map((row) => this.views.get(row.id).el));
    for (const el of [...this.body.children]) if (!wanted.has(el)) el.remove();
    let here = this.body.firstElementChild;
    for (const el of wanted) {
      if (here && here !== el && here.nextElementSibling === el) {
        const early = here; // one row sank: take it out and everything behind it is in place again
        here = el;
        early.remove();
      }
      if (here === el) here = el.nextElementSibling;
      else this.body.insertBefore(el, here);
    }
  }

  make(row) {
    const el = this.template.content.firstElementChild.cloneNode(true);
    el.querySelector('.c-name a').href = this.attempts + row.id;
    el.querySelector('.c-sitting a').href = `${this.attempts}sitting/${row.sitting}`;
    const text = (selector) => el.querySelector(selector).appendChild(document.createTextNode(''));
    return {
      el, name: text('.c-name a'), sitting: text('.c-sitting a'), device: text('.dev'), check: el.querySelector('.checked'),
      standing: el.querySelector('.c-standing'), bar: el.querySelector('progress'), answered: text('.num'),
      saved: text('.c-saved .val'), contact: text('.c-contact .val'), left: text('.c-left .val'), stands: null,
    };
  }
}

function write(node, text) {
  if (node.data !== text) node.data = text;
}
