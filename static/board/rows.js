// Rule: a row is replaced by one that is not older, so frames may be lost, repeated or reordered.
// Age is the revision; between equal revisions (a phase may turn by time alone) the later telling wins.

/**
 * Merge rows as the server told them into `map` (id -> row); `toldAt` is the server's `now` of that telling.
 * Returns the ids whose row was replaced.
 */
export function merge(map, rows, toldAt = 0) {
  const replaced = [];
  for (const row of rows) {
    const shown = map.get(row.id);
    if (shown && isOlder(row.rev, toldAt, shown)) continue;
    map.set(row.id, { ...row, toldAt });
    replaced.push(row.id);
  }
  return replaced;
}

function isOlder(rev, toldAt, shown) {
  return rev < shown.rev || (rev === shown.rev && toldAt < (shown.toldAt || 0));
}
