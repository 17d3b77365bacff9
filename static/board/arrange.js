// Rule: which rows are shown and in which order. What has no value goes last in either direction; ties are
// settled by name and then by id, so that no row moves without a reason.

import { counts, urgency } from './standing.js';

const NUMBERS = {
  standing: urgency,
  name: (row) => row.place,
  answered: (row) => row.answered,
  saved: (row) => row.saved_at,
  contact: (row) => row.contact_at,
  left: (row) => (row.finalised_at === null ? row.deadline_at : null),
  incidents: (row) => (row.incidents ? -row.incidents : null),
  messages: (row) => (row.unseen ? -row.unseen : null),
};
const TEXTS = { sitting: 'sitting_label', device: 'device', kecamatan: 'kecamatan' };

const folded = (text) => text.toLocaleLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');

/** Give every row its place by name and its words for the search; needed again only when rows or names are new. */
export function settle(rows, order) {
  const sorted = [...rows].sort((a, b) => order.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
  sorted.forEach((row, place) => {
    row.place = place;
    row.words = folded(`${row.name} ${row.number || ''} ${row.kecamatan || ''}`);
  });
}

/** Texts as numbers: one look at each different text instead of one at each comparison. */
function ranks(rows, field, order) {
  const known = [...new Set(rows.map((row) => row[field]))].filter(Boolean).sort(order.compare);
  return new Map(known.map((text, place) => [text, place]));
}

function keyOf(rows, sort, order) {
  const field = TEXTS[sort];
  if (!field) return NUMBERS[sort] || NUMBERS.standing;
  const rank = ranks(rows, field, order);
  return (row) => rank.get(row[field]) ?? null;
}

/** True when a row passes the filters of `view` {sitting, tile} and has every one of the folded `parts`. */
function passes(row, view, parts, now) {
  if (view.sitting && row.sitting !== view.sitting) return false;
  if (view.tile && !counts(view.tile, row, now)) return false;
  return parts.every((part) => row.words.includes(part));
}

/** The rows that pass the filters of `view`, in its order {group, sort, down}; `settle` came before. */
export function arrange(rows, view, now, order) {
  const parts = folded(view.q).split(/\s+/).filter(Boolean);
  const shown = rows.filter((row) => passes(row, view, parts, now));
  const group = view.group ? keyOf(shown, view.group, order) : () => 0;
  const key = keyOf(shown, view.sort, order);
  const sign = view.down ? -1 : 1;
  const keyed = shown.map((row) => ({ row, group: group(row), key: key(row, now) }));
  keyed.sort((a, b) => compare(a.group, b.group, 1) || compare(a.key, b.key, sign) || a.row.place - b.row.place);
  return keyed.map(({ row }) => row);
}

function compare(a, b, sign) {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return sign * (a - b);
}
