// Rule: what a row says, field by field, each in the page's own words. Only what reads differently is written, so a
// row that is told the same again costs nothing in the page.

import { fill } from '../common/words.js';
import { standing } from './standing.js';
import { ago, left, ledger } from './words.js';

const TEXTS = {
  name: (row) => row.name,
  number: (row) => row.number || '',
  sitting: (row) => row.sitting_label,
  kecamatan: (row) => row.kecamatan || '',
  answered: (row, w, now, items) => fill(w.answered, { n: row.answered, all: items }),
  flagged: (row, w) => (row.flagged ? fill(w.flagged, { n: row.flagged }) : ''),
  saved: (row, w, now) => ago(w, row.saved_at, now),
  contact: (row, w, now) => ago(w, row.contact_at, now),
  left: (row, w, now) => left(w, row, now),
  ledger: (row, w) => ledger(w, row),
  device: (row) => row.device || '',
  takeovers: (row, w) => (row.takeovers ? fill(w.takeovers, { n: row.takeovers }) : ''),
  incidents: (row, w) => incidents(row, w),
  messages: (row, w) => messages(row, w),
  away: (row, w) => (row.away ? fill(w.away, { n: row.away }) : ''),
};

function incidents(row, words) {
  if (!row.incidents) return '';
  return fill(words.incidents, { n: row.incidents, kind: words[`incident_${row.incident_kind}`] || '' });
}

function messages(row, words) {
  if (!row.messages) return '';
  return fill(row.unseen ? words.messages_unseen : words.messages_seen, { n: row.unseen || row.messages });
}

/** What says nothing when the text beside or in it is blank. */
const BESIDE = '.lbl, .trouble';

export class Cells {
  /** `states(kind)` gives word and icon as every page shows them; `links` {candidate, sitting} are address stems. */
  constructor(words, states, links, items) {
    Object.assign(this, { words, states, links, items });
  }

  /** A row's element has just been made. */
  make(element, row) {
    const texts = new Map();
    for (const node of element.querySelectorAll('[data-put]')) {
      const blanks = [node, node.previousElementSibling, node.parentNode].filter((one, n) => n === 0 || (one && one.matches(BESIDE)));
      texts.set(node.dataset.put, { node: node.appendChild(document.createTextNode('')), blanks });
      for (const one of blanks) one.classList.add('is-blank');
    }
    const part = (name) => element.querySelector(`[data-part=${name}]`);
    const view = { texts, bar: part('bar'), standing: part('standing'), check: part('check'), element, row };
    const [who, where] = [part('who'), part('where')];
    if (who) who.href = this.links.candidate + row.id;
    if (where) where.href = this.links.sitting + row.sitting;
    element.id = `row-${row.id}`;
    element.setAttribute('aria-selected', 'false');
    element.viewed = view;
    return view;
  }

  /** Write what `row` says now into its element. */
  paint(view, now) {
    const { row, texts, element, bar } = view;
    for (const [name, { node, blanks }] of texts) {
      const text = TEXTS[name](row, this.words, now, this.items);
      if (node.data === text) continue;
      if (!node.data !== !text) for (const one of blanks) one.classList.toggle('is-blank', !text);
      node.data = text;
    }
    if (bar && bar.value !== row.answered) bar.value = row.answered;
    const stands = standing(row, now), check = row.check || 'none';
    if (view.stands !== stands) {
      view.stands = element.dataset.standing = stands;
      view.standing.replaceChildren(this.states(stands));
    }
    if (view.checked !== check) view.check.replaceChildren(this.states(`check-${view.checked = check}`));
    if (view.pictured && !row.photo) element.querySelector('.face').replaceChildren();
    view.pictured = row.photo;
    if (view.troubled !== row.incidents > 0) element.toggleAttribute('data-incident', view.troubled = row.incidents > 0);
    if (view.unseen !== row.unseen > 0) element.toggleAttribute('data-unseen', view.unseen = row.unseen > 0);
  }
}
