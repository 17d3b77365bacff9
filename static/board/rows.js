// Rule: a row is replaced by one that is not older, so frames may be lost, repeated or reordered.
// Age is the revision; between equal revisions (a phase may turn by time alone) the later telling wins.

/** Rows as the server sends them (arrays in the order of `columns`) as objects. */
export const named = (columns, rows) => rows.map((row) => {
  const made = {};
  for (let place = 0; place < columns.length; place += 1) made[columns[place]] = row[place];
  return made;
});

/**
 * Merge rows into `map` (id -> row); `toldAt` is the server's `now` of that telling. A row that is known
 * already stays the same object, so whoever holds it holds the newest facts. Returns the ids that were replaced.
 */
export function merge(map, rows, toldAt = 0) {
  const replaced = [];
  for (const row of rows) {
    const shown = map.get(row.id);
    if (shown && isOlder(row.rev, toldAt, shown)) continue;
    if (shown) renew(shown, row, toldAt);
    else map.set(row.id, { ...row, toldAt });
    replaced.push(row.id);
  }
  return replaced;
}

/** Take out what a whole snapshot told at `toldAt` does not name; what was told later stays. Returns the ids. */
export function prune(map, rows, toldAt) {
  const named = new Set(rows.map((row) => row.id));
  const gone = [];
  for (const [id, row] of map) if (!named.has(id) && row.toldAt < toldAt) gone.push(id);
  for (const id of gone) map.delete(id);
  return gone;
}

/** Who is called differently now has lost its place by name, and its words for the search. */
function renew(shown, row, toldAt) {
  if (shown.name !== row.name || shown.kecamatan !== row.kecamatan) delete shown.place;
  Object.assign(shown, row).toldAt = toldAt;
}

function isOlder(rev, toldAt, shown) {
  return rev < shown.rev || (rev === shown.rev && toldAt < (shown.toldAt || 0));
}
