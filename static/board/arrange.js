// Rule: which rows are shown and in which order. What has no value goes last in either direction;
// ties are settled by name and then by id, so that no row moves without a reason.

import { STANDINGS, standing, tileOf } from './standing.js';

const RANK = new Map(STANDINGS.map((word, place) => [word, place]));

const KEYS = {
  standing: (row, now) => RANK.get(standing(row, now)),
  name: (row) => row.name,
  sitting: (row) => row.sitting_label,
  answered: (row) => row.answered,
  saved: (row) => row.saved_at,
  contact: (row) => row.contact_at,
  left: (row) => (row.finalised_at === null ? row.deadline_at : null),
  device: (row) => row.device || null,
};

const folded = (text) => text.toLocaleLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');

/** True when a row passes the filters of `view` {sitting, tile} and has every one of the folded `parts`. */
function passes(row, view, parts, now) {
  if (view.sitting && row.sitting !== view.sitting) return false;
  if (view.tile && tileOf(standing(row, now)) !== view.tile) return false;
  if (parts.length === 0) return true;
  const name = folded(row.name);
  return parts.every((part) => name.includes(part));
}

/** The rows that pass the filters of `view` {q, sitting, tile}, in its order {sort, down}; `order` collates. */
export function arrange(rows, view, now, order) {
  const key = KEYS[view.sort] || KEYS.standing;
  const parts = folded(view.q).split(/\s+/).filter(Boolean);
  const keyed = [];
  for (const row of rows) if (passes(row, view, parts, now)) keyed.push([key(row, now), row]);
  const sign = view.down ? -1 : 1;
  keyed.sort(([a, one], [b, other]) => (
    compare(a, b, order, sign) || order.compare(one.name, other.name) || (one.id < other.id ? -1 : 1)
  ));
  return keyed.map(([, row]) => row);
}

function compare(a, b, order, sign) {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return sign * (typeof a === 'string' ? order.compare(a, b) : a - b);
}
