// Rule: rows of one kecamatan may stand under a bar that counts them; a bar can be folded, and folding hides rows
// but takes nobody out of what is shown or counted.

import { fill } from '../common/words.js';
import { standing } from './standing.js';

/** What a group is called by: candidates of one sitting share its label. */
const CALLED = { kecamatan: 'kecamatan', sitting: 'sitting_label' };

export class Groups {
  /** `onFold()` hears that a bar was folded or unfolded. */
  constructor(words, onFold) {
    Object.assign(this, { words, onFold, folded: new Set(), counts: new Map() });
  }

  /** Ids of rows with a `group:<name>` before each group; `rows` are arranged by it already. */
  lay(rows, field, now) {
    this.counts.clear();
    if (!field) return rows.map((row) => row.id);
    const laid = [];
    for (const row of rows) {
      const name = row[CALLED[field]] || '';
      if (!this.counts.has(name)) {
        this.counts.set(name, { n: 0, lost: 0 });
        laid.push(`group:${name}`);
      }
      const count = this.counts.get(name);
      count.n += 1;
      if (standing(row, now) === 'lost') count.lost += 1;
      if (!this.folded.has(name)) laid.push(row.id);
    }
    return laid;
  }

  /** Fill a row's element as the bar of a group. */
  form(element, name) {
    const cell = document.createElement('div'), button = document.createElement('button');
    cell.setAttribute('role', 'gridcell');
    cell.className = 'group-cell';
    button.type = 'button';
    button.className = 'group-bar';
    button.addEventListener('click', () => this.turn(name));
    cell.append(button);
    element.replaceChildren(cell);
    element.classList.add('is-group');
    element.grouped = { name, button };
    this.tell(element);
  }

  /** Write the counts of the bar as they are now. */
  tell(element) {
    const { name, button } = element.grouped, count = this.counts.get(name);
    if (!count) return;
    const pattern = count.lost ? this.words.group_lost : this.words.group;
    const text = fill(pattern, { name: name || this.words.no_group, ...count });
    if (button.textContent !== text) button.textContent = text;
    button.setAttribute('aria-expanded', String(!this.folded.has(name)));
  }

  turn(name) {
    if (!this.folded.delete(name)) this.folded.add(name);
    this.onFold();
  }
}
